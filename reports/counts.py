"""The records of one scope up to the end of one day, counted: each figure by one query.

An activity counts from the day it was held, an opinion from the day it was raised, a proposal
from its submission, an answer from its publication. What was withdrawn or is still a draft
never counts.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce, Substr, TruncDate
from django.utils import timezone

from campaign.models import AudienceGroup, Campaign, OfferedKind, Phase, Theme
from outcomes.choices import MeasureStatus
from outcomes.models import Measure, Outcome
from proposals.choices import Status
from proposals.models import ClauseRevision, Proposal, StatusChange
from reports.facts import Figure
from seminars.choices import ActivityStatus
from seminars.models import Activity, Opinion, Problem
from supervision import obligations
from supervision.owing import Obligation
from units.choices import UnitKind
from units.models import Headcount, Unit

#: Units that appear as rows; a working body's records count for the unit above it.
ROW_KINDS = frozenset(
    {
        UnitKind.DEPARTMENT,
        UnitKind.GRASSROOTS_COMMITTEE,
        UnitKind.GENERAL_BRANCH,
        UnitKind.BRANCH,
    }
)
#: What became of a proposal that has no published decision.
MERGED, RETURNED, WAITING = "merged", "returned", "waiting"

#: One line of a grouped count: the group's columns, and `n`.
Line = dict[str, Any]


def end_of(day: date) -> datetime:
    """The first moment that no longer belongs to `day`."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


@dataclass(frozen=True)
class Counts:
    """Counts of the whole campaign, of `unit` and all below it, or of `theme`.

    With `since`, only what was held, raised, submitted or achieved from that day on; measures
    have no such day. Every attribute runs its query when first asked for and remembers the answer.
    """

    campaign: Campaign
    as_of: date
    today: date
    unit: Unit | None = None
    theme: Theme | None = None
    since: date | None = None

    # --- What is in scope ---------------------------------------------------------------

    @cached_property
    def _end(self) -> datetime:
        return end_of(self.as_of)

    @cached_property
    def week_ago_on(self) -> date:
        return self.as_of - timedelta(days=7)

    @cached_property
    def _week_ago_end(self) -> datetime:
        return end_of(self.week_ago_on)

    def _in_scope(self, unit_field: str = "unit", theme_field: str = "theme") -> Q:
        within = Q()
        if self.unit:
            within &= Q(**{f"{unit_field}__path__startswith": self.unit.path})
        if self.theme:
            within &= Q(**{theme_field: self.theme})
        return within

    def _on(self, field: str) -> Q:
        """Whether the day in `field` is counted; the first and the last day are."""
        counted = Q(**{f"{field}__lte": self.as_of})
        return counted & Q(**{f"{field}__gte": self.since}) if self.since else counted

    def at(self, field: str) -> Q:
        """Whether the moment in `field` lies on a day that is counted."""
        counted = Q(**{f"{field}__lt": self._end})
        if not self.since:
            return counted
        return counted & Q(**{f"{field}__gte": end_of(self.since - timedelta(days=1))})

    @cached_property
    def activities(self) -> QuerySet[Activity]:
        return self.campaign.activities.filter(
            self._in_scope(theme_field="themes"),
            self._on("held_on"),
            status=ActivityStatus.LOGGED,
        ).order_by()

    @cached_property
    def opinions(self) -> QuerySet[Opinion]:
        return self.campaign.opinions.filter(self._in_scope(), self._on("raised_on")).order_by()

    @cached_property
    def problems(self) -> QuerySet[Problem]:
        return self.campaign.problems.filter(self._in_scope(), self.at("created_at")).order_by()

    @cached_property
    def proposals(self) -> QuerySet[Proposal]:
        was_in = ~Q(status=Status.WITHDRAWN) | Q(self._changed_later(Status.WITHDRAWN))
        return (
            self.campaign.proposals.filter(self._in_scope(), was_in, self.at("submitted_at"))
            .exclude(status=Status.DRAFT)
            .order_by()
        )

    @cached_property
    def revisions(self) -> QuerySet[ClauseRevision]:
        """Clauses changed by decisions published by the end of the day."""
        return ClauseRevision.objects.filter(
            self._in_scope("decision__proposal__unit", "decision__proposal__theme"),
            self.at("decision__published_at"),
            decision__proposal__campaign=self.campaign,
            clause__isnull=False,
        ).order_by()

    @cached_property
    def measures(self) -> QuerySet[Measure]:
        """Measures published by now.

        A measure keeps no date of publication; one that follows from a decision counts from
        that decision's publication on.
        """
        follows = Q(revision__isnull=True) | Q(revision__decision__published_at__lt=self._end)
        rows = self.campaign.measures.filter(self._in_scope(), follows)
        return rows.exclude(status=MeasureStatus.DRAFT).order_by()

    @cached_property
    def outcomes(self) -> QuerySet[Outcome]:
        return self.campaign.outcomes.filter(self._in_scope(), self._on("achieved_on")).order_by()

    def _changed_later(self, status: str) -> Exists:
        """Whether a proposal took this status only after the end of the day."""
        return Exists(
            StatusChange.objects.filter(proposal=OuterRef("pk"), new=status, at__gte=self._end)
        )

    def _was(self, status: str) -> Q:
        """In this status at the end of the day."""
        return Q(status=status) & ~Q(self._changed_later(status))

    @property
    def fate(self) -> Case:
        """What became of a proposal by the end of the day: a verdict, or one of the three above."""
        return Case(
            When(decision__published_at__lt=self._end, then=F("decision__verdict")),
            When(self._was(Status.MERGED), then=Value(MERGED)),
            When(self._was(Status.RETURNED), then=Value(RETURNED)),
            default=Value(WAITING),
            output_field=CharField(),
        )

    @cached_property
    def _row_length(self) -> int:
        """How much of a unit's path names the row it belongs to."""
        base = self.base
        return int(Unit.steplen) * ((base.depth if base else 0) + 1)

    @cached_property
    def _row_of(self) -> Substr:
        return Substr("unit__path", 1, self._row_length)

    # --- The frame: units, themes, phases -----------------------------------------------

    @cached_property
    def units_in_scope(self) -> list[Unit]:
        units = Unit.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=self.as_of))
        if self.unit:
            units = units.filter(path__startswith=self.unit.path)
        return list(units.order_by("path"))

    @cached_property
    def base(self) -> Unit | None:
        """The unit whose children are the rows; None for a forest without a school."""
        if self.unit:
            return self.unit
        roots = [unit for unit in self.units_in_scope if unit.depth == 1]
        return roots[0] if len(roots) == 1 and roots[0].kind == UnitKind.SCHOOL else None

    @cached_property
    def rows(self) -> list[Unit]:
        length = self._row_length
        return [
            unit
            for unit in self.units_in_scope
            if len(unit.path) == length and unit.kind in ROW_KINDS
        ]

    @cached_property
    def people(self) -> dict[str, int]:
        """Headcount by path: the unit's latest count, else the sum of its children's."""
        latest: dict[int, int] = dict(
            Headcount.objects.filter(on__lte=self.as_of)
            .order_by("on")
            .values_list("unit", "people")
        )
        people: dict[str, int] = {}
        for unit in reversed(self.units_in_scope):  # children before their parents
            count = latest.get(unit.pk, people.get(unit.path))
            if count is None:
                continue
            people[unit.path] = count
            parent = unit.path[: -Unit.steplen]
            if parent and unit.kind in ROW_KINDS:
                people[parent] = people.get(parent, 0) + count
        return people

    @cached_property
    def themes(self) -> list[Theme]:
        themes = self.campaign.themes.order_by("order")
        return list(themes.filter(pk=self.theme.pk) if self.theme else themes)

    @cached_property
    def obligations(self) -> list[Obligation]:
        """What is owed in scope; nothing for a theme or an earlier day, when nobody knows."""
        if self.theme or self.as_of != self.today or self.since:
            return []
        if self.unit:
            return obligations.of_units_below(self.campaign, self.unit, self.as_of)
        return obligations.of_campaign(self.campaign, self.as_of)

    @cached_property
    def phases(self) -> list[Phase]:
        prefetch_related_objects([self.campaign], "phases")
        return sorted(self.campaign.phases.all(), key=lambda phase: phase.order)

    def holds_demo(self) -> bool:
        return self.campaign.is_demo or any(unit.is_demo for unit in self.units_in_scope)

    @cached_property
    def offered_kinds(self) -> list[str]:
        """The kinds of activity the campaign offers, in its order."""
        offered = OfferedKind.objects.filter(campaign=self.campaign).order_by("order")
        return list(offered.values_list("kind", flat=True))

    @cached_property
    def groups(self) -> list[tuple[int, str]]:
        """The audience groups in order: key and name."""
        groups = AudienceGroup.objects.filter(campaign=self.campaign).order_by("order")
        return list(groups.values_list("pk", "name"))

    # --- Counts, one query each ---------------------------------------------------------

    @cached_property
    def activity_days(self) -> list[Line]:
        """Activities and attendances by kind and day."""
        return list(
            self.activities.values("kind", on=F("held_on")).annotate(
                n=Count("pk"), attendances=Coalesce(Sum("present"), 0)
            )
        )

    @cached_property
    def activity_rows(self) -> list[Line]:
        """Activities and attendances by row unit."""
        return list(
            self.activities.values(row=self._row_of).annotate(
                n=Count("pk"), attendances=Coalesce(Sum("present"), 0)
            )
        )

    @cached_property
    def activity_themes(self) -> list[Line]:
        """Activities by row unit and theme; one with two themes stands under both."""
        return list(self.activities.values("themes", row=self._row_of).annotate(n=Count("pk")))

    @cached_property
    def activity_groups(self) -> Counter[int | None]:
        """Activities by audience group; one with two groups stands under both."""
        return Counter(
            dict(
                self.activities.values("audience_groups")
                .annotate(n=Count("pk"))
                .values_list("audience_groups", "n")
            )
        )

    @cached_property
    def opinion_days(self) -> list[Line]:
        return list(self.opinions.values(on=F("raised_on")).annotate(n=Count("pk")))

    @cached_property
    def opinion_voices(self) -> list[Line]:
        """Opinions by row unit, theme and audience group."""
        return list(
            self.opinions.values("theme", "audience_group", row=self._row_of).annotate(
                n=Count("pk")
            )
        )

    @cached_property
    def proposal_days(self) -> list[Line]:
        return list(self.proposals.values(on=TruncDate("submitted_at")).annotate(n=Count("pk")))

    @cached_property
    def proposal_fates(self) -> list[Line]:
        """Proposals by row unit, theme and what became of them by the end of the day.

        The fates add up to all proposals.
        """
        return list(
            self.proposals.values("theme", row=self._row_of, fate=self.fate).annotate(
                n=Count("pk"),
                answered_week_ago=Count(
                    "pk", filter=Q(decision__published_at__lt=self._week_ago_end)
                ),
                late=Count("pk", filter=Q(fate=WAITING, review_due_on__lt=self.as_of)),
            )
        )

    def waiting(self, most: int) -> list[Proposal]:
        """Proposals without a published decision, the next due first."""
        return list(
            self.proposals.exclude(self._was(Status.MERGED))
            .exclude(self._was(Status.RETURNED))
            .exclude(decision__published_at__lt=self._end)
            .select_related("unit")
            .order_by(F("review_due_on").asc(nulls_last=True), "pk")[:most]
        )

    @cached_property
    def outcome_themes(self) -> list[Line]:
        return list(
            self.outcomes.values("theme").annotate(
                n=Count("pk"),
                week_ago=Count("pk", filter=Q(achieved_on__lte=self.week_ago_on)),
                cases=Count("pk", filter=Q(case__published_at__lt=self._end)),
            )
        )

    def _count(self, rows: QuerySet[Any], field: str) -> Figure:
        """Rows now, and those whose `field` lies before the end of the day a week ago."""
        earlier = Q(**{f"{field}__lt": self._week_ago_end})
        return Figure(*rows.aggregate(a=Count("pk"), b=Count("pk", filter=earlier)).values())

    def problem_count(self) -> Figure:
        return self._count(self.problems, "created_at")

    def revision_count(self) -> Figure:
        return self._count(self.revisions, "decision__published_at")

    def measure_counts(self) -> tuple[int, int]:
        """Measures, and those of them closed by the day."""
        counts = self.measures.aggregate(
            n=Count("pk"), closed=Count("pk", filter=Q(closed_on__lte=self.as_of))
        )
        return counts["n"], counts["closed"]
