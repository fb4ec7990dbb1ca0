"""Telling people things: once, through the channels they have, surviving whatever dies."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from core.queue import hint
from notices import tasks
from notices.calendar import school_calendar
from notices.channels import SENDERS, Undeliverable
from notices.choices import Channel, DeliveryStatus
from notices.models import TITLE_LENGTH, Delivery, Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from accounts.models import User

#: Waiting time after the first, second, … failed attempt; after the last one we give up.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
MAX_ATTEMPTS = len(RETRY_AFTER) + 1
_ROWS_PER_INSERT = 500
_ROWS_PER_SWEEP = 5_000


@dataclass(frozen=True)
class Message:
    """A notice to be written. `key` names the event: the same person hears of it once."""

    recipient: User
    key: str
    kind: str
    title: str
    body: str
    reason: str
    url: str
    is_automatic: bool = False


def announce(
    recipient: User,
    key: str,
    *,
    kind: str,
    title: str,
    body: str,
    reason: str,
    url: str,
    now: datetime,
) -> bool:
    """Tell `recipient` of the event `key`, in the caller's transaction; False if told before.

    `url` is a path of this portal. `reason` says why this person hears of it.
    """
    with transaction.atomic():
        notice, created = Notice.objects.get_or_create(
            recipient=recipient,
            key=key,
            defaults={
                "kind": kind,
                "title": _one_line(title),
                "body": body,
                "reason": reason,
                "url": url,
                "created_at": now,
            },
        )
        if created:
            for row in _outbox_rows([notice], now):
                row.save()
                hint(tasks.deliver_one, row.pk)
    return created


def announce_all(messages: Sequence[Message], now: datetime) -> list[Notice]:
    """`announce` for many at once, in a number of queries that hardly grows; the new notices.

    Of two callers at the same moment both may list a notice as theirs; only one row exists.
    """
    with transaction.atomic():
        fresh = _not_yet_told(messages)
        Notice.objects.bulk_create(
            [
                Notice(
                    recipient=message.recipient,
                    key=message.key,
                    kind=message.kind,
                    title=_one_line(message.title),
                    body=message.body,
                    reason=message.reason,
                    url=message.url,
                    is_automatic=message.is_automatic,
                    created_at=now,
                )
                for message in fresh
            ],
            ignore_conflicts=True,
            batch_size=_ROWS_PER_INSERT,
        )
        told = _told({message.key for message in fresh})
        wanted = {(message.recipient.pk, message.key) for message in fresh}
        notices = [notice for notice in told if (notice.recipient_id, notice.key) in wanted]
        Delivery.objects.bulk_create(
            _outbox_rows(notices, now), ignore_conflicts=True, batch_size=_ROWS_PER_INSERT
        )
        hint(tasks.sweep_deliveries)
    return notices


def _not_yet_told(messages: Sequence[Message]) -> list[Message]:
    """The messages without a notice yet, the first of each recipient and key."""
    seen = {(notice.recipient_id, notice.key) for notice in _told({m.key for m in messages})}
    fresh = []
    for message in messages:
        event = (message.recipient.pk, message.key)
        if event not in seen:
            seen.add(event)
            fresh.append(message)
    return fresh


def _told(keys: Iterable[str]) -> list[Notice]:
    ordered = sorted(keys)
    notices: list[Notice] = []
    for start in range(0, len(ordered), _ROWS_PER_INSERT):
        batch = ordered[start : start + _ROWS_PER_INSERT]
        notices += Notice.objects.filter(key__in=batch).select_related("recipient").order_by("pk")
    return notices


def _one_line(title: str) -> str:
    """The title without line breaks and no longer than its column: it becomes a mail subject."""
    return " ".join(title.split())[:TITLE_LENGTH]


def _outbox_rows(notices: Iterable[Notice], now: datetime) -> list[Delivery]:
    """One unsaved row for each channel outside the portal that a recipient has."""
    return [
        Delivery(notice=notice, channel=Channel.EMAIL, not_before=now)
        for notice in notices
        if notice.recipient.email and notice.recipient.is_active
    ]


def deliver(delivery_id: int, now: datetime) -> bool:
    """Send one outbox row if it is due and nobody else has it; True if it went out.

    The claim is one guarded UPDATE, so any number of workers may be told to do this. Outside
    office hours an automatic notice waits for the next ones.
    """
    if not school_calendar().may_send(now) and _wait_for_office_hours(delivery_id, now):
        return False
    claimed = Delivery.objects.due(now).filter(pk=delivery_id)
    if (
        claimed.update(status=DeliveryStatus.CLAIMED, claimed_at=now, attempts=F("attempts") + 1)
        != 1
    ):
        return False
    delivery = Delivery.objects.select_related("notice__recipient").get(pk=delivery_id)
    try:
        SENDERS[delivery.channel](delivery.notice)
    except Undeliverable as error:
        _mark(delivery, status=DeliveryStatus.GIVEN_UP, error=str(error))
        return False
    except OSError as error:  # every smtplib error is one
        _try_later(delivery, str(error), now)
        return False
    _mark(delivery, status=DeliveryStatus.SENT, sent_at=now, error="")
    return True


def _wait_for_office_hours(delivery_id: int, now: datetime) -> bool:
    """Put an automatic delivery off to the next sending hour; False if it is not automatic."""
    automatic = Delivery.objects.filter(pk=delivery_id, notice__is_automatic=True)
    waiting = automatic.filter(status=DeliveryStatus.PENDING)
    return bool(waiting.update(not_before=school_calendar().next_send_moment(now)))


def _mark(delivery: Delivery, **values: object) -> None:
    """Write the result of our own attempt; nothing if the sweeper has taken the row from us.

    A success is written even then: it happened.
    """
    ours = Delivery.objects.filter(pk=delivery.pk)
    if values["status"] != DeliveryStatus.SENT:
        ours = ours.filter(status=DeliveryStatus.CLAIMED, attempts=delivery.attempts)
    ours.update(**values)


def _try_later(delivery: Delivery, error: str, now: datetime) -> None:
    if delivery.attempts >= MAX_ATTEMPTS:
        _mark(delivery, status=DeliveryStatus.GIVEN_UP, error=error)
        return
    wait = RETRY_AFTER[delivery.attempts - 1]
    _mark(delivery, status=DeliveryStatus.PENDING, not_before=now + wait, error=error)


def deliver_due(now: datetime, seconds_at_most: float) -> int:
    """One pass of the sweeper, ended after that time; how many went out.

    Takes back what a dead worker claimed, then sends whatever is due: lost hints, retries and
    what waited for its hour.
    """
    _take_back_abandoned(now)
    stop_at = time.monotonic() + seconds_at_most
    sent = 0
    for pk in Delivery.objects.due(now).values_list("pk", flat=True)[:_ROWS_PER_SWEEP]:
        sent += deliver(pk, now)
        if time.monotonic() > stop_at:
            break
    return sent


def _take_back_abandoned(now: datetime) -> None:
    abandoned = Delivery.objects.abandoned(now)
    lost = "发送进程中断"
    abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(status=DeliveryStatus.GIVEN_UP, error=lost)
    abandoned.update(status=DeliveryStatus.PENDING, not_before=now, error=lost)


def undelivered_keys(kind: str) -> list[str]:
    """The events of that kind of which some mail has not gone out yet."""
    waiting = Delivery.objects.filter(status=DeliveryStatus.PENDING, notice__kind=kind)
    return list(waiting.order_by().values_list("notice__key", flat=True).distinct())


def stop_deliveries(keys: Iterable[str]) -> int:
    """Keep notices of these events from going out further: what they ask for is done."""
    ordered = sorted(set(keys))
    stopped = 0
    for start in range(0, len(ordered), _ROWS_PER_INSERT):
        batch = ordered[start : start + _ROWS_PER_INSERT]
        stopped += Delivery.objects.filter(
            status=DeliveryStatus.PENDING, notice__key__in=batch
        ).update(status=DeliveryStatus.STOPPED)
    return stopped


def open_notice(notice: Notice, now: datetime) -> None:
    """Remember the first time the recipient opened it."""
    Notice.objects.unread().filter(pk=notice.pk).update(opened_at=now)


def open_all(recipient: User, now: datetime) -> int:
    """Mark everything the person has not opened; how many there were."""
    return Notice.objects.visible_to(recipient).unread().update(opened_at=now)
