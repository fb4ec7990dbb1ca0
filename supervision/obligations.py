"""Who owes what by when, and how far it is: computed from the records, never stored.

The to-do list, the ladder, the dashboards and the reminders all read it here. Each function
costs the same number of queries however many units and records there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Q, prefetch_related_objects

from campaign.choices import Gate
from core.local_time import local_day
from outcomes.choices import MeasureStatus
from outcomes.models import Measure, Milestone
from proposals.choices import Status
from supervision.choices import Duty
from supervision.counting import SOURCES, count_records
from supervision.ladder import days_left
from supervision.models import Extension
from units.choices import REPORTING_POSITIONS, SCHOOL_WIDE_KINDS, UnitKind
from units.models import Unit
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign, Demand
    from units.standing import Standing

#: 各单位 of the plan: functional departments too, but not the branches below a unit.
ALL_UNITS = frozenset({UnitKind.DEPARTMENT, UnitKind.GRASSROOTS_COMMITTEE, UnitKind.GENERAL_BRANCH})


@dataclass(frozen=True)
class Obligation:
    """Something owed. `due_on` is None where nobody set a day; such a thing has no ladder."""

    key: str
    duty: Duty
    title: str
    #: Where the duty comes from, as a sentence for the person who asks why.
    source: str
    word: str
    needed: int
    done: int
    opens_on: date
    due_on: date | None
    unit: Unit | None = None
    person_id: int | None = None
    #: The demand behind it, if it comes from one.
    demand: Demand | None = None
    is_extended: bool = False

    @property
    def is_met(self) -> bool:
        return self.done >= self.needed

    @property
    def missing(self) -> int:
        return max(self.needed - self.done, 0)

    def is_overdue(self, on: date) -> bool:
        return not self.is_met and self.due_on is not None and on > self.due_on

    def days_left(self, on: date) -> int | None:
        """Whole days until the end of the last one, which counts as 1; 0 afterwards."""
        return None if self.due_on is None else days_left(self.due_on, on)


@dataclass(frozen=True)
class Scope:
    """Whose obligations are wanted: everybody's, those of some subtrees, or one person's."""

    paths: tuple[str, ...] | None = None
    person_id: int | None = None
    with_reviews: bool = True


EVERYBODY = Scope()


def of_campaign(campaign: Campaign, on: date) -> list[Obligation]:
    """Everything owed in the campaign, met or not."""
    return _all(campaign, on, EVERYBODY)


def of_units_below(campaign: Campaign, unit: Unit, on: date) -> list[Obligation]:
    """What `unit` and every unit below it owe."""
    return _all(campaign, on, Scope(paths=(unit.path,), with_reviews=False))


def of_person(campaign: Campaign, user: User, on: date) -> list[Obligation]:
    """What this person is expected to do: for the units they report for, and in person.

    What units further below owe is theirs to do; see `within_reach`.
    """
    return owed_by(user, within_reach(campaign, user, on))


def within_reach(campaign: Campaign, user: User, on: date) -> list[Obligation]:
    """What the person owes and what the units below the own ones owe."""
    standing = standing_of(user)
    scope = Scope(
        paths=_reports_for(standing), person_id=user.pk, with_reviews=standing.is_reviewer
    )
    return _all(campaign, on, scope)


def owed_by(user: User, obligations: Iterable[Obligation]) -> list[Obligation]:
    """Those of `obligations` that this person is expected to see to."""
    standing = standing_of(user)
    paths = _reports_for(standing)
    return [owed for owed in obligations if _is_owed_by(user, standing, paths, owed)]


def _is_owed_by(user: User, standing: Standing, paths: tuple[str, ...], owed: Obligation) -> bool:
    if owed.duty == Duty.REVIEW:
        return standing.is_reviewer
    if owed.person_id is not None:
        return owed.person_id == user.pk
    return owed.unit is not None and owed.unit.path in paths


def _reports_for(standing: Standing) -> tuple[str, ...]:
    """The units themselves that the person reports for, not those below them."""
    posts = (post for post in standing.posts if post.position in REPORTING_POSITIONS)
    return tuple(post.path for post in posts if post.kind not in SCHOOL_WIDE_KINDS)


def visible_to(user: User, campaign: Campaign, on: date) -> list[Obligation]:
    """Everything owed that the person may look at."""
    standing = standing_of(user)
    if standing.sees_school:
        return of_campaign(campaign, on)
    scope = Scope(paths=standing.paths, person_id=user.pk, with_reviews=False)
    return _all(campaign, on, scope)


def _all(campaign: Campaign, on: date, scope: Scope) -> list[Obligation]:
    prefetch_related_objects([campaign], "phases", "demands")
    since = _first_day(campaign, on)
    found = [
        *_of_demands(campaign, since, scope),
        *_of_returned(campaign, on, scope),
        *_of_measures(campaign, since, scope),
        *_of_milestones(campaign, since, scope),
    ]
    if scope.with_reviews:
        found += _of_reviews(campaign)
    extended = _extended(campaign, found)
    return sorted(extended, key=lambda owed: (owed.due_on is None, owed.due_on, owed.key))


def _first_day(campaign: Campaign, on: date) -> date:
    return min((phase.starts_on for phase in campaign.phases.all()), default=on)


def _of_demands(campaign: Campaign, since: date, scope: Scope) -> Iterable[Obligation]:
    demands = [demand for demand in campaign.demands.all() if demand.kind in SOURCES]
    if not demands or scope.paths == ():
        return
    units = Unit.objects.filter(closed_on__isnull=True).order_by("path")
    if scope.paths is not None:
        units = units.filter(below(scope.paths))
    counts = count_records(campaign, demands, since, scope.paths)
    for unit in units:
        for demand in demands:
            if _is_asked_of(demand, unit):
                yield _demand(demand, unit, counts[demand.pk, unit.path], since)


def _is_asked_of(demand: Demand, unit: Unit) -> bool:
    return unit.kind in demand.unit_kinds or ("all" in demand.unit_kinds and unit.kind in ALL_UNITS)


def _demand(demand: Demand, unit: Unit, done: int, since: date) -> Obligation:
    if demand.is_from_plan:
        source = f"活动方案要求：{demand.title}。"
        if demand.due_on:
            source += "截止日期由三大工作组确定。"
    else:
        source = f"三大工作组的要求：{demand.title}。"
    return Obligation(
        key=f"demand-{demand.pk}-{unit.pk}",
        duty=Duty.DEMAND,
        title=demand.title,
        source=source,
        word=SOURCES[demand.kind].word,
        needed=demand.quota,
        done=done,
        opens_on=demand.opens_on or since,
        due_on=demand.due_on,
        unit=unit,
        demand=demand,
    )


def _of_reviews(campaign: Campaign) -> Iterable[Obligation]:
    """One for each day on which answers are due: the plan group owes them together."""
    answered = Q(status__in=[Status.DECIDED, Status.MERGED])
    days = (
        campaign.proposals.filter(answered | Q(status=Status.SUBMITTED))
        .filter(review_due_on__isnull=False)
        .order_by()
        .values("review_due_on")
        .annotate(
            needed=Count("pk"),
            done=Count("pk", filter=answered),
            first=Min("submitted_at"),
        )
    )
    for day in days:
        yield Obligation(
            key=f"review-{campaign.pk}-{day['review_due_on']}",
            duty=Duty.REVIEW,
            title="审议并答复对策建议",
            source="提交给“双高计划”工作组的建议，应在答复期限内审议并答复。",
            word="条",
            needed=day["needed"],
            done=day["done"],
            opens_on=local_day(day["first"]),
            due_on=day["review_due_on"],
        )


def _of_returned(campaign: Campaign, on: date, scope: Scope) -> Iterable[Obligation]:
    """Proposals sent back to their authors: by the day the reviewer set, while they are taken."""
    last_day = _last_day_of(campaign, Gate.PROPOSALS, on)
    returned = campaign.proposals.filter(status=Status.RETURNED).select_related("unit")
    for proposal in returned.filter(_within(scope, "author_id")):
        yield Obligation(
            key=f"returned-{proposal.pk}",
            duty=Duty.RETURNED,
            title=f"完善被退回的建议“{proposal.title}”",
            source="“双高计划”工作组退回了这条建议，完善后可重新提交。",
            word="条",
            needed=1,
            done=0,
            opens_on=local_day(proposal.updated_at),
            due_on=min(filter(None, (proposal.return_due_on, last_day))) if last_day else None,
            unit=proposal.unit,
            person_id=proposal.author_id,
        )


def _last_day_of(campaign: Campaign, gate: Gate, on: date) -> date | None:
    """The last day on or after `on` on which some phase opens `gate`."""
    days = [phase.ends_on for phase in campaign.phases.all() if gate in phase.opens]
    return max((day for day in days if day >= on), default=None)


def _of_measures(campaign: Campaign, since: date, scope: Scope) -> Iterable[Obligation]:
    open_or_closed = Q(status__in=[MeasureStatus.OPEN, MeasureStatus.CLOSED])
    measures = Measure.objects.filter(open_or_closed, campaign=campaign).select_related("unit")
    for measure in measures.filter(_within(scope, "owner_id")):
        yield Obligation(
            key=f"measure-{measure.pk}",
            duty=Duty.MEASURE,
            title=f"办结举措“{measure.title}”",
            source="举措的责任人应在完成时限前办结。",
            word="项",
            needed=1,
            done=int(measure.status == MeasureStatus.CLOSED),
            opens_on=since,
            due_on=measure.due_on,
            unit=measure.unit,
            person_id=measure.owner_id,
        )


def _of_milestones(campaign: Campaign, since: date, scope: Scope) -> Iterable[Obligation]:
    milestones = Milestone.objects.filter(
        _within(scope, "measure__owner_id", "measure__unit"),
        measure__campaign=campaign,
        measure__status=MeasureStatus.OPEN,
    ).select_related("measure__unit")
    for milestone in milestones:
        yield Obligation(
            key=f"milestone-{milestone.pk}",
            duty=Duty.MILESTONE,
            title=f"举措“{milestone.measure.title}”的节点“{milestone.title}”",
            source="举措的责任人应按时限完成各节点。",
            word="项",
            needed=1,
            done=int(milestone.done_on is not None),
            opens_on=since,
            due_on=milestone.due_on,
            unit=milestone.measure.unit,
            person_id=milestone.measure.owner_id,
        )


def _within(scope: Scope, person: str, unit: str = "unit") -> Q:
    """The condition for records of the wanted person or subtrees."""
    if scope.paths is None:
        return Q()
    return below(scope.paths, f"{unit}__path") | Q(**{person: scope.person_id})


def _extended(campaign: Campaign, found: list[Obligation]) -> list[Obligation]:
    """The obligations with the days that granted extensions gave them."""
    later: dict[str, Extension] = {}
    for extension in Extension.objects.filter(campaign=campaign, is_granted=True).order_by("pk"):
        later[extension.obligation] = extension
    return [_extend(owed, later.get(owed.key)) for owed in found]


def _extend(owed: Obligation, extension: Extension | None) -> Obligation:
    if extension is None or extension.decided_on is None or owed.due_on is None:
        return owed
    if extension.wanted_due_on <= owed.due_on:  # the deadline itself moved further meanwhile
        return owed
    return replace(
        owed,
        opens_on=extension.decided_on,
        due_on=extension.wanted_due_on,
        is_extended=True,
    )


def by_unit(obligations: Iterable[Obligation]) -> dict[int, list[Obligation]]:
    """The obligations of each unit, by its key, in the order given."""
    grouped: dict[int, list[Obligation]] = defaultdict(list)
    for owed in obligations:
        if owed.unit is not None:
            grouped[owed.unit.pk].append(owed)
    return dict(grouped)
