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

    Every attribute runs its query when first asked for and remembers the answer.
    """

    campaign: Campaign
    as_of: date
    today: date
    unit: Unit | None = None
    theme: Theme | None = None

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

    @cached_property
    def _activities(self) -> QuerySet[Activity]:
        return self.campaign.activities.filter(
            self._in_scope(theme_field="themes"),
            status=ActivityStatus.LOGGED,
            held_on__lte=self.as_of,
        ).order_by()

    @cached_property
    def _opinions(self) -> QuerySet[Opinion]:
        return self.campaign.opinions.filter(self._in_scope(), raised_on__lte=self.as_of).order_by()

    @cached_property
    def _proposals(self) -> QuerySet[Proposal]:
        was_in = ~Q(status=Status.WITHDRAWN) | Q(self._changed_later(Status.WITHDRAWN))
        return (
            self.campaign.proposals.filter(self._in_scope(), was_in, submitted_at__lt=self._end)
            .exclude(status=Status.DRAFT)
            .order_by()
        )

    def _changed_later(self, status: str) -> Exists:
        """Whether a proposal took this status only after the end of the day."""
        return Exists(
            StatusChange.objects.filter(proposal=OuterRef("pk"), new=status, at__gte=self._end)
        )

    def _was(self, status: str) -> Q:
        """In this status at the end of the day."""
        return Q(status=status) & ~Q(self._changed_later(status))

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
    def _units_in_scope(self) -> list[Unit]:
        units = Unit.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=self.as_of))
        if self.unit:
            units = units.filter(path__startswith=self.unit.path)
        return list(units.order_by("path"))

    @cached_property
    def base(self) -> Unit | None:
        """The unit whose children are the rows; None for a forest without a school."""
        if self.unit:
            return self.unit
        roots = [unit for unit in self._units_in_scope if unit.depth == 1]
        return roots[0] if len(roots) == 1 and roots[0].kind == UnitKind.SCHOOL else None

    @cached_property
    def rows(self) -> list[Unit]:
        length = self._row_length
        return [
            unit
            for unit in self._units_in_scope
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
        for unit in reversed(self._units_in_scope):  # children before their parents
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
        if self.theme or self.as_of != self.today:
            return []
        if self.unit:
            return obligations.of_units_below(self.campaign, self.unit, self.as_of)
        return obligations.of_campaign(self.campaign, self.as_of)

    @cached_property
    def phases(self) -> list[Phase]:
        prefetch_related_objects([self.campaign], "phases")
        return sorted(self.campaign.phases.all(), key=lambda phase: phase.order)

    def holds_demo(self) -> bool:
        return self.campaign.is_demo or any(unit.is_demo for unit in self._units_in_scope)

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
            self._activities.values("kind", on=F("held_on")).annotate(
                n=Count("pk"), attendances=Coalesce(Sum("present"), 0)
            )
        )

    @cached_property
    def activity_rows(self) -> list[Line]:
        """Activities and attendances by row unit."""
        return list(
            self._activities.values(row=self._row_of).annotate(
                n=Count("pk"), attendances=Coalesce(Sum("present"), 0)
            )
        )

    @cached_property
    def activity_themes(self) -> list[Line]:
        """Activities by row unit and theme; one with two themes stands under both."""
        return list(self._activities.values("themes", row=self._row_of).annotate(n=Count("pk")))

    @cached_property
    def activity_groups(self) -> Counter[int | None]:
        """Activities by audience group; one with two groups stands under both."""
        return Counter(
            dict(
                self._activities.values("audience_groups")
                .annotate(n=Count("pk"))
                .values_list("audience_groups", "n")
            )
        )

    @cached_property
    def opinion_days(self) -> list[Line]:
        return list(self._opinions.values(on=F("raised_on")).annotate(n=Count("pk")))

    @cached_property
    def opinion_voices(self) -> list[Line]:
        """Opinions by row unit, theme and audience group."""
        return list(
            self._opinions.values("theme", "audience_group", row=self._row_of).annotate(
                n=Count("pk")
            )
        )

    @cached_property
    def proposal_days(self) -> list[Line]:
        return list(self._proposals.values(on=TruncDate("submitted_at")).annotate(n=Count("pk")))

    @cached_property
    def proposal_fates(self) -> list[Line]:
        """Proposals by row unit, theme and what became of them by the end of the day.

        `fate` is a verdict, MERGED, RETURNED or WAITING; the fates add up to all proposals.
        """
        published = Q(decision__published_at__lt=self._end)
        fate = Case(
            When(published, then=F("decision__verdict")),
            When(self._was(Status.MERGED), then=Value(MERGED)),
            When(self._was(Status.RETURNED), then=Value(RETURNED)),
            default=Value(WAITING),
            output_field=CharField(),
        )
        return list(
            self._proposals.values("theme", row=self._row_of, fate=fate).annotate(
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
            self._proposals.exclude(self._was(Status.MERGED))
            .exclude(self._was(Status.RETURNED))
            .exclude(decision__published_at__lt=self._end)
            .select_related("unit")
            .order_by(F("review_due_on").asc(nulls_last=True), "pk")[:most]
        )

    @cached_property
    def outcome_themes(self) -> list[Line]:
        outcomes = Outcome.objects.filter(
            self._in_scope(), campaign=self.campaign, achieved_on__lte=self.as_of
        )
        return list(
            outcomes.order_by()
            .values("theme")
            .annotate(
                n=Count("pk"),
                week_ago=Count("pk", filter=Q(achieved_on__lte=self.week_ago_on)),
                cases=Count("pk", filter=Q(case__published_at__lt=self._end)),
            )
        )

    def _count(self, rows: QuerySet[Any], field: str) -> Figure:
        """Rows now, and those whose `field` lies before the end of the day a week ago."""
        earlier = Q(**{f"{field}__lt": self._week_ago_end})
        return Figure(*rows.aggregate(a=Count("pk"), b=Count("pk", filter=earlier)).values())

    def problems(self) -> Figure:
        problems = Problem.objects.filter(
            self._in_scope(), campaign=self.campaign, created_at__lt=self._end
        )
        return self._count(problems, "created_at")

    def revisions(self) -> Figure:
        scope = self._in_scope("decision__proposal__unit", "decision__proposal__theme")
        revisions = ClauseRevision.objects.filter(
            scope,
            decision__proposal__campaign=self.campaign,
            decision__published_at__lt=self._end,
            clause__isnull=False,
        )
        return self._count(revisions, "decision__published_at")

    def measures(self) -> tuple[int, int]:
        """Measures published by now, and those of them closed by the day.

        A measure keeps no date of publication; one that follows from a decision counts from
        that decision's publication on.
        """
        follows = Q(revision__isnull=True) | Q(revision__decision__published_at__lt=self._end)
        counts = (
            Measure.objects.filter(self._in_scope(), follows, campaign=self.campaign)
            .exclude(status=MeasureStatus.DRAFT)
            .aggregate(n=Count("pk"), closed=Count("pk", filter=Q(closed_on__lte=self.as_of)))
        )
        return counts["n"], counts["closed"]
