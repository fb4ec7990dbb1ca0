"""Asking units for one thing more, within what a week may ask of them (N5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from campaign.choices import CampaignState
from campaign.demanding import add_demand, quota_rows
from campaign.models import Demand
from core.local_time import local_day
from supervision.burden import ensure_room
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import User
    from campaign.demanding import Quota
    from campaign.models import Campaign


@transaction.atomic
def ask_more(
    by: User, campaign: Campaign, *, now: datetime, quotas: Sequence[Quota] = (), **facts: Any
) -> Demand:
    """Add a demand of the work group.

    While a campaign is prepared nobody is burdened yet. Raises PermissionDenied, or OverBudget if
    the campaign runs and some of the units have had their requests of the week.
    """
    if campaign.state == CampaignState.RUNNING:
        wanted = Demand(campaign=campaign, **facts)
        rows = quota_rows(wanted, quotas)
        asked = [unit for unit in Unit.objects.open() if wanted.quota_for(unit, rows)]
        ensure_room(campaign, asked, local_day(now))
    return add_demand(by, campaign, quotas, **facts)
