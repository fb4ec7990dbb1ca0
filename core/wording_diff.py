"""What changed between two wordings.

Chinese has no spaces to compare words by, so characters are compared; a run of digits or
Latin letters counts as one, because 2000→3000 reads better than a changed 2.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: An unchanged run between two changes that is shorter than this is shown as changed too:
#: a text sliced into single characters cannot be read.
SHORTEST_SAME = 2

_SIGN = re.compile(r"[0-9A-Za-z.%]+|.", re.DOTALL)

Kind = Literal["same", "del", "ins"]


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """Pieces in reading order; a deletion comes before the insertion that replaces it."""
    before, after = _SIGN.findall(old), _SIGN.findall(new)
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    pieces: list[Piece] = []
    gone = added = ""
    from_old = from_new = 0
    for block in blocks:
        gone += "".join(before[from_old : block.a])
        added += "".join(after[from_new : block.b])
        same = "".join(before[block.a : block.a + block.size])
        from_old, from_new = block.a + block.size, block.b + block.size
        if (gone or added) and 0 < len(same) < SHORTEST_SAME and from_old < len(before):
            gone += same
            added += same
            continue
        pieces += _pieces(gone, added, same)
        gone = added = ""
    return pieces


def _pieces(gone: str, added: str, same: str) -> list[Piece]:
    kinds: tuple[tuple[Kind, str], ...] = (("del", gone), ("ins", added), ("same", same))
    return [Piece(kind, text) for kind, text in kinds if text]
