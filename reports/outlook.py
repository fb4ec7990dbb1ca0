"""What the home pages of the whole school's keepers say: counted for all of them at once.

An organiser's page speaks of every unit. Counting that for each reader would take longer than
everything else they do, so it is kept as a snapshot (`reports.snapshots`), dated on the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Value

from core.local_time import local_day
from proposals.choices import Status
from supervision.choices import Duty
from supervision.obligations import of_campaign
from supervision.services.ladder import waiting_for_red

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from campaign.models import Campaign
    from supervision.owing import Obligation


@dataclass(frozen=True)
class Outlook:
    """How the school stands at a moment; every field is a number of records or units."""

    counted_at: datetime
    activities: int
    opinions: int
    proposals_waiting: int
    proposals_answered: int
    #: Overdue and not confirmed as red yet.
    unconfirmed: int
    units_behind: int


def assemble_outlook(campaign: Campaign, now: datetime) -> Outlook:
    known = of_campaign(campaign, local_day(now))
    counts = _counts(campaign)
    return Outlook(
        counted_at=now,
        activities=counts.get("activities", 0),
        opinions=counts.get("opinions", 0),
        proposals_waiting=counts.get(Status.SUBMITTED, 0),
        proposals_answered=counts.get(Status.DECIDED, 0) + counts.get(Status.MERGED, 0),
        unconfirmed=len(waiting_for_red(known, campaign, local_day(now))),
        units_behind=len({owed.unit.pk for owed in behind(known) if owed.unit}),
    )


def behind(obligations: Iterable[Obligation]) -> list[Obligation]:
    """What the campaign demands by a day and somebody has not done."""
    return [
        owed
        for owed in obligations
        if owed.duty == Duty.DEMAND and owed.due_on is not None and not owed.is_met
    ]


def _counts(campaign: Campaign) -> dict[str, int]:
    """How many of each there are, proposals by their status; one query."""
    return dict(
        _count(campaign.activities.logged(), Value("activities")).union(
            _count(campaign.opinions.all(), Value("opinions")),
            _count(campaign.proposals.all(), F("status")),
            all=True,
        )
    )


def counts_of(*records: QuerySet[Any]) -> list[int]:
    """How many rows each of them has; one query."""
    first, *others = [_count(rows, Value(at)) for at, rows in enumerate(records)]
    found = dict(first.union(*others, all=True))
    return [found.get(at, 0) for at in range(len(records))]


def _count(records: QuerySet[Any], group: F | Value) -> QuerySet[Any]:
    """Pairs of group and number of records."""
    pairs: QuerySet[Any] = (
        records.order_by()
        .values(group=group)
        .annotate(count=Count("pk"))
        .values_list("group", "count")
    )
    return pairs
