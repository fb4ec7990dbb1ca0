"""Reports made every week for a list of people.

A run is claimed by moving the schedule's next moment on with one guarded UPDATE, so of two
schedulers one makes the jobs. Each recipient gets a job of their own: their rights are asked at
run time, and the same facts are still rendered once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from core.local_time import SHANGHAI, local
from reports import services
from reports.dossier import Wish
from reports.kinds import KINDS
from reports.models import ReportJob, ReportSchedule
from reports.permissions import can_schedule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import time

    from accounts.models import User

_WEEK = timedelta(days=7)


def next_moment(weekday: int, at: time, after: datetime) -> datetime:
    """The first moment later than `after` that falls on that weekday and hour on campus."""
    today = local(after).date()
    day = today + timedelta(days=(weekday - today.weekday()) % 7)
    moment = datetime.combine(day, at, SHANGHAI)
    return moment if moment > after else datetime.combine(day + _WEEK, at, SHANGHAI)


def add_schedule(
    wish: Wish,
    format: str,  # noqa: A002  the field's own name
    *,
    weekday: int,
    at: time,
    recipients: Iterable[User],
    by: User,
    now: datetime,
) -> ReportSchedule:
    """Raises PermissionDenied for a report this person may not have or not schedule."""
    if not (can_schedule(by) and KINDS[wish.kind].may_have(by, wish)):
        raise PermissionDenied
    with transaction.atomic():
        schedule = ReportSchedule.objects.create(
            campaign=wish.campaign,
            kind=wish.kind,
            unit=wish.unit,
            theme=wish.theme,
            format=format,
            weekday=weekday,
            at=at,
            next_at=next_moment(weekday, at, now),
            created_by=by,
        )
        schedule.recipients.set(recipients)
        names = sorted(person.username for person in schedule.recipients.all())
        record(by, "reports.schedule", schedule, after={"报告": str(schedule), "收件人": names})
    return schedule


def stop_schedule(schedule: ReportSchedule, *, by: User) -> None:
    if not can_schedule(by):
        raise PermissionDenied
    with transaction.atomic():
        if ReportSchedule.objects.filter(pk=schedule.pk, is_on=True).update(is_on=False):
            record(by, "reports.stop_schedule", schedule, after={"报告": str(schedule)})


def run_schedules(now: datetime) -> int:
    """Ask for every report that has come due; how many jobs that made.

    After a long silence each schedule runs once, not once for every week missed.
    """
    due = ReportSchedule.objects.filter(is_on=True, next_at__lte=now)
    related = due.select_related("campaign", "unit", "theme").prefetch_related("recipients")
    return sum(_run(schedule, now) for schedule in related)


def _run(schedule: ReportSchedule, now: datetime) -> int:
    with transaction.atomic():
        later = next_moment(schedule.weekday, schedule.at, now)
        mine = ReportSchedule.objects.filter(pk=schedule.pk, is_on=True, next_at=schedule.next_at)
        if not mine.update(next_at=later):
            return 0
        wish = Wish(
            schedule.kind,
            schedule.campaign,
            as_of=timezone.localdate(now),
            unit=schedule.unit,
            theme=schedule.theme,
        )
        allowed = [
            person
            for person in schedule.recipients.all()
            if person.is_active and KINDS[wish.kind].may_have(person, wish)
        ]
        for person in allowed:
            job = services.ask(person, wish, schedule.format)
            ReportJob.objects.filter(pk=job.pk, schedule=None).update(schedule=schedule)
    return len(allowed)
