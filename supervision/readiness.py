"""How the organisation stands ready: working bodies, and what each addressed unit has set up.

Facts and gaps, no ranks (S1, S33, S35, N7). Every function costs the same number of queries
however many units there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.choices import DemandKind
from supervision.addressees import addressed_kinds
from supervision.choices import HandInState
from supervision.models import Fulfilment
from units.choices import LEADING_POSITIONS, Position, UnitKind
from units.models import Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign, Demand, Receipt


@dataclass(frozen=True)
class Body:
    """A working body of the school with its people of one day, and what is not as planned."""

    label: str
    unit: Unit | None
    chairs: tuple[str, ...] = ()
    deputies: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Readiness:
    """One addressed unit: its receipt, its working team, its implementation plan."""

    unit: Unit
    receipt: Receipt | None
    team: Unit | None
    team_leads: tuple[str, ...]
    plan: Fulfilment | None
    #: The demand for an implementation plan, if the unit owes one.
    demand: Demand | None

    @property
    def plan_key(self) -> str:
        """The obligation under which the plan is handed in and decided on."""
        return f"demand-{self.demand.pk}-{self.unit.pk}" if self.demand else ""

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is still to be done, in the order in which it is done."""
        gaps = []
        if self.receipt is None:
            gaps.append("未签收方案")
        if self.team is None:
            gaps.append("未成立工作小组")
        elif not self.team_leads:
            gaps.append("工作小组没有组长")
        if self.demand is not None and self.plan is None:
            gaps.append("没有实施方案")
        elif self.plan is not None and self.plan.state == HandInState.RETURNED:
            gaps.append("实施方案被退回")
        return tuple(gaps)


def readiness(campaign: Campaign, user: User, on: date) -> list[Readiness]:
    """The addressed units `user` may see, in tree order."""
    visible = Unit.objects.visible_to(user).open().of_kind(*addressed_kinds(campaign))
    units = list(visible.order_by("path"))
    receipts = {receipt.unit_id: receipt for receipt in campaign.receipts.filter(unit__in=units)}
    teams = _teams(units)
    leads = _leads(teams.values(), on)
    demands = list(
        campaign.demands.filter(kind=DemandKind.IMPLEMENTATION_PLAN).prefetch_related("quotas")
    )
    plans = _plans(demands, units)
    return [
        Readiness(
            unit=unit,
            receipt=receipts.get(unit.pk),
            team=teams.get(unit.path),
            team_leads=leads.get(teams[unit.path].pk, ()) if unit.path in teams else (),
            plan=plans.get(unit.pk),
            demand=next((demand for demand in demands if demand.quota_for(unit)), None),
        )
        for unit in units
    ]


def _teams(units: Sequence[Unit]) -> dict[str, Unit]:
    """Open working teams by the path of the unit they stand under, the first one made."""
    paths = {unit.path for unit in units}
    teams: dict[str, Unit] = {}
    for team in Unit.objects.open().of_kind(UnitKind.WORKING_TEAM).order_by("path"):
        parent = team.path[: -Unit.steplen]
        if parent in paths:
            teams.setdefault(parent, team)
    return teams


def _leads(teams: Iterable[Unit], on: date) -> dict[int, tuple[str, ...]]:
    leads: dict[int, tuple[str, ...]] = {}
    posts = Membership.objects.current(on).filter(unit__in=list(teams), position=Position.CHAIR)
    for post in posts.select_related("user").order_by("starts_on", "pk"):
        leads[post.unit_id] = (*leads.get(post.unit_id, ()), post.user.name)
    return leads


def _plans(demands: Sequence[Demand], units: Sequence[Unit]) -> dict[int, Fulfilment]:
    """The latest implementation plan each unit handed in."""
    handed_in = Fulfilment.objects.filter(demand__in=demands, unit__in=units).order_by("pk")
    return {plan.unit_id: plan for plan in handed_in}


def bodies(campaign: Campaign, on: date) -> tuple[Body, Body]:
    """The campaign group and the plan group as they stand on `on`."""
    groups = [campaign.campaign_group_id, campaign.plan_group_id]
    posts = list(
        Membership.objects.current(on)
        .filter(unit__in=[pk for pk in groups if pk])
        .by_rank()
        .select_related("user")
    )
    composition = campaign.composition
    campaign_group = _body(
        composition.get("campaign_group") or "三大工作组",
        campaign.campaign_group,
        [post for post in posts if post.unit_id == campaign.campaign_group_id],
    )
    plan_group = _body(
        composition.get("plan_group") or "“双高计划”工作组",
        campaign.plan_group,
        [post for post in posts if post.unit_id == campaign.plan_group_id],
    )
    return _compared(campaign_group, campaign, posts, on), plan_group


def _body(label: str, unit: Unit | None, posts: Sequence[Membership]) -> Body:
    remarks = () if unit else ("还没有在活动设置里选定。",)
    return Body(
        label,
        unit,
        tuple(post.user.name for post in posts if post.position == Position.CHAIR),
        tuple(post.user.name for post in posts if post.position == Position.DEPUTY_CHAIR),
        tuple(post.user.name for post in posts if post.position not in LEADING_POSITIONS),
        remarks,
    )


def _compared(body: Body, campaign: Campaign, posts: Sequence[Membership], on: date) -> Body:
    """`body` with what differs from the composition the plan prescribes (S33)."""
    if body.unit is None:
        return body
    remarks = list(body.remarks)
    chairs = campaign.composition.get("chairs", [])
    if chairs and len(body.chairs) != len(chairs):
        named = "、".join(chairs)
        remarks.append(
            f"方案规定组长{len(chairs)}人（{named}），现登记{len(body.chairs)}人，请到单位页登记任职。"
        )
    departments = campaign.composition.get("member_departments", [])
    people = [post.user_id for post in posts if post.unit_id == body.unit.pk]
    missing = _missing_departments(departments, people, on) if departments else []
    if missing:
        remarks.append(f"成员部门中还没有人登记为成员：{'、'.join(missing)}。")
    return Body(body.label, body.unit, body.chairs, body.deputies, body.members, tuple(remarks))


def _missing_departments(departments: Sequence[str], people: Sequence[int], on: date) -> list[str]:
    homes = Membership.objects.current(on).filter(user__in=people)
    names = {name for pair in homes.values_list("unit__name", "unit__short_name") for name in pair}
    return [department for department in departments if department not in names]
