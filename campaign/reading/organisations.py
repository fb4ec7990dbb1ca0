"""Names of departments, units and bodies: what looks like one, and lists of them."""

import re

from core.chinese_width import even_width

_SUFFIX = re.compile(
    r"(?:部|处|办|办公室|院|系|中心|馆|会|委|团|组|队|科|科室|室|所|社|总支|支部|单位|部门|部处|党委|学院|大学|学校"
    r"|组织|机关|机构|党校|班级|年级|集团|公司|分校|校区|医院|基地|党群|思政部|处室|局|厅|站|书院|小学|中学"
    r"|幼儿园|党小组|联合会|教研室|系部|两办|党办|校办|院办|工会|社区|街道|党工委|分会|支行|车间|镇政府|高中|学部|分院|专班|协会)$"
)
_KNOWN = frozenset(
    {"教工部", "宣传部", "组织部", "教务处", "各单位", "各部门", "全体教师", "各班主任"}
)
_SHORTEST, _LONGEST = 2, 40
_NOT_A_NAME = re.compile(
    r"[，。；：！？“”]|[0-9][年月日条篇次个]|^(?:以下简称|详见|见附|含|包括|如|即|不含)|的|和谐|等$"
)
_LABEL = re.compile(
    r"(?:(?:总)?(?:牵头|责任|负责|主办|承办|协办|配合|协助|协同|实施|主责|参与|参加|落实|完成|主管|组织|执行|参训)"
    r"(?:校领导|单位|部门|处室|科室|学院|组织|主体|机构|方|人|者)?"
    r"|(?:单位|部门))[：]"
)
_ROLE = re.compile(
    r"(?:总?牵头(?:负责|组织|落实)?|负责(?:落实|实施)?|主办|承办|协办|(?:协助)?配合|协助|参与|参加|落实|组织实施|具体负责)$"
)
_SPLIT = re.compile(r"[、，；/\s|]|(?<=[部处办院系团会心])(?:和|与|及|以及)(?=[\u4e00-\u9fff]{2})")


def looks_like_an_organisation(name: str) -> bool:
    """Short, unpunctuated, and ending as names of bodies do."""
    even = even_width(name).strip()
    return (
        _SHORTEST <= len(even) <= _LONGEST
        and (even in _KNOWN or _SUFFIX.search(re.sub(r"（[^（）]{1,20}）$", "", even)) is not None)
        and not _NOT_A_NAME.search(even)
    )


def read_organisations(text: str) -> tuple[str, ...]:
    """The names in 教工部、教务处 or 牵头单位：组织部；责任单位：各党总支, in order, once each.

    Empty unless at least half of the pieces look like organisations, so that ordinary
    words in brackets are not taken for departments.
    """
    even = even_width(text)
    labelled = _LABEL.search(even) is not None
    pieces = [_bare(piece) for piece in _pieces(text, even)]
    pieces = [piece for piece in pieces if piece]
    names = [piece for piece in pieces if looks_like_an_organisation(piece)]
    if not names or (not labelled and 2 * len(names) < len(pieces)):
        return ()
    return tuple(dict.fromkeys(names))


def _pieces(text: str, even: str) -> list[str]:
    pieces, start = [], 0
    blanked = _LABEL.sub(lambda match: "、" * len(match[0]), even)
    for match in _SPLIT.finditer(blanked):
        pieces.append(text[start : match.start()] if match.end() > start else "")
        start = match.end()
    pieces.append(text[start:])
    return [piece.strip() for piece in pieces]


def _bare(piece: str) -> str:
    """`piece` without a label before it or a role behind it (教务处牵头 → 教务处)."""
    even = even_width(piece)
    label = _LABEL.match(even)
    if label:
        piece, even = piece[label.end() :], even[label.end() :]
    role = _ROLE.search(even)
    if role and role.start() > 1:
        piece = piece[: role.start()]
    piece = piece.strip("。；;. \t")
    if piece.count("（") + piece.count("(") != piece.count("）") + piece.count(")"):
        piece = piece.strip("（）()")
    return piece.removeprefix("由").removesuffix("等")
