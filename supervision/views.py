"""What is owed, and why somebody was reminded of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaign.models import Campaign
from supervision import obligations, services, wording
from supervision.choices import Rung
from supervision.ladder import Thresholds
from supervision.lines import line
from supervision.models import LadderStep
from supervision.permissions import can_confirm_red

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from supervision.obligations import Obligation

PAGE_ROWS = 50


@dataclass(frozen=True)
class View:
    """One way to look at the list; the first is shown when none is chosen."""

    name: str
    label: str
    takes: Callable[[Obligation, date], bool]


VIEWS = (
    View("open", "未完成", lambda owed, _on: not owed.is_met),
    View("overdue", "已超期", lambda owed, on: owed.is_overdue(on)),
    View("met", "已完成", lambda owed, _on: owed.is_met),
)


@require_safe
def owed_list(request: HttpRequest) -> HttpResponse:
    """Everything owed that this person may look at, soonest first."""
    on = timezone.localdate()
    campaign = Campaign.objects.current()
    everything = obligations.visible_to(_user(request), campaign, on) if campaign else []
    chosen = next((view for view in VIEWS if view.name == request.GET.get("show")), VIEWS[0])
    rows = [owed for owed in everything if chosen.takes(owed, on)]
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    thresholds = services.thresholds_of(campaign) if campaign else Thresholds()
    context = {
        "lines": [line(owed, thresholds, on) for owed in page.object_list],
        "page": page,
        "views": VIEWS,
        "chosen": chosen,
    }
    return render(request, "supervision/owed_list.html", context)


@require_safe
def owed(request: HttpRequest, key: str) -> HttpResponse:
    """One obligation: how far it is, which rungs were reached, what the person may do."""
    on = timezone.localdate()
    campaign, one = _find(request, key, on)
    steps = LadderStep.objects.filter(campaign=campaign, obligation=key).select_related(
        "confirmed_by"
    )
    is_red = any(step.rung == Rung.RED and step.due_on == one.due_on for step in steps)
    thresholds = services.thresholds_of(campaign)
    context = {
        "owed": one,
        "line": line(one, thresholds, on),
        "steps": steps,
        "thresholds": thresholds,
        "grounds": wording.grounds(one),
        "way_out": wording.way_out(one),
        "may_confirm_red": one.is_overdue(on) and not is_red and can_confirm_red(_user(request)),
    }
    return render(request, "supervision/owed.html", context)


@require_POST
def confirm_red(request: HttpRequest, key: str) -> HttpResponse:
    now = timezone.now()
    campaign, _one = _find(request, key, timezone.localdate(now))
    try:
        sent = services.confirm_red(campaign, key, _user(request), now)
    except services.NotOverdue:
        messages.warning(request, "这一事项已完成、已确认或期限已调整，没有发出红色督办。")
    else:
        messages.success(request, f"已确认，红色督办发给{sent.audience.role}。")
    return redirect("supervision:owed", key)


def _find(request: HttpRequest, key: str, on: date) -> tuple[Campaign, Obligation]:
    """The obligation if the person may see it; Http404 otherwise."""
    campaign = Campaign.objects.current()
    if campaign is not None:
        for one in obligations.visible_to(_user(request), campaign, on):
            if one.key == key:
                return campaign, one
    raise Http404(key)


def _user(request: HttpRequest) -> User:
    return cast("User", request.user)
