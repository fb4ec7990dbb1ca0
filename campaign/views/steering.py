"""Pages with which the campaign group sets bodies, days and demands."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campaign import steering
from campaign.forms import CampaignForm, DemandForm, PhaseForm
from campaign.models import Campaign, Demand, Phase
from campaign.permissions import can_steer

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = _steered(request, get_object_or_404(Campaign, slug=slug))
    form = CampaignForm(request.POST or None, instance=Campaign.objects.get(pk=campaign.pk))
    if form.is_valid():
        steering.edit_campaign(_who(request), campaign, **form.cleaned_data)
        messages.success(request, "已保存活动设置。")
        return redirect("campaign:plan")
    return _page(request, form, "活动设置")


@require_http_methods(["GET", "POST"])
def phase(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Phase.objects.select_related("campaign"), pk=pk)
    _steered(request, row.campaign)
    form = PhaseForm(request.POST or None, instance=Phase.objects.get(pk=pk))
    if form.is_valid():
        steering.edit_phase(_who(request), row, **form.cleaned_data)
        messages.success(request, f"已保存{row.name}。")
        return redirect("campaign:plan")
    return _page(request, form, f"调整{row.name}")


@require_http_methods(["GET", "POST"])
def add_demand(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = _steered(request, get_object_or_404(Campaign, slug=slug))
    form = DemandForm(request.POST or None)
    if form.is_valid():
        demand = steering.add_demand(_who(request), campaign, **form.cleaned_data)
        messages.success(request, f"已增加要求“{demand.title}”。")
        return redirect("campaign:plan")
    return _page(request, form, "增加报送要求")


@require_http_methods(["GET", "POST"])
def edit_demand(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    form = DemandForm(request.POST or None, instance=Demand.objects.get(pk=pk))
    if form.is_valid():
        steering.edit_demand(_who(request), demand, **form.cleaned_data)
        messages.success(request, f"已保存要求“{demand.title}”。")
        return redirect("campaign:plan")
    return _page(request, form, f"修改要求“{demand.title}”", demand)


@require_http_methods(["GET", "POST"])
def withdraw_demand(request: HttpRequest, pk: int) -> HttpResponse:
    demand = _demand(request, pk)
    if demand.is_from_plan:
        raise PermissionDenied
    if request.method == "POST":
        steering.withdraw_demand(_who(request), demand)
        messages.success(request, f"已取消要求“{demand.title}”，不再提醒。")
        return redirect("campaign:plan")
    context = {
        "heading": f"取消要求“{demand.title}”",
        "consequence": "取消后各单位不再看到这项要求，也不再收到提醒；已有的记录不受影响。",
        "submit": "取消要求",
        "is_final": True,
        "cancel_url": reverse("campaign:edit_demand", args=[pk]),
    }
    return render(request, "confirm.html", context)


def _demand(request: HttpRequest, pk: int) -> Demand:
    demand = get_object_or_404(Demand.objects.select_related("campaign"), pk=pk)
    _steered(request, demand.campaign)
    return demand


def _steered(request: HttpRequest, campaign: Campaign) -> Campaign:
    """The campaign, once it is known that the person may steer it; its plan is no secret."""
    if not can_steer(request.user, campaign):
        raise PermissionDenied
    return campaign


def _who(request: HttpRequest) -> User:
    return cast("User", request.user)


def _page(
    request: HttpRequest, form: Any, heading: str, demand: Demand | None = None
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "heading": heading, "demand": demand}
    return render(request, "campaign/form.html", context, status=status)
