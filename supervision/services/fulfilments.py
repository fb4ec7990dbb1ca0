"""A unit says that it has done what no other record shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from supervision.counting import SAID_KINDS
from supervision.models import Fulfilment
from supervision.permissions import can_say_done

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Demand
    from units.models import Unit


def say_done(
    demand: Demand, unit: Unit, by: User, *, note: str, done_on: date, now: datetime
) -> Fulfilment:
    """Note down that `unit` has met `demand`; the same note twice is one row.

    Raises PermissionDenied, or ValueError if other records show whether the demand is met.
    """
    if not can_say_done(by, unit):
        raise PermissionDenied
    if demand.kind not in SAID_KINDS:
        raise ValueError(f"demand {demand.pk} of kind {demand.kind} is counted from records")
    with transaction.atomic():
        fulfilment, created = Fulfilment.objects.get_or_create(
            demand=demand,
            unit=unit,
            note=note,
            defaults={"done_on": done_on, "by": by, "at": now},
        )
        if created:
            record(by, "supervision.say_done", fulfilment, after={"note": note})
    return fulfilment
