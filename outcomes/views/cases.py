"""Cases (典型案例): the library, one of them, writing it up, and who took it up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from outcomes import services
from outcomes.forms import CaseFilter, CaseForm, ReuseForm
from outcomes.models import Case, Outcome
from outcomes.permissions import can_publish_case, can_reuse, can_write_case
from outcomes.services import AlreadySettled
from outcomes.views.shared import PAGE_ROWS, campaign_or_404, confirm, units_reported_for

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.models import User
    from accounts.requests import SignedInRequest
    from units.models import Unit


@require_safe
def case_list(request: SignedInRequest) -> HttpResponse:
    campaign = campaign_or_404()
    form = CaseFilter(request.GET, campaign=campaign)
    rows = form.narrow(Case.objects.visible_to(request.user).in_campaign(campaign))
    page = Paginator(rows.with_list_facts(), PAGE_ROWS).get_page(request.GET.get("page"))
    return render(request, "outcomes/cases.html", {"form": form, "page": page})


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = _case(request, pk)
    context = {
        "case": shown,
        "reuses": shown.reuses.select_related("unit"),
        "may_write": can_write_case(request.user, shown.outcome),
        "may_publish": shown.published_at is None and can_publish_case(request.user, shown),
        "may_reuse": bool(_units_to_reuse(request.user, shown)),
    }
    return render(request, "outcomes/case.html", context)


@require_http_methods(["GET", "POST"])
def write(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write an outcome up for others; until it is published it may be written anew."""
    rows = Outcome.objects.visible_to(request.user).select_related("unit", "campaign", "case")
    outcome = get_object_or_404(rows, pk=pk)
    if not can_write_case(request.user, outcome):
        raise PermissionDenied
    form = CaseForm(request.POST or None, case=getattr(outcome, "case", None))
    if form.is_valid():
        written = services.write_case(outcome, request.user, **form.cleaned_data)
        messages.success(request, "已保存案例，由三大工作组审核发布。")
        return redirect("outcomes:case", written.pk)
    context = {"form": form, "outcome": outcome}
    status = 422 if form.errors else 200
    return render(request, "outcomes/case_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = _case(request, pk)
    if not can_publish_case(request.user, shown):
        raise PermissionDenied
    if request.method == "POST":
        try:
            services.publish_case(shown, request.user, timezone.now())
        except AlreadySettled:
            messages.warning(request, "这个案例刚刚已由他人发布。")
        else:
            messages.success(request, "已发布案例。")
        return redirect("outcomes:case", pk)
    return confirm(
        request,
        f"发布典型案例：{shown.outcome.title}",
        "发布后所有人可以看到并登记借鉴，文字不能再改。",
        "发布案例",
        reverse("outcomes:case", args=[pk]),
    )


@require_http_methods(["GET", "POST"])
def reuse(request: SignedInRequest, pk: int) -> HttpResponse:
    """Another unit says that it took the case up."""
    shown = _case(request, pk)
    units = _units_to_reuse(request.user, shown)
    if not units:
        raise PermissionDenied
    form = ReuseForm(request.POST or None, units=units)
    if form.is_valid():
        try:
            services.reuse_case(shown, request.user, now=timezone.now(), **form.cleaned_data)
        except AlreadySettled:
            messages.warning(request, "这个单位已经登记过借鉴。")
        else:
            messages.success(request, "已登记借鉴。")
        return redirect("outcomes:case", pk)
    return confirm(
        request,
        f"登记借鉴：{shown.outcome.title}",
        "写本单位怎么用、改了什么。每个单位登记一次。",
        "登记借鉴",
        reverse("outcomes:case", args=[pk]),
        form,
    )


def _units_to_reuse(user: User, case: Case) -> list[Unit]:
    return [unit for unit in units_reported_for(user) if can_reuse(user, case, unit)]


def _case(request: SignedInRequest, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.user).with_list_facts(), pk=pk)
