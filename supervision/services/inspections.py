"""Inspections (S34): planned, visited, written up. What they find is in `findings`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.audit import record
from core.chinese_text import chinese_date
from core.local_time import local_day
from notices.services import Message, announce_all
from supervision.burden import ensure_room
from supervision.choices import InspectionStatus
from supervision.models import Inspection
from supervision.permissions import (
    can_inspect,
    can_plan_inspection,
)
from supervision.recipients import reporters_of
from supervision.sent import INSPECTION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign
    from units.models import Unit


class AlreadySettled(Exception):
    """Somebody was quicker: it is visited, called off or closed already."""


@transaction.atomic
def plan_inspection(
    campaign: Campaign,
    by: User,
    *,
    unit: Unit,
    title: str,
    purpose: str,
    planned_on: date,
    inspectors: Iterable[User],
    now: datetime,
) -> Inspection:
    """Arrange a visit and tell the unit once. Raises PermissionDenied or OverBudget."""
    if not can_plan_inspection(by):
        raise PermissionDenied
    ensure_room(campaign, [unit], local_day(now))
    inspection = Inspection.objects.create(
        campaign=campaign,
        unit=unit,
        title=title,
        purpose=purpose,
        planned_on=planned_on,
        planned_by=by,
        planned_at=now,
    )
    inspection.inspectors.set(inspectors)
    record(by, "supervision.plan_inspection", inspection, after={"planned_on": planned_on})
    _tell_unit(inspection, "planned", f"{chinese_date(planned_on)}开展督促检查", now)
    return inspection


@transaction.atomic
def call_off(inspection: Inspection, by: User, now: datetime) -> None:
    """The visit will not take place. Raises PermissionDenied or AlreadySettled."""
    if not can_inspect(by, inspection):
        raise PermissionDenied
    _move(inspection, InspectionStatus.CALLED_OFF)
    record(by, "supervision.call_off_inspection", inspection)
    _tell_unit(inspection, "called_off", "督促检查已取消", now)


@transaction.atomic
def record_visit(inspection: Inspection, by: User, *, visited_on: date, summary: str) -> None:
    """Write up the visit. Raises PermissionDenied or AlreadySettled."""
    if not can_inspect(by, inspection):
        raise PermissionDenied
    _move(inspection, InspectionStatus.VISITED, visited_on=visited_on, summary=summary)
    record(by, "supervision.record_visit", inspection, after={"visited_on": visited_on})


def _move(inspection: Inspection, status: InspectionStatus, **columns: object) -> None:
    planned = Inspection.objects.filter(pk=inspection.pk, status=InspectionStatus.PLANNED)
    if planned.update(status=status, **columns) != 1:
        raise AlreadySettled(inspection.pk)
    inspection.refresh_from_db()
    Inspection.history.bulk_history_create([inspection], update=True)


def _tell_unit(inspection: Inspection, event: str, title: str, now: datetime) -> None:
    announce_all(
        [
            Message(
                recipient=person,
                key=f"inspection:{inspection.pk}:{event}",
                kind=INSPECTION,
                title=f"{inspection.unit.short_name}：{title}",
                body=f"{inspection.title}\n{inspection.purpose}".strip(),
                reason="您是受检单位的书记或联络员。",
                url=reverse("supervision:inspection", args=[inspection.pk]),
            )
            for person in reporters_of(inspection.unit, local_day(now))
        ],
        now,
    )
