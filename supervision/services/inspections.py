"""Inspections (S34): planned, visited, written up; what is found is put right and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.audit import record
from core.chinese_text import chinese_date
from core.local_time import local_day
from notices.services import Message, announce, announce_all
from supervision.burden import OverBudget, full_units, week_of
from supervision.choices import FindingStatus, InspectionStatus
from supervision.models import Evidence, Finding, Inspection
from supervision.permissions import (
    can_close_finding,
    can_give_evidence,
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
    from core.files import CheckedFile
    from seminars.models import Activity
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
    if full := full_units(campaign, [unit], week_of(local_day(now))):
        raise OverBudget(full)
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


@transaction.atomic
def add_finding(
    inspection: Inspection,
    by: User,
    *,
    title: str,
    text: str,
    owner: User,
    due_on: date,
    activity: Activity | None,
    now: datetime,
) -> Finding:
    """Put down what was found and tell who answers for it. Raises PermissionDenied."""
    if not can_inspect(by, inspection) or owner == by:
        raise PermissionDenied
    finding = Finding.objects.create(
        inspection=inspection,
        title=title,
        text=text,
        activity=activity,
        owner=owner,
        due_on=due_on,
        found_by=by,
        found_at=now,
    )
    record(by, "supervision.add_finding", finding, after={"due_on": due_on, "owner": owner.pk})
    _tell(
        owner,
        finding,
        "found",
        f"请整改“{title}”，{chinese_date(due_on)}前完成",
        f"整改要求：{text}",
        "督促检查发现了这个问题，您是责任人。提交整改情况并由发现人销号后不再提醒。",
        now,
    )
    return finding


@transaction.atomic
def give_evidence(
    finding: Finding, by: User, *, text: str, file: CheckedFile | None, now: datetime
) -> Evidence:
    """Say how it was put right, with a file if there is one, and tell the finder.

    Raises PermissionDenied.
    """
    if not can_give_evidence(by, finding):
        raise PermissionDenied
    evidence = Evidence(finding=finding, text=text, by=by, at=now)
    if file is not None:
        evidence.file_name, evidence.size_bytes = file.name, file.size_bytes
        evidence.file.save(str(file.content.name), file.content, save=False)
    evidence.save()
    record(by, "supervision.give_evidence", evidence, after={"finding": finding.pk})
    _tell(
        finding.found_by,
        finding,
        f"evidence-{evidence.pk}",
        f"“{finding.title}”已提交整改情况",
        text,
        "您发现了这个问题，由您核对并销号。",
        now,
    )
    return evidence


@transaction.atomic
def close_finding(finding: Finding, by: User, *, note: str, now: datetime) -> None:
    """Take it off the list (销号). Raises PermissionDenied or AlreadySettled."""
    if not can_close_finding(by, finding):
        raise PermissionDenied
    unsettled = Finding.objects.filter(pk=finding.pk, status=FindingStatus.OPEN)
    closed = unsettled.update(
        status=FindingStatus.CLOSED, closed_by=by, closed_on=local_day(now), closing_note=note
    )
    if closed != 1:
        raise AlreadySettled(finding.pk)
    finding.refresh_from_db()
    Finding.history.bulk_history_create([finding], update=True)
    record(by, "supervision.close_finding", finding, after={"note": note})
    _tell(finding.owner, finding, "closed", f"“{finding.title}”已销号", note, "您是责任人。", now)


def _tell(
    recipient: User, finding: Finding, event: str, title: str, body: str, reason: str, now: datetime
) -> None:
    announce(
        recipient,
        f"finding:{finding.pk}:{event}",
        kind=INSPECTION,
        title=title,
        body=body,
        reason=reason,
        url=reverse("supervision:finding", args=[finding.pk]),
        now=now,
    )


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
