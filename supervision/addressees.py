"""Whom a campaign's plan is sent to (S1, S35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.models.demands import ALL_UNITS

if TYPE_CHECKING:
    from campaign.models import Campaign
    from units.models import Unit


def addressed_kinds(campaign: Campaign) -> frozenset[str]:
    """The kinds of unit the plan is sent to; 各单位 where it does not say."""
    kinds = set(campaign.composition.get("recipient_kinds", []))
    if not kinds or "all" in kinds:
        kinds = (kinds - {"all"}) | set(ALL_UNITS)
    return frozenset(kinds)


def is_addressed(campaign: Campaign, unit: Unit) -> bool:
    return unit.closed_on is None and unit.kind in addressed_kinds(campaign)
