"""Reminders for a whole school: obligations evaluated, their notices written, in one pass.

Each unit owes so many things that 5,000 obligations are due at once. The budget is 10 s.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from campaign.choices import DemandKind
from campaign.models import Campaign, Demand
from core.local_time import SHANGHAI
from notices.calendar import school_calendar
from notices.models import Notice
from supervision.obligations import of_campaign
from supervision.services.ladder import send_due
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from datetime import datetime

    from benchmarks.frame import Row

OBLIGATIONS = 5_000
KINDS = (UnitKind.GENERAL_BRANCH, UnitKind.BRANCH)


def run() -> list[Row]:
    """All is undone afterwards: the demo keeps its own demands and notices."""
    rows: list[Row] = []
    with transaction.atomic():
        now = _a_sending_hour()
        rows.append(_measure("the campaign's own demands", now))
        _add_demands(now)
        rows.append(_measure("with 5,000 obligations due", now))
        rows.append(_measure("once more, nothing to send", now))
        transaction.set_rollback(True)
    return rows


def _a_sending_hour() -> datetime:
    today = timezone.localtime(timezone=SHANGHAI).replace(hour=9, minute=7)
    return school_calendar().next_send_moment(today)


def _add_demands(now: datetime) -> None:
    campaign = Campaign.objects.running()[0]
    units = Unit.objects.of_kind(*KINDS).count()
    last = max((demand.order for demand in campaign.demands.all()), default=0)
    day = now.astimezone(SHANGHAI).date()
    Demand.objects.bulk_create(
        Demand(
            campaign=campaign,
            order=last + number,
            kind=DemandKind.ACTIVITY,
            title=f"第{number}项要求",
            unit_kinds=list(KINDS),
            quota=10_000,
            opens_on=day - timedelta(days=18),
            due_on=day + timedelta(days=1),
        )
        for number in range(1, OBLIGATIONS // units + 2)
    )


def _measure(name: str, now: datetime) -> Row:
    before = Notice.objects.count()
    campaign = Campaign.objects.running()[0]
    owed = len(of_campaign(campaign, now.astimezone(SHANGHAI).date()))
    with CaptureQueriesContext(connection) as queries:
        started = time.perf_counter()
        done = send_due(now)
        seconds = time.perf_counter() - started
    return {
        "pass": name,
        "obligations": owed,
        "sent": len(done.sent),
        "notices": Notice.objects.count() - before,
        "queries": len(queries),
        "seconds": round(seconds, 2),
    }
