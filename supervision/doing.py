"""Where a person goes to do what is owed, and the records that count towards it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from campaign.choices import DemandKind
from proposals.models import Proposal
from seminars.models import Activity, Opinion
from supervision.choices import Duty
from supervision.counting import SOURCES, counted_records

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign
    from supervision.owing import Obligation

#: How many records a page names; the ledger has the rest.
MOST_RECORDS = 20


@dataclass(frozen=True)
class Way:
    """A link to where something is done."""

    label: str
    url: str


@dataclass(frozen=True)
class Counted:
    """A record that counts; `url` is empty where it has no page of its own."""

    title: str
    url: str


def way_to_do(owed: Obligation) -> Way | None:
    """None where only the page of the obligation itself helps."""
    if owed.demand is not None:
        label, route = _FOR_DEMANDS.get(owed.demand.kind, ("", ""))
        return Way(label, reverse(route)) if route else None
    label, route = _FOR_DUTIES.get(owed.duty, ("", ""))
    if not route:
        return None
    return Way(label, reverse(route, args=[owed.record_id] if owed.record_id else []))


_FOR_DEMANDS: dict[str, tuple[str, str]] = {
    DemandKind.ACTIVITY: ("记一笔", "seminars:log"),
    DemandKind.KICK_OFF: ("记一笔", "seminars:log"),
    DemandKind.OPINION: ("登记意见", "seminars:opinions"),
    DemandKind.PROPOSAL: ("起草建议", "proposals:start"),
    DemandKind.OUTCOME_PAPER: ("登记成果", "outcomes:record_outcome"),
    DemandKind.SUBMISSION_PACKAGE: ("编制报送材料", "proposals:packages"),
}
_FOR_DUTIES: dict[str, tuple[str, str]] = {
    Duty.REVIEW: ("打开审议台", "proposals:desk"),
    Duty.SECOND_REPLY: ("打开建议再次答复", "proposals:detail"),
    Duty.WORDING: ("打开建议", "proposals:detail"),
    Duty.RETURNED: ("打开建议", "proposals:detail"),
    Duty.PACKAGE: ("打开报送材料", "proposals:package"),
    Duty.FINDING: ("打开问题，提交整改情况", "supervision:finding"),
    Duty.CLOSING: ("打开问题，核对整改情况", "supervision:finding"),
    Duty.MEASURE: ("打开举措", "outcomes:measure"),
    Duty.MILESTONE: ("打开举措，报告进展", "outcomes:measure"),
    Duty.SETTLING: ("处理意见和问题", "seminars:opinions"),
    Duty.REFERRAL: ("反馈办理情况", "proposals:report_back"),
}


def records_towards(owed: Obligation, campaign: Campaign, user: User, since: date) -> list[Counted]:
    """What counts towards a demand already, as far as this person may see it, latest first."""
    if owed.demand is None or owed.unit is None or owed.demand.kind not in SOURCES:
        return []
    rows = counted_records(owed.demand, owed.unit, campaign, since)
    visible = getattr(rows, "visible_to", None)
    shown = visible(user) if visible else rows
    address = _ADDRESSES.get(rows.model, _nowhere)
    return [Counted(str(row), address(row)) for row in shown[:MOST_RECORDS]]


def _nowhere(_row: Any) -> str:
    return ""


_ADDRESSES: dict[type[Any], Callable[[Any], str]] = {
    Activity: lambda row: reverse("seminars:activity", args=[row.pk]),
    Proposal: lambda row: reverse("proposals:detail", args=[row.pk]),
    Opinion: _nowhere,
}
