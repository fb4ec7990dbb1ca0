"""Telling people things: once, inside the portal and through the channels they have.

What is written here goes out by `notices.outbox`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from core.queue import hint
from notices import tasks
from notices.choices import Channel
from notices.models import TITLE_LENGTH, Delivery, Notice, Preference, Robot
from notices.robots import check_robot_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime, time

    from accounts.models import User

#: Rows in one statement; a whole school's reminders are one or two. SQLite takes fewer by itself.
_ROWS_AT_ONCE = 5_000


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
            batch_size=_ROWS_AT_ONCE,
        )
        told = _told({message.key for message in fresh})
        wanted = {(message.recipient.pk, message.key) for message in fresh}
        notices = [notice for notice in told if (notice.recipient_id, notice.key) in wanted]
        Delivery.objects.bulk_create(
            _outbox_rows(notices, now), ignore_conflicts=True, batch_size=_ROWS_AT_ONCE
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
    for start in range(0, len(ordered), _ROWS_AT_ONCE):
        batch = ordered[start : start + _ROWS_AT_ONCE]
        notices += Notice.objects.filter(key__in=batch).with_recipients().order_by("pk")
    return notices


def _one_line(title: str) -> str:
    """The title without line breaks and no longer than its column: it becomes a mail subject."""
    return " ".join(title.split())[:TITLE_LENGTH]


def _outbox_rows(notices: Iterable[Notice], now: datetime) -> list[Delivery]:
    """One unsaved row for each channel outside the portal that a recipient wants."""
    return [
        Delivery(notice=notice, channel=channel, not_before=now)
        for notice in notices
        for channel in _channels(notice)
    ]


def _channels(notice: Notice) -> Iterable[Channel]:
    person = notice.recipient
    if not person.is_active:
        return
    wants = preference_of(person)
    if person.email and wants.email_on and (wants.reminders_on or not notice.is_automatic):
        yield Channel.EMAIL
    robot = getattr(person, "robot", None)
    if robot is not None and robot.is_active:
        yield Channel.WEBHOOK


def preference_of(person: User) -> Preference:
    """How the person wants to be told; an unsaved row with the defaults if they never said."""
    preference: Preference = getattr(person, "notice_preference", None) or Preference(user=person)
    return preference


def open_notice(notice: Notice, now: datetime) -> None:
    """Remember the first time the recipient opened it."""
    Notice.objects.unread().filter(pk=notice.pk).update(opened_at=now)


def open_all(recipient: User, now: datetime) -> int:
    """Mark everything the person has not opened; how many there were."""
    return Notice.objects.visible_to(recipient).unread().update(opened_at=now)


def save_preference(
    user: User,
    *,
    email_on: bool,
    reminders_on: bool,
    digest_on: bool,
    quiet_from: time | None,
    quiet_until: time | None,
) -> None:
    """Remember how the person wants to be told. It counts for what is written from now on."""
    Preference.objects.update_or_create(
        user=user,
        defaults={
            "email_on": email_on,
            "reminders_on": reminders_on,
            "digest_on": digest_on,
            "quiet_from": quiet_from,
            "quiet_until": quiet_until,
        },
    )


def connect_robot(user: User, *, kind: str, url: str, secret: str) -> None:
    """Post what this person is told to a group robot; an empty `url` or `secret` keeps the old one.

    An empty `kind` disconnects the robot and forgets its address.

    Raises core.outgoing.ForbiddenAddress for an address the portal may not speak to.
    """
    if not kind:
        Robot.objects.filter(user=user).delete()
        return
    values = {"kind": kind, "is_active": True}
    if url:
        check_robot_url(url)
        values["url"] = url
    if secret:
        values["secret"] = secret
    Robot.objects.update_or_create(user=user, defaults=values)
