"""Changing a running campaign: its bodies, its days, what units owe.

Each change asks, is written in one transaction with a line in the trail, and keeps its history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from accounts.audit import record
from campaign.models import Campaign, Demand, Phase
from campaign.permissions import can_steer

if TYPE_CHECKING:
    from django.db.models import Model

    from accounts.models import User


@transaction.atomic
def edit_campaign(by: User, campaign: Campaign, **facts: Any) -> None:
    """Set working bodies, state and the days a review may take."""
    _change(by, campaign, campaign, facts)


@transaction.atomic
def edit_phase(by: User, phase: Phase, **facts: Any) -> None:
    """Set a phase's days and what it opens; the plan's own label stays as printed."""
    _change(by, phase.campaign, phase, facts)


@transaction.atomic
def add_demand(by: User, campaign: Campaign, **facts: Any) -> Demand:
    """A demand the work group sets, behind all others; never marked as the plan's."""
    _ask(by, campaign)
    last = campaign.demands.aggregate(last=Max("order"))["last"] or 0
    demand = Demand.objects.create(
        campaign=campaign, order=last + 1, **{**facts, "is_from_plan": False}
    )
    record(by, "campaign.add_demand", demand, after=facts)
    return demand


@transaction.atomic
def edit_demand(by: User, demand: Demand, **facts: Any) -> None:
    """Change what is asked. Of a demand of the plan only the days and the number may be set."""
    if demand.is_from_plan:
        facts = {name: facts[name] for name in ("opens_on", "due_on", "quota") if name in facts}
    _change(by, demand.campaign, demand, facts)


@transaction.atomic
def withdraw_demand(by: User, demand: Demand) -> None:
    """Stop asking. Raises PermissionDenied for a demand of the plan."""
    _ask(by, demand.campaign)
    if demand.is_from_plan:
        raise PermissionDenied
    record(by, "campaign.withdraw_demand", demand, before={"title": demand.title})
    demand.delete()


def _change(by: User, campaign: Campaign, row: Model, facts: dict[str, Any]) -> None:
    _ask(by, campaign)
    before = {name: _plain(getattr(row, name)) for name in facts}
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
    after = {name: _plain(value) for name, value in facts.items()}
    record(by, f"campaign.edit_{row._meta.model_name}", row, before, after)


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)


def _ask(by: User, campaign: Campaign) -> None:
    if not can_steer(by, campaign):
        raise PermissionDenied
