"""What changed between two wordings, by character: Chinese has no spaces to compare words by."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

#: An unchanged run between two changes that is shorter than this is shown as changed too:
#: a text sliced into single characters cannot be read.
SHORTEST_SAME = 2

Kind = Literal["same", "del", "ins"]


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """Pieces in reading order; a deletion comes before the insertion that replaces it."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    gone = added = ""
    pieces: list[Piece] = []
    blocks = matcher.get_matching_blocks()
    old_at = new_at = 0
    for block in blocks:
        gone += old[old_at : block.a]
        added += new[new_at : block.b]
        same = old[block.a : block.a + block.size]
        old_at, new_at = block.a + block.size, block.b + block.size
        is_last = block is blocks[-1]
        if (gone or added) and len(same) < SHORTEST_SAME and not is_last:
            gone += same
            added += same
            continue
        pieces += _pieces(gone, added, same)
        gone = added = ""
    return pieces


def _pieces(gone: str, added: str, same: str) -> list[Piece]:
    kinds: tuple[tuple[Kind, str], ...] = (("del", gone), ("ins", added), ("same", same))
    return [Piece(kind, text) for kind, text in kinds if text]
