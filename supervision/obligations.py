"""Who owes what by when, and how far it is: computed from the records, never stored.

The to-do list, the ladder, the dashboards and the reminders all read it here. Each function
costs the same number of queries however many units and records there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from notices.calendar import school_calendar
from supervision import sources
from supervision.choices import Duty
from supervision.counting import SOURCES, Tally, count_records
from supervision.models import Extension
from supervision.owing import SCHEDULED_DUTIES, Obligation, Scope
from units.choices import REPORTING_POSITIONS, SCHOOL_WIDE_KINDS, UnitKind
from units.models import Unit
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign, Demand
    from units.standing import Standing


def of_duty(campaign: Campaign, duty: Duty, on: date) -> list[Obligation]:
    """Everything of one kind that is owed in the campaign, met or not."""
    return _all(campaign, on, Scope(only=frozenset({duty})))


def of_schedule(campaign: Campaign, on: date) -> list[Obligation]:
    """What moves when the campaign's phases or demands do."""
    return _all(campaign, on, Scope(only=SCHEDULED_DUTIES))


def of_campaign(campaign: Campaign, on: date, *, with_wordings: bool = False) -> list[Obligation]:
    """Everything owed in the campaign, met or not.

    `with_wordings` adds what unpublished decisions lack: for the ladder and the plan group only.
    """
    return _all(campaign, on, Scope(with_wordings=with_wordings))


def of_units_below(campaign: Campaign, unit: Unit, on: date) -> list[Obligation]:
    """What `unit` and every unit below it owe."""
    return _all(campaign, on, Scope(paths=(unit.path,), with_reviews=False, with_closings=False))


def of_person(campaign: Campaign, user: User, on: date) -> list[Obligation]:
    """What this person is expected to do: for the units they report for, and in person.

    What units further below owe is theirs to do; see `within_reach`.
    """
    return owed_by(user, within_reach(campaign, user, on))


def within_reach(campaign: Campaign, user: User, on: date) -> list[Obligation]:
    """What the person owes and what the units below the own ones owe."""
    standing = standing_of(user)
    scope = Scope(
        paths=_answers_for(standing),
        person_id=user.pk,
        with_reviews=standing.is_reviewer,
        with_wordings=standing.is_reviewer,
        with_closings=standing.is_organiser,
    )
    return _all(campaign, on, scope)


def owed_by(user: User, obligations: Iterable[Obligation]) -> list[Obligation]:
    """Those of `obligations` that this person is expected to see to."""
    standing = standing_of(user)
    paths = _reports_for(standing)
    return [owed for owed in obligations if _is_owed_by(user, standing, paths, owed)]


def _is_owed_by(user: User, standing: Standing, paths: tuple[str, ...], owed: Obligation) -> bool:
    if owed.is_of_plan_group:
        return standing.is_reviewer
    if owed.person_id is not None:
        return owed.person_id == user.pk
    if owed.unit is not None and owed.unit.kind == UnitKind.CAMPAIGN_GROUP:  # the idea box
        return standing.is_organiser
    return owed.unit is not None and owed.unit.path in paths


def _reports_for(standing: Standing) -> tuple[str, ...]:
    """The units themselves that the person reports for, not those below them."""
    posts = (post for post in standing.posts if post.position in REPORTING_POSITIONS)
    return tuple(post.path for post in posts if post.kind not in SCHOOL_WIDE_KINDS)


def _answers_for(standing: Standing) -> tuple[str, ...]:
    """Those units, and the campaign group for its members: what the idea box got waits there."""
    groups = (post.path for post in standing.posts if post.kind == UnitKind.CAMPAIGN_GROUP)
    return (*_reports_for(standing), *groups)


def visible_to(
    user: User, campaign: Campaign, on: date, only: frozenset[Duty] = frozenset()
) -> list[Obligation]:
    """Everything owed that the person may look at, or that of one kind."""
    standing = standing_of(user)
    if standing.sees_school:
        return _all(campaign, on, Scope(with_wordings=standing.is_reviewer, only=only))
    scope = Scope(
        paths=standing.paths,
        person_id=user.pk,
        with_reviews=False,
        with_closings=False,
        only=only,
    )
    return _all(campaign, on, scope)


def _all(campaign: Campaign, on: date, scope: Scope) -> list[Obligation]:
    prefetch_related_objects([campaign], "phases", "demands__quotas", "demands__asked_by")
    since = first_day(campaign, on)
    # Only some of the readers need these.
    units = cache(partial(_open_units, scope))
    measures = cache(partial(sources.measures_in, campaign, scope))
    readers: dict[Duty, Callable[[], Iterable[Obligation]]] = {
        Duty.DEMAND: lambda: _of_demands(campaign, since, scope, units()),
        Duty.SETTLING: lambda: sources.of_unsettled(campaign, since, scope, units()),
        Duty.PACKAGE: lambda: sources.of_packages(campaign, on, scope),
        Duty.RETURNED: lambda: sources.of_returned(campaign, on, scope),
        Duty.MEASURE: lambda: sources.of_measures(measures(), since),
        Duty.MILESTONE: lambda: sources.of_milestones(measures(), since),
        Duty.FINDING: lambda: sources.of_findings(campaign, scope),
        Duty.CLOSING: lambda: sources.of_closings(campaign, scope),
        Duty.REFERRAL: lambda: sources.of_referrals(campaign, scope),
        Duty.REVIEW: lambda: sources.of_reviews(campaign),
        Duty.SECOND_REPLY: lambda: sources.of_second_replies(campaign),
        Duty.WORDING: lambda: sources.of_wordings(campaign, scope),
    }
    found = [owed for duty, read in readers.items() if scope.wants(duty) for owed in read()]
    extended = _extended(campaign, found)
    return sorted(extended, key=lambda owed: (owed.due_on is None, owed.due_on, owed.key))


def first_day(campaign: Campaign, on: date) -> date:
    """The first day of the campaign's phases; `on` without any."""
    return min((phase.starts_on for phase in campaign.phases.all()), default=on)


def _open_units(scope: Scope) -> list[Unit]:
    units = Unit.objects.filter(closed_on__isnull=True).order_by("path")
    if scope.paths is not None:
        units = units.filter(below(scope.paths)) if scope.paths else units.none()
    return list(units)


def _of_demands(
    campaign: Campaign, since: date, scope: Scope, units: Sequence[Unit]
) -> Iterable[Obligation]:
    owing = _owing(campaign, units)
    counts = count_records(campaign, list(owing), since, scope.paths)
    grace = _last_days(owing)
    for unit in units:
        for demand, quotas in owing.items():
            if needed := quotas.get(unit.pk):
                owed = _demand(demand, unit, counts[demand.pk, unit.path], since)
                yield replace(owed, needed=needed, grace_until=grace.get(demand.pk))


def _owing(campaign: Campaign, units: Sequence[Unit]) -> dict[Demand, dict[int, int]]:
    """How many each unit owes by each demand, without the demands that none of them owes."""
    known = [demand for demand in campaign.demands.all() if demand.kind in SOURCES]
    quotas = {
        demand: {unit.pk: needed for unit in units if (needed := demand.quota_for(unit))}
        for demand in known
    }
    return {demand: by_unit for demand, by_unit in quotas.items() if by_unit}


def _last_days(demands: Iterable[Demand]) -> dict[int, date]:
    """The last day of grace of the demands that grant any; one query if some do."""
    granting = [one for one in demands if one.due_on is not None and one.grace_days]
    calendar = school_calendar() if granting else None
    return {
        one.pk: calendar.add_working_days(one.due_on, one.grace_days)
        for one in granting
        if calendar is not None and one.due_on is not None
    }


def _demand(demand: Demand, unit: Unit, tally: Tally, since: date) -> Obligation:
    if demand.is_from_plan:
        source = f"活动方案要求：{demand.title}。"
        if demand.due_on:
            said = f"方案写的是“{demand.due_label}”。" if demand.due_label else ""
            source += said or "截止日期由三大工作组确定。"
    else:
        group = demand.asked_by.short_name if demand.asked_by else "三大工作组"
        source = f"{group}的要求：{demand.title}。"
    return Obligation(
        key=f"demand-{demand.pk}-{unit.pk}",
        duty=Duty.DEMAND,
        title=demand.title,
        source=source,
        word=SOURCES[demand.kind].word,
        needed=demand.quota,
        done=tally.done,
        late=tally.late,
        waiting=tally.waiting,
        opens_on=demand.opens_on or since,
        due_on=demand.due_on,
        due_time=demand.due_time,
        unit=unit,
        demand=demand,
    )


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
        due_time=None,
        grace_until=None,
        is_extended=True,
    )


def by_unit(obligations: Iterable[Obligation]) -> dict[int, list[Obligation]]:
    """The obligations of each unit, by its key, in the order given."""
    grouped: dict[int, list[Obligation]] = defaultdict(list)
    for owed in obligations:
        if owed.unit is not None:
            grouped[owed.unit.pk].append(owed)
    return dict(grouped)
