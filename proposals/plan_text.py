"""The plan's text version by version, and what each version changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.models import ClauseWording
from core.wording_diff import Piece, changes
from proposals.models import ClauseRevision

if TYPE_CHECKING:
    from campaign.models import Clause, PlanDocument


@dataclass(frozen=True)
class ClauseChange:
    """One clause in two versions of its document, and the proposals that brought the change."""

    clause: Clause
    old_text: str
    new_text: str
    numbers: list[str]

    @property
    def is_changed(self) -> bool:
        return self.old_text != self.new_text

    @property
    def old_pieces(self) -> list[Piece]:
        return [piece for piece in changes(self.old_text, self.new_text) if piece.kind != "ins"]

    @property
    def new_pieces(self) -> list[Piece]:
        return [piece for piece in changes(self.old_text, self.new_text) if piece.kind != "del"]


def texts_at(document: PlanDocument, version: int) -> dict[int, str]:
    """What each clause says in that version: its last wording up to then."""
    rows = ClauseWording.objects.filter(
        clause__document=document, version__number__lte=version
    ).order_by("version__number")
    return dict(rows.values_list("clause_id", "text"))


def compare_versions(document: PlanDocument, old: int, new: int) -> list[ClauseChange]:
    """Every clause of the document in both versions, in order; four queries."""
    before, after = texts_at(document, old), texts_at(document, new)
    numbers = _numbers(document, old, new)
    return [
        ClauseChange(
            clause, before.get(clause.pk, ""), after.get(clause.pk, ""), numbers[clause.pk]
        )
        for clause in document.clauses.order_by("order")
        if clause.pk in after
    ]


def _numbers(document: PlanDocument, old: int, new: int) -> dict[int, list[str]]:
    """Numbers of the proposals behind each clause's revisions after `old` up to `new`."""
    revisions = ClauseRevision.objects.filter(
        version__document=document, version__number__gt=old, version__number__lte=new
    ).order_by("version__number", "pk")
    numbers: dict[int, list[str]] = defaultdict(list)
    for clause, number in revisions.values_list("clause_id", "decision__proposal__number"):
        if clause is not None and number not in numbers[clause]:
            numbers[clause].append(number)
    return numbers
