"""A chair allows more requests in a week, and says why (N5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from core.local_time import local_day
from supervision.burden import week_of
from supervision.models import Waiver
from supervision.permissions import can_waive

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from accounts.models import User
    from campaign.models import Campaign
    from units.models import Unit


@transaction.atomic
def waive(
    campaign: Campaign,
    by: User,
    *,
    units: Collection[Unit],
    extra: int,
    reason: str,
    now: datetime,
) -> Waiver:
    """Raise this week's budget of `units` by `extra`. Raises PermissionDenied or ValueError."""
    if not can_waive(by):
        raise PermissionDenied
    if extra < 1 or not reason or not units:
        raise ValueError("a waiver has units, a number and a reason")
    waiver = Waiver.objects.create(
        campaign=campaign,
        week_on=week_of(local_day(now)),
        extra=extra,
        reason=reason,
        by=by,
        at=now,
    )
    waiver.units.set(units)
    facts = {"extra": extra, "reason": reason, "units": sorted(unit.code for unit in units)}
    record(by, "supervision.waive", waiver, after=facts)
    return waiver
