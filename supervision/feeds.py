"""Calendar feeds: a secret address for a person or a unit, told once, stopped at will."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.audit import record
from campaign.models import Campaign
from core.icalendar import Event, calendar_file
from core.local_time import SHANGHAI, local_day
from supervision import wording
from supervision.models import CalendarFeed
from supervision.obligations import of_person, of_units_below
from units.standing import standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from supervision.owing import Obligation
    from units.models import Unit

_SECRET_BYTES = 32


def open_feed(by: User, unit: Unit | None, now: datetime) -> tuple[CalendarFeed, str]:
    """A new feed and its secret, which is kept nowhere. Raises PermissionDenied."""
    if unit is not None and not _may_read(by, unit):
        raise PermissionDenied
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with transaction.atomic():
        feed = CalendarFeed.objects.create(
            digest=_digest(secret), owner=by, unit=unit, created_at=now
        )
        record(by, "supervision.open_feed", feed, after={"unit": unit.pk if unit else None})
    return feed, secret


def stop_feed(by: User, feed: CalendarFeed, now: datetime) -> None:
    """The address answers 404 from now on. Raises PermissionDenied for somebody else's."""
    if feed.owner_id != by.pk:
        raise PermissionDenied
    with transaction.atomic():
        live = CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True)
        if live.update(revoked_at=now) == 1:
            record(by, "supervision.stop_feed", feed)


def read_feed(secret: str, now: datetime) -> str | None:
    """The calendar behind a secret, with the rights its owner has now; None if there is none."""
    feed = (
        CalendarFeed.objects.filter(digest=_digest(secret), revoked_at__isnull=True)
        .select_related("owner", "unit")
        .first()
    )
    if feed is None or not feed.owner.is_active:
        return None
    if feed.unit is not None and not _may_read(feed.owner, feed.unit):
        return None
    campaign = Campaign.objects.current()
    if campaign is None:
        return calendar_file("三大活动", [], now)
    on = local_day(now)
    if feed.unit is not None:
        owed = of_units_below(campaign, feed.unit, on)
        owed = [one for one in owed if one.unit == feed.unit and one.person_id is None]
        name = f"{feed.unit.short_name}应办事项"
    else:
        owed = of_person(campaign, feed.owner, on)
        name = "我的应办事项"
    return calendar_file(name, [*_phases(campaign), *_owed(owed, now)], now)


def _may_read(user: User, unit: Unit) -> bool:
    standing = standing_of(user)
    return standing.sees_school or standing.is_within(unit)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _phases(campaign: Campaign) -> Iterator[Event]:
    for phase in campaign.phases.prefetch_related("steps"):
        yield Event(f"phase-{phase.pk}@sanda", phase.name, phase.starts_on, phase.ends_on)
        for step in phase.steps.all():
            if step.starts_on and step.ends_on:
                yield Event(f"step-{step.pk}@sanda", step.title, step.starts_on, step.ends_on)


def _owed(obligations: list[Obligation], now: datetime) -> Iterator[Event]:
    """What is not done and has a day."""
    on = local_day(now)
    for owed in obligations:
        if owed.due_on is None or owed.is_met:
            continue
        at = datetime.combine(owed.due_on, owed.due_time, SHANGHAI) if owed.due_time else None
        yield Event(
            uid=f"{owed.key}@sanda",
            summary=f"{owed.title}截止",
            first=owed.due_on,
            last=owed.due_on,
            at=at,
            description=f"{wording.summary(owed, on)}\n{wording.grounds(owed)}",
        )


def address(secret: str) -> str:
    """The path under which the feed is read."""
    return reverse("supervision:feed", args=[secret])
