"""What is owed, and why somebody was reminded of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaign.models import Campaign
from core.working_calendar import WorkingCalendar
from supervision import obligations, wording
from supervision.counting import SAID_KINDS
from supervision.doing import records_towards, way_to_do
from supervision.forms import OwedFilterForm
from supervision.ladder import Thresholds
from supervision.lines import line
from supervision.models import Extension, Fulfilment, LadderStep
from supervision.permissions import (
    can_approve,
    can_ask_extension,
    can_confirm_red,
    can_read_log,
    can_say_done,
)
from supervision.sent import told_of
from supervision.services import ladder
from supervision.views.lookup import find_owed, person
from supervision.views.places import places_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from supervision.owing import Obligation

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
    everything = obligations.visible_to(person(request), campaign, on) if campaign else []
    chosen = next((view for view in VIEWS if view.name == request.GET.get("show")), VIEWS[0])
    form = OwedFilterForm(request.GET)
    rows = [owed for owed in everything if chosen.takes(owed, on) and form.takes(owed)]
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    thresholds = ladder.thresholds_of(campaign) if campaign else Thresholds()
    context = {
        "lines": [line(owed, thresholds, on) for owed in page.object_list],
        "confirmed": ladder.confirmed_red(page.object_list),
        "form": form,
        "page": page,
        "views": VIEWS,
        "chosen": chosen,
        "places": places_of(person(request), campaign),
    }
    return render(request, "supervision/owed_list.html", context)


@require_safe
def owed(request: HttpRequest, key: str) -> HttpResponse:
    """One obligation: how far it is, which rungs were reached, what the person may do."""
    on = timezone.localdate()
    campaign, one = find_owed(request, key, on)
    of_this = LadderStep.objects.filter(campaign=campaign, obligation=key)
    steps = list(of_this.select_related("confirmed_by"))
    user = person(request)
    extensions = Extension.objects.filter(campaign=campaign, obligation=key).select_related(
        "asked_by", "decided_by"
    )
    is_red = bool(ladder.confirmed_red([one]))
    thresholds = ladder.thresholds_of(campaign)
    context = {
        "owed": one,
        "line": line(one, thresholds, on),
        "steps": told_of(steps),
        "thresholds": thresholds,
        "grounds": wording.grounds(one),
        "waiting_for": wording.waiting_for(one),
        "way_out": wording.way_out(one),
        "extensions": extensions,
        "fulfilments": _fulfilments(one),
        "reservation": WorkingCalendar().reservation(on, max(one.due_on or on, on)),
        "way": way_to_do(one) if obligations.owed_by(user, [one]) else None,
        "records": []
        if _is_said(one)  # listed with their answers as what was handed in
        else records_towards(one, campaign, user, obligations.first_day(campaign, on)),
        "may_confirm_red": one.is_overdue(on) and not is_red and can_confirm_red(user),
        "may_read_log": can_read_log(user),
        "may_ask": can_ask_extension(user, one)
        and all(extension.is_granted is not None for extension in extensions),
        "may_answer": can_confirm_red(user),
        "may_approve": one.demand is not None
        and one.demand.needs_approval
        and can_approve(user, one.demand),
        "may_say_done": _is_said(one) and one.unit is not None and can_say_done(user, one.unit),
    }
    return render(request, "supervision/owed.html", context)


def _is_said(owed: Obligation) -> bool:
    """Whether only the unit itself can say that it is done."""
    return owed.demand is not None and owed.demand.kind in SAID_KINDS


def _fulfilments(owed: Obligation) -> QuerySet[Fulfilment]:
    said = Fulfilment.objects.filter(demand=owed.demand, unit=owed.unit)
    return (
        (said if _is_said(owed) else said.none())
        .select_related("by")
        .prefetch_related("files")
        .order_by("pk")
    )


@require_POST
def confirm_red(request: HttpRequest, key: str) -> HttpResponse:
    now = timezone.now()
    campaign, _one = find_owed(request, key, timezone.localdate(now))
    try:
        sent = ladder.confirm_red(campaign, key, person(request), now)
    except ladder.NotOverdue:
        messages.warning(request, "这一事项已完成、已确认或期限已调整，没有发出红色督办。")
    else:
        messages.success(request, f"已确认，红色督办发给{sent.audience.role}。")
    return redirect("supervision:owed", key)
