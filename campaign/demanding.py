"""Setting what units owe. Of a demand of the plan only numbers, days and conditions change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from accounts.audit import record
from campaign.models import Demand, DemandQuota
from campaign.steering import ask, change, plain, settle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from campaign.models import Campaign
    from units.models import Unit

#: What a demand of the plan says itself; the work group does not reword it.
WORDED_BY_THE_PLAN = frozenset({"kind", "title", "text", "unit_kinds", "activity_kinds"})


class Quota(NamedTuple):
    """Another number for units of a kind, or for one unit; one of the two is set."""

    unit_kind: str
    unit: Unit | None
    number: int


@transaction.atomic
def add_demand(by: User, campaign: Campaign, quotas: Sequence[Quota] = (), **facts: Any) -> Demand:
    """A demand the work group sets, behind all others; never marked as the plan's."""
    ask(by, campaign)
    last = campaign.demands.aggregate(last=Max("order"))["last"] or 0
    demand = Demand.objects.create(
        campaign=campaign, order=last + 1, **{**facts, "is_from_plan": False}
    )
    _set_quotas(by, demand, quotas)
    record(by, "campaign.add_demand", demand, after=plain(facts))
    settle(by, campaign)
    return demand


@transaction.atomic
def edit_demand(
    by: User,
    demand: Demand,
    quotas: Sequence[Quota] | None = None,
    *,
    seen: str = "",
    **facts: Any,
) -> None:
    """Change what is asked; of a demand of the plan everything but its words.

    Raises ChangedMeanwhile; see `steering.change`.
    """
    if demand.is_from_plan:
        facts = {name: value for name, value in facts.items() if name not in WORDED_BY_THE_PLAN}
    change(by, demand.campaign, demand, facts, seen)
    if quotas is not None:
        _set_quotas(by, demand, quotas)
    settle(by, demand.campaign)


@transaction.atomic
def withdraw_demand(by: User, demand: Demand) -> None:
    """Stop asking. Raises PermissionDenied for a demand of the plan."""
    ask(by, demand.campaign)
    if demand.is_from_plan:
        raise PermissionDenied
    record(by, "campaign.withdraw_demand", demand, before={"title": demand.title})
    demand.delete()


def quota_rows(demand: Demand, quotas: Sequence[Quota]) -> list[DemandQuota]:
    """Unsaved rows of `quotas`, in their order."""
    return [
        DemandQuota(demand=demand, unit_kind=one.unit_kind, unit=one.unit, quota=one.number)
        for one in quotas
    ]


def _set_quotas(by: User, demand: Demand, quotas: Sequence[Quota]) -> None:
    before = {str(row): row.quota for row in demand.quotas.select_related("unit")}
    rows = quota_rows(demand, quotas)
    after = {str(row): row.quota for row in rows}
    if before == after:
        return
    demand.quotas.all().delete()
    DemandQuota.objects.bulk_create(rows)
    record(by, "campaign.set_quotas", demand, {"quotas": before}, {"quotas": after})
