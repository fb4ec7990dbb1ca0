"""The queue of the review desk, as each member of the plan group narrows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from proposals.desk_forms import QueueFilter
from proposals.models import Reply
from proposals.paging import neighbours, page_of
from proposals.permissions import can_set_rules
from proposals.queue import DRAWERS, Drawer, count_drawers, drawer_called, waiting_for
from proposals.replies import mean_days_to_decision
from proposals.services import rules_of
from proposals.views.lookup import plan_group_only

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from campaign.models import Campaign
    from proposals.models import Proposal
    from proposals.querysets import ProposalQuerySet

PAGE_ROWS = 30
KEYS = (
    ("j / k", "下一件、上一件"),
    ("1—5", "给亮起的一项打分，然后轮到下一项"),
    ("a", "采纳"),
    ("p", "部分采纳"),
    ("d", "不采纳"),
    ("c", "已有规定"),
    ("r", "退回完善"),
    ("s", "保存评分"),
    ("Ctrl+Enter", "保存正在填写的表单"),
)


@dataclass(frozen=True)
class Queue:
    """The queue as the query string narrows it."""

    rows: ProposalQuerySet
    everything: ProposalQuerySet
    drawer: Drawer
    form: QueueFilter
    query: str

    def drawers(self) -> list[tuple[Drawer, int]]:
        counts = count_drawers(self.everything)
        return [(drawer, counts[drawer.name]) for drawer in DRAWERS]


def queue_of(request: SignedInRequest, campaign: Campaign) -> Queue:
    form = QueueFilter(request.GET, campaign=campaign)
    everything = form.narrow(waiting_for(request.user, campaign))
    drawer = drawer_called(request.GET.get("show", ""))
    kept = request.GET.copy()
    for name in ("before", "after"):
        kept.pop(name, None)
    return Queue(everything.filter(drawer.condition), everything, drawer, form, kept.urlencode())


@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    campaign = plan_group_only(request)
    found = queue_of(request, campaign)
    page = page_of(found.rows.select_related("unit", "theme"), request.GET, PAGE_ROWS)
    context = {
        "page": page,
        "queue": found,
        "drawers": found.drawers(),
        "is_blind": rules_of(campaign).is_blind,
        "complaints": Reply.objects.in_campaign(campaign).unhappy().count(),
        "mean_days": mean_days_to_decision(campaign),
        "may_set_rules": can_set_rules(request.user, campaign),
        "today": timezone.localdate(),
        "keyboard_rows": KEYS,
    }
    return render(request, "proposals/queue.html", context)


def next_address(request: SignedInRequest, campaign: Campaign, proposal: Proposal) -> str:
    """Where to go after a step: the next one in the queue, with the same filters."""
    found = queue_of(request, campaign)
    _, later = neighbours(found.rows, proposal, 0, 1)
    address = reverse("proposals:desk")
    if later:
        address = reverse("proposals:desk_one", args=[later[0].pk])
    return f"{address}?{found.query}" if found.query else address
