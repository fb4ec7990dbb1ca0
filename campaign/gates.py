"""What may be done on a day: declared per phase, asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.choices import CampaignState

if TYPE_CHECKING:
    from datetime import date

    from campaign.choices import Gate
    from campaign.models import Campaign, Phase


def phase_on(campaign: Campaign, day: date) -> Phase | None:
    """The phase that includes `day`, the first one where phases overlap; None between or after."""
    return next((phase for phase in campaign.phases.all() if phase.includes(day)), None)


def is_open(campaign: Campaign, gate: Gate, day: date) -> bool:
    """True if the campaign runs and some phase that includes `day` opens `gate` (S24)."""
    return campaign.state == CampaignState.RUNNING and any(
        gate in phase.opens for phase in campaign.phases.all() if phase.includes(day)
    )
