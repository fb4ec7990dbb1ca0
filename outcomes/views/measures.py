"""Measures: the list, one with its milestones and reports, and what is done with it."""

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
from outcomes.choices import MeasureStatus
from outcomes.forms import MeasureFilter, MeasureForm, MilestoneForm, NoteForm, ProgressForm
from outcomes.models import Measure
from outcomes.permissions import can_close, can_keep_measures, can_record_outcome, can_report_on
from outcomes.services import AlreadySettled, Incomplete
from outcomes.views.shared import PAGE_ROWS, campaign_or_404, confirm
from proposals.models import Proposal

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest

_TOO_LATE = "这项举措的状态刚刚被他人更改，请核对后再操作。"


@require_safe
def measure_list(request: SignedInRequest) -> HttpResponse:
    campaign = campaign_or_404()
    form = MeasureFilter(request.GET, campaign=campaign)
    rows = form.narrow(Measure.objects.visible_to(request.user).in_campaign(campaign))
    context = {
        "form": form,
        "page": Paginator(rows.with_list_facts(), PAGE_ROWS).get_page(request.GET.get("page")),
        "today": timezone.localdate(),
        "overdue": rows.overdue(timezone.localdate()).count(),
        "may_draft": can_keep_measures(request.user, campaign),
    }
    return render(request, "outcomes/measures.html", context)


@require_safe
def measure(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = _measure(request, pk)
    revision = shown.revision
    may_keep = can_keep_measures(request.user, shown.campaign)
    is_closed = shown.status == MeasureStatus.CLOSED
    context = {
        "measure": shown,
        "today": timezone.localdate(),
        "milestones": shown.milestones.all(),
        "reports": shown.reports.select_related("by", "milestone"),
        "outcomes": shown.outcomes.order_by("achieved_on", "pk"),
        "revision": revision,
        "may_open_proposal": revision is not None
        and Proposal.objects.visible_to(request.user)
        .filter(pk=revision.decision.proposal_id)
        .exists(),
        "missing": services.missing_in(shown) if shown.status == MeasureStatus.DRAFT else [],
        "may_change": may_keep and not is_closed,
        "may_report": can_report_on(request.user, shown),
        "may_close": can_close(request.user, shown),
        "may_record": shown.status != MeasureStatus.DRAFT
        and can_record_outcome(request.user, shown.campaign, shown.unit),
        "versions": shown.history.select_related("history_user").all() if may_keep else [],
    }
    return render(request, "outcomes/measure.html", context)


@require_http_methods(["GET", "POST"])
def draft(request: SignedInRequest) -> HttpResponse:
    campaign = campaign_or_404()
    if not can_keep_measures(request.user, campaign):
        raise PermissionDenied
    initial = {name: request.GET.get(name) for name in ("revision", "theme", "unit")}
    form = MeasureForm(
        request.POST or None, initial={**initial, "horizon": "current"}, campaign=campaign
    )
    if form.is_valid():
        made = services.draft_measure(campaign, request.user, **form.cleaned_data)
        messages.success(request, "举措已存为草稿，补全责任人、指标和时限后可以公布。")
        return redirect("outcomes:measure", made.pk)
    context = {"form": form, "heading": "拟定举措"}
    status = 422 if form.errors else 200
    return render(request, "outcomes/measure_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = _for_keepers(request, pk)
    form = MeasureForm(request.POST or None, instance=shown, campaign=shown.campaign)
    if form.is_valid():
        try:
            services.change_measure(shown, request.user, now=timezone.now(), **form.cleaned_data)
        except Incomplete as missing:
            form.add_error(None, f"已公布的举措不能缺少{missing}，请补全。")
        except AlreadySettled:
            messages.warning(request, _TOO_LATE)
            return redirect("outcomes:measure", pk)
        else:
            messages.success(request, "已保存举措。")
            return redirect("outcomes:measure", pk)
    context = {"form": form, "heading": "修改举措", "measure": shown}
    status = 422 if form.errors else 200
    return render(request, "outcomes/measure_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = _for_keepers(request, pk)
    if request.method == "POST":
        try:
            services.publish_measure(shown, request.user, timezone.now())
        except Incomplete as missing:
            messages.warning(request, f"这项举措还缺{missing}，请先补全再公布。")
        except AlreadySettled:
            messages.warning(request, _TOO_LATE)
        else:
            messages.success(request, "已公布举措，责任人会收到消息。")
        return redirect("outcomes:measure", pk)
    return confirm(
        request,
        f"公布举措：{shown.title}",
        "公布后所有人可以看到，责任人会收到消息，到期前列入应办事项。",
        "公布举措",
        _address(pk),
    )


@require_http_methods(["GET", "POST"])
def add_milestone(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = _for_keepers(request, pk)
    form = MilestoneForm(request.POST or None, measure=shown)
    if form.is_valid():
        try:
            services.add_milestone(shown, request.user, **form.cleaned_data)
        except AlreadySettled:
            messages.warning(request, _TOO_LATE)
        return redirect("outcomes:measure", pk)
    return confirm(
        request,
        f"增加节点：{shown.title}",
        "节点按时限列入责任单位的应办事项。",
        "增加节点",
        _address(pk),
        form,
    )


@require_http_methods(["GET", "POST"])
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """The responsible unit says how it goes."""
    shown = _measure(request, pk)
    if not can_report_on(request.user, shown):
        raise PermissionDenied
    form = ProgressForm(request.POST or None, measure=shown)
    if form.is_valid():
        given = {"milestone": None, **form.cleaned_data}
        try:
            services.report_progress(shown, request.user, now=timezone.now(), **given)
        except AlreadySettled:
            messages.warning(request, "这个节点刚刚已由他人报告完成。")
        else:
            messages.success(request, "已报告进展。")
        return redirect("outcomes:measure", pk)
    return confirm(
        request,
        f"报告进展：{shown.title}",
        "写做了什么、到了哪一步。报告后不能修改，可以再报。",
        "报告进展",
        _address(pk),
        form,
    )


@require_http_methods(["GET", "POST"])
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take it off the list (销号)."""
    shown = _measure(request, pk)
    if not can_close(request.user, shown):
        raise PermissionDenied
    form = NoteForm(request.POST or None)
    if form.is_valid():
        try:
            services.close_measure(shown, request.user, now=timezone.now(), **form.cleaned_data)
        except AlreadySettled:
            messages.warning(request, _TOO_LATE)
        else:
            messages.success(request, "已办结销号。")
        return redirect("outcomes:measure", pk)
    return confirm(
        request,
        f"办结销号：{shown.title}",
        "销号后这项举措不再列入应办事项，也不能再报告进展。成果仍可登记。",
        "办结销号",
        _address(pk),
        form,
    )


def _address(pk: int) -> str:
    return reverse("outcomes:measure", args=[pk])


def _measure(request: SignedInRequest, pk: int) -> Measure:
    rows = Measure.objects.visible_to(request.user).select_related(
        "unit", "theme", "owner", "campaign", "revision__clause", "revision__decision__proposal"
    )
    found: Measure = get_object_or_404(rows, pk=pk)
    return found


def _for_keepers(request: SignedInRequest, pk: int) -> Measure:
    shown = _measure(request, pk)
    if not can_keep_measures(request.user, shown.campaign):
        raise PermissionDenied
    return shown
