"""Which unit has studied which document of the study list (S13). Facts and blanks, no order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count

from campaign.models.demands import ALL_UNITS
from seminars.models import Activity
from units.choices import UnitKind
from units.models import Unit
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign, StudyDocument
    from units.querysets import UnitQuerySet


@dataclass(frozen=True)
class UnitRow:
    """How many activities of the unit, and of those below it, studied each document."""

    unit: Unit
    counts: tuple[int, ...]
    documents: tuple[StudyDocument, ...]
    has_below: bool

    @property
    def cells(self) -> list[tuple[StudyDocument, int]]:
        return list(zip(self.documents, self.counts, strict=True))


@dataclass(frozen=True)
class StudyCoverage:
    documents: tuple[StudyDocument, ...]
    rows: tuple[UnitRow, ...]
    #: Documents that no unit of the table has studied.
    unstudied: tuple[str, ...]


def study_coverage(campaign: Campaign, user: User, within: Unit | None = None) -> StudyCoverage:
    """Units × documents for `within` and its children, else for the units the person sees.

    Three queries, whatever the number of units and documents.
    """
    documents = tuple(campaign.studydocuments.order_by("order"))
    units = list(_units(user, within))
    counts: Counter[tuple[str, int]] = Counter()
    studied = Activity.objects.visible_to(user).logged().in_campaign(campaign)
    pairs = studied.filter(study_documents__isnull=False).order_by()
    for path, document, count in pairs.values_list("unit__path", "study_documents").annotate(
        count=Count("pk")
    ):
        for end in range(Unit.steplen, len(path) + 1, Unit.steplen):
            counts[path[:end], document] += count
    rows = tuple(
        UnitRow(
            unit,
            tuple(counts[unit.path, document.pk] for document in documents),
            documents,
            unit.numchild > 0 and unit != within,
        )
        for unit in units
    )
    unstudied = tuple(
        document.title
        for at, document in enumerate(documents)
        if not any(row.counts[at] for row in rows)
    )
    return StudyCoverage(documents, rows, unstudied)


def _units(user: User, within: Unit | None) -> UnitQuerySet:
    units: UnitQuerySet = Unit.objects.visible_to(user).open()
    units = units.exclude(kind=UnitKind.WORKING_TEAM)
    if within is not None:
        return units.at_or_below(within).filter(depth__lte=within.depth + 1)
    if standing_of(user).sees_school:
        return units.of_kind(*sorted(ALL_UNITS))
    return units
