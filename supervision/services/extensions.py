"""A later deadline: asked for with a reason, granted or refused with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.audit import record
from core.chinese_text import chinese_date
from core.local_time import local_day
from notices.services import announce
from supervision.models import Extension
from supervision.permissions import can_ask_extension, can_decide_extension
from supervision.sent import EXTENSION

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign
    from supervision.owing import Obligation


class AlreadyAsked(Exception):
    """A request about this obligation is waiting for its answer."""


class AlreadyDecided(Exception):
    """Somebody else has answered this request."""


class NotLater(Exception):
    """The wanted day is not after the deadline and after today."""


def ask_extension(
    campaign: Campaign, owed: Obligation, by: User, until: date, reason: str, now: datetime
) -> Extension:
    """Ask the campaign group for a later deadline.

    Raises PermissionDenied, NotLater or AlreadyAsked.
    """
    if not can_ask_extension(by, owed) or owed.due_on is None:
        raise PermissionDenied
    if until <= max(owed.due_on, local_day(now)):
        raise NotLater(f"{until} is not after {owed.due_on} and today")
    extension = Extension(
        campaign=campaign,
        obligation=owed.key,
        title=owed.title,
        unit=owed.unit,
        old_due_on=owed.due_on,
        wanted_due_on=until,
        reason=reason,
        asked_by=by,
        asked_at=now,
    )
    try:
        with transaction.atomic():
            extension.save()
            record(by, "supervision.ask_extension", extension, after={"until": until})
    except IntegrityError as error:
        raise AlreadyAsked(owed.key) from error
    return extension


def decide_extension(
    extension: Extension, by: User, *, is_granted: bool, note: str, now: datetime
) -> None:
    """Answer a request and tell who asked. A granted one moves the deadline at once.

    Raises PermissionDenied, ValueError for a refusal without a reason, or AlreadyDecided.
    """
    if not can_decide_extension(by, extension):
        raise PermissionDenied
    if not is_granted and not note:
        raise ValueError("a refusal needs a reason")
    waiting = Extension.objects.filter(pk=extension.pk, is_granted__isnull=True)
    with transaction.atomic():
        decided = waiting.update(
            is_granted=is_granted, decided_by=by, decided_on=local_day(now), note=note
        )
        if decided != 1:
            raise AlreadyDecided(extension.pk)
        record(
            by,
            "supervision.decide_extension",
            extension,
            after={"granted": is_granted, "note": note},
        )
        _tell(extension, is_granted=is_granted, note=note, now=now)


def _tell(extension: Extension, *, is_granted: bool, note: str, now: datetime) -> None:
    until = chinese_date(extension.wanted_due_on)
    answer = f"已批准延期至{until}" if is_granted else "未批准延期"
    announce(
        extension.asked_by,
        f"extension:{extension.pk}",
        kind=EXTENSION,
        title=f"{extension.title}：{answer}",
        body=note,
        reason="您提出了延期申请。",
        url=reverse("supervision:owed", args=[extension.obligation]),
        now=now,
    )
