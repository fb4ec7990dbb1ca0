"""Short words for long official ones."""

import re

_OPENING_VERBS = re.compile(
    r"^(?:坚持|落实|创新|提升|打造|推进|构建|建设|创建|加强|完善|深化|推动|强化|增强|优化|健全)(?=..)"
)
_LONGEST = 12


def short_theme(title: str) -> str:
    """A column head for a theme's full title, at most 12 characters.

    The clause that names the matter, without its opening verb: “提升信息化水平，建设智慧校园”
    becomes “信息化水平”. A first clause “以……” only says how, so the second one is taken.
    """
    clauses = [clause for clause in re.split(r"[，,；;。]", title) if clause]
    if not clauses:
        return ""
    clause = clauses[1] if clauses[0].startswith("以") and len(clauses) > 1 else clauses[0]
    short = _OPENING_VERBS.sub("", clause)
    return short if len(short) <= _LONGEST else f"{short[: _LONGEST - 1]}…"
