"""Measures are carried out, results recorded, and some of them written up for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.audit import record
from core.chinese_text import chinese_date
from core.local_time import local_day
from notices.services import announce
from outcomes.choices import MeasureStatus
from outcomes.models import Case, Measure, Milestone, Outcome, Progress, Reuse
from outcomes.permissions import (
    can_close,
    can_keep_measures,
    can_publish_case,
    can_record_outcome,
    can_report_on,
    can_reuse,
    can_write_case,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign
    from seminars.models import Activity
    from units.models import Unit

MEASURE = "measure"


class AlreadySettled(Exception):
    """Somebody was quicker: it is published, reached, closed or taken up already."""


class Incomplete(Exception):
    """A measure without owner, indicator or due date stays a draft (S36)."""


# --- Measures ----------------------------------------------------------------------------


@transaction.atomic
def draft_measure(campaign: Campaign, by: User, **columns: object) -> Measure:
    """Write down a measure that nobody answers for yet. Raises PermissionDenied."""
    if not can_keep_measures(by, campaign):
        raise PermissionDenied
    measure = Measure(campaign=campaign, is_demo=campaign.is_demo)
    _fill(measure, columns)
    measure.save()
    record(by, "outcomes.draft_measure", measure, after={"title": measure.title})
    return measure


@transaction.atomic
def change_measure(measure: Measure, by: User, *, now: datetime, **columns: object) -> None:
    """Correct a draft or an open measure; a new owner hears of it.

    Raises PermissionDenied, AlreadySettled if it is closed, Incomplete if an open measure would
    lose what S36 asks for.
    """
    if not can_keep_measures(by, measure.campaign):
        raise PermissionDenied
    locked = Measure.objects.select_for_update().get(pk=measure.pk)
    if locked.status == MeasureStatus.CLOSED:
        raise AlreadySettled(measure.pk)
    before = {name: str(getattr(locked, name)) for name in columns}
    old_owner = locked.owner_id
    _fill(locked, columns)
    if locked.status == MeasureStatus.OPEN:
        _insist_on_complete(locked)
    locked.save(update_fields=list(columns))
    after = {name: str(getattr(locked, name)) for name in columns}
    changed = {name for name in before if before[name] != after[name]}
    record(
        by,
        "outcomes.change_measure",
        locked,
        before={name: before[name] for name in sorted(changed)},
        after={name: after[name] for name in sorted(changed)},
    )
    if locked.status == MeasureStatus.OPEN and locked.owner_id != old_owner:
        _tell_owner(locked, now)


@transaction.atomic
def publish_measure(measure: Measure, by: User, now: datetime) -> None:
    """From now on its owner answers for it. Raises PermissionDenied, Incomplete, AlreadySettled."""
    if not can_keep_measures(by, measure.campaign):
        raise PermissionDenied
    _insist_on_complete(measure)
    _move(measure, MeasureStatus.DRAFT, status=MeasureStatus.OPEN)
    record(by, "outcomes.publish_measure", measure)
    _tell_owner(measure, now)


@transaction.atomic
def add_milestone(measure: Measure, by: User, *, title: str, due_on: date) -> Milestone:
    """Raises PermissionDenied, or AlreadySettled if the measure is closed."""
    if not can_keep_measures(by, measure.campaign):
        raise PermissionDenied
    if measure.status == MeasureStatus.CLOSED:
        raise AlreadySettled(measure.pk)
    milestone = Milestone.objects.create(measure=measure, title=title, due_on=due_on)
    record(by, "outcomes.add_milestone", milestone, after={"title": title, "due_on": due_on})
    return milestone


@transaction.atomic
def report_progress(
    measure: Measure, by: User, *, text: str, milestone: Milestone | None, now: datetime
) -> Progress:
    """Say how it goes, and which milestone is reached. Raises PermissionDenied, AlreadySettled."""
    if not can_report_on(by, measure):
        raise PermissionDenied
    if milestone is not None:
        ahead = measure.milestones.filter(pk=milestone.pk, done_on=None)
        if ahead.update(done_on=local_day(now)) != 1:
            raise AlreadySettled(milestone.pk)
    report = Progress.objects.create(measure=measure, milestone=milestone, text=text, by=by, at=now)
    reached = milestone.pk if milestone else None
    record(by, "outcomes.report_progress", measure, after={"milestone": reached})
    return report


@transaction.atomic
def close_measure(measure: Measure, by: User, *, note: str, now: datetime) -> None:
    """Take it off the list (销号). Raises PermissionDenied or AlreadySettled."""
    if not can_close(by, measure):
        raise PermissionDenied
    _move(measure, MeasureStatus.OPEN, status=MeasureStatus.CLOSED, closed_on=local_day(now))
    Progress.objects.create(measure=measure, text=note, by=by, at=now)
    record(by, "outcomes.close_measure", measure, after={"note": note})


def _fill(measure: Measure, columns: dict[str, object]) -> None:
    for name, value in columns.items():
        setattr(measure, name, value)


def _insist_on_complete(measure: Measure) -> None:
    if missing := missing_in(measure):
        raise Incomplete("、".join(missing))


def missing_in(measure: Measure) -> list[str]:
    """What a measure still needs before it may be published (S36), by the words of the form."""
    needed = {"责任人": measure.owner_id, "指标": measure.indicator, "完成时限": measure.due_on}
    return [label for label, value in needed.items() if not value]


def _move(measure: Measure, old: MeasureStatus, **columns: object) -> None:
    if Measure.objects.filter(pk=measure.pk, status=old).update(**columns) != 1:
        raise AlreadySettled(measure.pk)
    measure.refresh_from_db()
    Measure.history.bulk_history_create([measure], update=True)


def _tell_owner(measure: Measure, now: datetime) -> None:
    if measure.owner is None or measure.due_on is None:  # _insist_on_complete has made sure
        return
    announce(
        measure.owner,
        f"measure:{measure.pk}:owner",
        kind=MEASURE,
        title=f"请推进举措“{measure.title}”，{chinese_date(measure.due_on)}前办结",
        body=f"指标：{measure.indicator}",
        reason="您是这项举措的责任人。",
        url=reverse("outcomes:measure", args=[measure.pk]),
        now=now,
    )


# --- Outcomes and cases ------------------------------------------------------------------


@transaction.atomic
def record_outcome(
    campaign: Campaign, by: User, *, activities: Iterable[Activity] = (), **columns: object
) -> Outcome:
    """Raises PermissionDenied; the database refuses one without a link or a reason (S25)."""
    outcome = Outcome(campaign=campaign, is_demo=campaign.is_demo, **columns)
    if not can_record_outcome(by, campaign, outcome.unit):
        raise PermissionDenied
    outcome.save()
    outcome.activities.set(activities)
    record(by, "outcomes.record_outcome", outcome, after={"title": outcome.title})
    return outcome


@transaction.atomic
def change_outcome(
    outcome: Outcome, by: User, *, activities: Iterable[Activity], **columns: object
) -> None:
    """Correct what was recorded; the history keeps what it said. Raises PermissionDenied."""
    was_theirs = can_record_outcome(by, outcome.campaign, outcome.unit)
    before = {"title": outcome.title}
    for name, value in columns.items():
        setattr(outcome, name, value)
    if not (was_theirs and can_record_outcome(by, outcome.campaign, outcome.unit)):
        raise PermissionDenied
    outcome.save()
    outcome.activities.set(activities)
    record(by, "outcomes.change_outcome", outcome, before=before, after={"title": outcome.title})


@transaction.atomic
def write_case(outcome: Outcome, by: User, *, kind: str, summary: str) -> Case:
    """Write it up, or write it anew while it is not published. Raises PermissionDenied."""
    if not can_write_case(by, outcome):
        raise PermissionDenied
    case, _ = Case.objects.update_or_create(
        outcome=outcome, defaults={"kind": kind, "summary": summary}
    )
    record(by, "outcomes.write_case", case, after={"kind": kind})
    return case


@transaction.atomic
def publish_case(case: Case, by: User, now: datetime) -> None:
    """Raises PermissionDenied or AlreadySettled."""
    if not can_publish_case(by, case):
        raise PermissionDenied
    if Case.objects.filter(pk=case.pk, published_at=None).update(published_at=now) != 1:
        raise AlreadySettled(case.pk)
    case.refresh_from_db()
    Case.history.bulk_history_create([case], update=True)
    record(by, "outcomes.publish_case", case)


@transaction.atomic
def reuse_case(case: Case, by: User, *, unit: Unit, text: str, now: datetime) -> Reuse:
    """Raises PermissionDenied, or AlreadySettled if the unit said so before."""
    if not can_reuse(by, case, unit):
        raise PermissionDenied
    try:
        with transaction.atomic():
            reuse = Reuse.objects.create(case=case, unit=unit, text=text, by=by, at=now)
    except IntegrityError as error:
        raise AlreadySettled(case.pk) from error
    record(by, "outcomes.reuse_case", case, after={"unit": unit.pk})
    return reuse
