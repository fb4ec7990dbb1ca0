"""What inspections find (S34): answered by its owner, then closed or sent back by the finder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Value, When
from django.urls import reverse

from accounts.audit import record
from core.chinese_text import chinese_date
from core.local_time import local_day
from notices.services import announce
from supervision.choices import FindingStatus
from supervision.models import Evidence, Finding
from supervision.permissions import (
    can_close_finding,
    can_give_evidence,
    can_inspect,
    can_return_finding,
)
from supervision.sent import INSPECTION
from supervision.services.inspections import AlreadySettled

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from core.files import CheckedFile
    from seminars.models import Activity
    from supervision.models import Inspection


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
    """Say how it was put right, with a file if there is one, and ask the finder to look.

    Raises PermissionDenied or AlreadySettled.
    """
    if not can_give_evidence(by, finding):
        raise PermissionDenied
    evidence = Evidence(finding=finding, text=text, by=by, at=now)
    if file is not None:
        evidence.file_name, evidence.size_bytes = file.name, file.size_bytes
        evidence.file.save(str(file.content.name), file.content, save=False)
    evidence.save()
    first = Case(When(status=FindingStatus.OPEN, then=Value(local_day(now))), default="answered_on")
    _set(finding, FindingStatus.ANSWERED, answered_on=first)
    record(by, "supervision.give_evidence", evidence, after={"finding": finding.pk})
    _tell(
        finding.found_by,
        finding,
        f"evidence-{evidence.pk}",
        f"“{finding.title}”已提交整改情况",
        text,
        "您发现了这个问题，由您核对，销号或退回整改。",
        now,
    )
    return evidence


@transaction.atomic
def return_finding(finding: Finding, by: User, *, note: str, now: datetime) -> None:
    """What was done does not do: the owner owes it again.

    Raises PermissionDenied or AlreadySettled.
    """
    if not can_return_finding(by, finding):
        raise PermissionDenied
    _set(finding, FindingStatus.OPEN, only=FindingStatus.ANSWERED, return_note=note)
    record(by, "supervision.return_finding", finding, after={"note": note})
    _tell(
        finding.owner,
        finding,
        f"returned-{finding.evidence.count()}",
        f"“{finding.title}”的整改情况被退回",
        note,
        "您是责任人。再次提交整改情况后不再提醒。",
        now,
    )


@transaction.atomic
def close_finding(finding: Finding, by: User, *, note: str, now: datetime) -> None:
    """Take it off the list (销号). Raises PermissionDenied or AlreadySettled."""
    if not can_close_finding(by, finding):
        raise PermissionDenied
    _set(
        finding,
        FindingStatus.CLOSED,
        closed_by=by,
        closed_on=local_day(now),
        closing_note=note,
    )
    record(by, "supervision.close_finding", finding, after={"note": note})
    _tell(finding.owner, finding, "closed", f"“{finding.title}”已销号", note, "您是责任人。", now)


def _set(
    finding: Finding, status: FindingStatus, only: FindingStatus | None = None, **columns: object
) -> None:
    """From `only`, or from whatever is not closed. Raises AlreadySettled."""
    unsettled = Finding.objects.filter(pk=finding.pk).exclude(status=FindingStatus.CLOSED)
    expected = unsettled if only is None else unsettled.filter(status=only)
    if expected.update(status=status, **columns) != 1:
        raise AlreadySettled(finding.pk)
    finding.refresh_from_db()
    Finding.history.bulk_history_create([finding], update=True)


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
