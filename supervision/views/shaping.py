"""Changing a campaign's days and demands: first what it would do, then the change itself."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign import demanding, steering
from campaign.demand_forms import DemandForm
from campaign.forms import PhaseForm, StepForm
from campaign.meanwhile import ChangedMeanwhile
from campaign.models import Campaign, Demand, Phase, PhaseStep
from campaign.permissions import can_steer
from campaign.schedule import Unsettled
from supervision.burden import OverBudget, over_budget_words
from supervision.consequences import consequences
from supervision.services.demands import ask_more
from supervision.views.lookup import person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from campaign.schedule import Schedule


@require_http_methods(["GET", "POST"])
def phase(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Phase.objects.select_related("campaign"), pk=pk)
    _ask(request, row.campaign)
    form = PhaseForm(request.POST or None, instance=Phase.objects.get(pk=pk), campaign=row.campaign)
    return _weigh(
        request,
        form,
        row.campaign,
        heading=f"调整{row.name}",
        row=row,
        save=lambda facts: steering.edit_phase(person(request), row, **facts),
        trial=lambda schedule, facts: _set(schedule.phases, pk, facts),
        remove_url=reverse("campaign:remove_phase", args=[pk]),
        remove="去掉这个阶段",
    )


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PhaseStep.objects.select_related("phase__campaign"), pk=pk)
    campaign = row.phase.campaign
    _ask(request, campaign)
    form = StepForm(request.POST or None, instance=PhaseStep.objects.get(pk=pk), campaign=campaign)
    return _weigh(
        request,
        form,
        campaign,
        heading=f"调整步骤“{row.title}”",
        row=row,
        save=lambda facts: steering.edit_step(person(request), row, **facts),
        trial=lambda schedule, facts: _set(schedule.steps, pk, facts),
        remove_url=reverse("campaign:remove_step", args=[pk]),
        remove="去掉这一步",
    )


@require_http_methods(["GET", "POST"])
def add_demand(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(person(request)), slug=slug)
    _ask(request, campaign)
    form = DemandForm(request.POST or None, campaign=campaign)
    if form.is_valid():
        try:
            demand = ask_more(person(request), campaign, now=timezone.now(), **form.cleaned_data)
        except OverBudget as fault:
            form.add_error(None, over_budget_words(fault))
        else:
            messages.success(request, f"已增加要求“{demand.title}”。")
            return redirect(f"{reverse('campaign:plan_of', args=[slug])}#demands")
    return _page(request, form, campaign, {"heading": "增加报送要求"})


@require_http_methods(["GET", "POST"])
def edit_demand(request: HttpRequest, pk: int) -> HttpResponse:
    row = _demand(request, pk)
    form = DemandForm(
        request.POST or None, instance=Demand.objects.get(pk=pk), campaign=row.campaign
    )
    return _weigh(
        request,
        form,
        row.campaign,
        heading=f"修改要求“{row.title}”",
        row=row,
        save=lambda facts: demanding.edit_demand(person(request), row, **facts),
        trial=lambda schedule, facts: _set_demand(schedule, pk, facts),
        remove_url="" if row.is_from_plan else reverse("supervision:withdraw_demand", args=[pk]),
        remove="取消这项要求",
    )


@require_http_methods(["GET", "POST"])
def withdraw_demand(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    if demand.is_from_plan:
        raise PermissionDenied
    back = f"{reverse('campaign:plan_of', args=[demand.campaign.slug])}#demands"
    if request.method == "POST":
        demanding.withdraw_demand(person(request), demand)
        messages.success(request, f"已取消要求“{demand.title}”，不再提醒。")
        return redirect(back)
    context = {
        "heading": f"取消要求“{demand.title}”",
        "consequence": "取消后各单位不再看到这项要求，也不再收到提醒；已有的记录不受影响。",
        "submit": "取消要求",
        "is_final": True,
        "cancel_url": back,
    }
    return render(request, "confirm.html", context)


def _weigh(
    request: HttpRequest,
    form: Any,
    campaign: Campaign,
    *,
    heading: str,
    row: Any,
    save: Callable[[dict[str, Any]], None],
    trial: Callable[[Schedule, dict[str, Any]], None],
    remove_url: str,
    remove: str,
) -> HttpResponse:
    """Show the form; then what would follow, if anything would; then save."""
    more = {"heading": heading, "row": row, "remove_url": remove_url, "remove": remove}
    if not form.is_valid():
        return _page(request, form, campaign, more)
    facts = form.cleaned_data
    try:
        if "confirmed" not in request.POST:
            effects = consequences(
                campaign, lambda schedule: trial(schedule, facts), timezone.localdate()
            )
            if effects.matters:
                context = {"heading": heading, "campaign": campaign, "effects": effects}
                context["posted"] = [
                    (name, value)
                    for name, values in request.POST.lists()
                    if name != "csrfmiddlewaretoken"
                    for value in values
                ]
                return render(request, "supervision/consequences.html", context)
        save(facts)
    except Unsettled as fault:
        form.add_error(None, str(fault))
        return _page(request, form, campaign, more)
    except ChangedMeanwhile as fault:
        form.say_what_changed(fault)
        return _page(request, form, campaign, more)
    messages.success(request, f"已保存“{row}”。")
    return redirect("campaign:plan_of", campaign.slug)


def _set(rows: list[Any], pk: int, facts: dict[str, Any]) -> Any:
    row = next(row for row in rows if row.pk == pk)
    for name, value in facts.items():
        if name not in {"departments", "quotas", "seen"}:
            setattr(row, name, value)
    return row


def _set_demand(schedule: Schedule, pk: int, facts: dict[str, Any]) -> None:
    demand = _set(schedule.demands, pk, facts)
    demand._prefetched_objects_cache = {
        "quotas": demanding.quota_rows(demand, facts.get("quotas", ()))
    }


def _demand(request: HttpRequest, pk: int) -> Demand:
    demand = get_object_or_404(Demand.objects.select_related("campaign"), pk=pk)
    _ask(request, demand.campaign)
    return demand


def _ask(request: HttpRequest, campaign: Campaign) -> None:
    if not can_steer(person(request), campaign):
        raise PermissionDenied


def _page(
    request: HttpRequest, form: Any, campaign: Campaign, more: dict[str, Any]
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "campaign": campaign, **more}
    return render(request, "campaign/form.html", context, status=status)
