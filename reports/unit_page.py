"""My unit: what it owes by when, what came back and why, what it did, where the blanks are.

Everything is computed from the records; nothing is scored or ranked (N7).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import DateField, OuterRef, Subquery, Value
from django.db.models.functions import Cast

from proposals.choices import PackageStatus, Status
from proposals.models import Proposal, StatusChange, SubmissionPackage
from seminars.coverage import Coverage, UnitBelow, coverage_of
from seminars.permissions import can_log
from seminars.services.files import UNIT_QUOTA_BYTES
from supervision.lines import Line, line
from supervision.obligations import of_units_below
from supervision.services.ladder import thresholds_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from accounts.models import User
    from campaign.models import Campaign
    from supervision.owing import Obligation
    from units.models import Unit


@dataclass(frozen=True)
class Returned:
    """Something sent back to the unit, with the reason given and the day it is wanted again."""

    title: str
    reason: str
    due_on: date | None
    route: str
    key: int


@dataclass(frozen=True)
class UnitPage:
    """`below` are the units directly below, in tree order, each with how much is still owed."""

    owed: tuple[Line, ...]
    met: tuple[Line, ...]
    returned: tuple[Returned, ...]
    coverage: Coverage
    below: tuple[tuple[UnitBelow, int], ...]
    space_in_all: int
    may_log: bool


def assemble_unit_page(
    unit: Unit, below: Sequence[Unit], campaign: Campaign, user: User, on: date
) -> UnitPage:
    """Everything `user` may see of the unit; the number of queries is the same for any unit."""
    known = of_units_below(campaign, unit, on)
    thresholds = thresholds_of(campaign)
    mine = [owed for owed in known if owed.unit == unit]
    coverage = coverage_of(unit, below, campaign, user)
    missing = _missing_below(unit, known)
    return UnitPage(
        owed=tuple(line(owed, thresholds, on) for owed in mine if not owed.is_met),
        met=tuple(line(owed, thresholds, on) for owed in mine if owed.is_met),
        returned=_returned(unit, campaign, user),
        coverage=coverage,
        below=tuple((row, missing[row.unit.path]) for row in coverage.below),
        space_in_all=UNIT_QUOTA_BYTES,
        may_log=can_log(user, unit),
    )


def _missing_below(unit: Unit, known: Iterable[Obligation]) -> Counter[str]:
    """Things still owed by path of the unit directly below, with those of the units under it."""
    open_ones = (owed.unit.path for owed in known if owed.unit and not owed.is_met)
    length = len(unit.path) + unit.steplen
    return Counter(path[:length] for path in open_ones if path != unit.path)


def _returned(unit: Unit, campaign: Campaign, user: User) -> tuple[Returned, ...]:
    """Packages and proposals sent back, with what the plan group said, in one query."""
    packages = SubmissionPackage.objects.visible_to(user).filter(
        campaign=campaign, unit=unit, status=PackageStatus.RETURNED
    )
    said = StatusChange.objects.filter(proposal=OuterRef("pk"), new=Status.RETURNED).order_by("-pk")
    proposals = Proposal.objects.visible_to(user).in_campaign(campaign).of_units([unit])
    no_day = Cast(Value(None), DateField())
    rows: QuerySet[Any] = packages.values_list(
        Value("报送材料"), "return_reason", no_day, Value("proposals:package"), "pk"
    ).union(
        proposals.filter(status=Status.RETURNED).values_list(
            "title",
            Subquery(said.values("note")[:1]),
            "return_due_on",
            Value("proposals:detail"),
            "pk",
        ),
        all=True,
    )
    return tuple(sorted((Returned(*row) for row in rows), key=_soonest))


def _soonest(returned: Returned) -> tuple[date, int]:
    return returned.due_on or date.max, returned.key
