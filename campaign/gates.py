"""What may be done on a day: declared per phase, switched by hand where need be, asked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.choices import CampaignState

if TYPE_CHECKING:
    from datetime import date

    from campaign.choices import Gate
    from campaign.models import Campaign, GateSwitch, Phase


def phase_on(campaign: Campaign, day: date) -> Phase | None:
    """The phase that includes `day`, the first one where phases overlap; None between or after."""
    return next((phase for phase in campaign.phases.all() if phase.includes(day)), None)


def is_open(campaign: Campaign, gate: Gate, day: date) -> bool:
    """True if the campaign runs and `gate` is open on `day` (S24).

    A switch in force decides; without one, any phase that includes `day` and opens the gate.
    """
    if campaign.state != CampaignState.RUNNING:
        return False
    switch = switch_of(campaign, gate)
    if switch is not None and switch.holds_on(day):
        return switch.is_open
    return is_declared(campaign, gate, day)


def is_declared(campaign: Campaign, gate: Gate, day: date) -> bool:
    """True if some phase that includes `day` opens `gate`, whatever was switched."""
    return any(gate in phase.opens for phase in campaign.phases.all() if phase.includes(day))


def switch_of(campaign: Campaign, gate: Gate) -> GateSwitch | None:
    """The switch of the gate that nobody has ended; it may have run out by itself."""
    switches = campaign.gate_switches.all()
    return next((one for one in switches if one.gate == gate and one.ended_at is None), None)
