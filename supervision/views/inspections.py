"""Inspections: the list, one visit with what it found, and the records beside their evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.models import Campaign
from seminars.models import Activity
from supervision.burden import OverBudget
from supervision.choices import InspectionStatus
from supervision.evidence import alike_in, beside
from supervision.inspection_forms import FindingForm, InspectionForm, VisitForm
from supervision.models import Inspection
from supervision.permissions import can_inspect, can_plan_inspection
from supervision.services import findings
from supervision.services import inspections as service
from supervision.services.inspections import AlreadySettled
from supervision.views.lookup import person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE_ROWS = 50
_HAS_HAD_ENOUGH = "这个单位本周的要求已到上限。请改到下周安排，或请组长在“减负”页写明理由批准增加。"
_RECORDS_SHOWN = 50


@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    """Visits this person may know of, latest first, with what is still open."""
    rows = Inspection.objects.visible_to(person(request)).with_list_facts()
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "may_plan": can_plan_inspection(person(request))}
    return render(request, "supervision/inspections.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    if not can_plan_inspection(person(request)):
        raise PermissionDenied
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no running campaign")
    form = InspectionForm(request.POST or None, initial={"inspectors": [person(request).pk]})
    if form.is_valid():
        try:
            made = service.plan_inspection(
                campaign, person(request), now=timezone.now(), **form.cleaned_data
            )
        except OverBudget:
            form.add_error("unit", _HAS_HAD_ENOUGH)
        else:
            messages.success(request, "已安排检查，受检单位的书记和联络员会收到消息。")
            return redirect("supervision:inspection", made.pk)
    status = 422 if form.errors else 200
    return render(request, "supervision/plan_inspection.html", {"form": form}, status=status)


@require_safe
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _inspection(request, pk)
    may_inspect = can_inspect(person(request), shown)
    context = {
        "inspection": shown,
        "inspectors": shown.inspectors.order_by("pk"),
        "findings": shown.findings.select_related("owner").order_by("pk"),
        "may_inspect": may_inspect,
        "may_visit": may_inspect and shown.status == InspectionStatus.PLANNED,
    }
    return render(request, "supervision/inspection.html", context)


@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write up the visit."""
    shown = _for_inspectors(request, pk)
    form = VisitForm(request.POST or None, initial={"visited_on": timezone.localdate()})
    if form.is_valid():
        try:
            service.record_visit(shown, person(request), **form.cleaned_data)
        except AlreadySettled:
            messages.warning(request, "这次检查刚刚已由他人登记或取消。")
        else:
            messages.success(request, "已登记检查情况。")
        return redirect("supervision:inspection", pk)
    context = {
        "heading": f"登记检查情况：{shown.title}",
        "consequence": "登记后受检单位可以看到。发现的问题请逐条登记，各有责任人和期限。",
        "submit": "登记检查情况",
        "cancel_url": reverse("supervision:inspection", args=[pk]),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def call_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then call the visit off."""
    shown = _for_inspectors(request, pk)
    if request.method == "POST":
        try:
            service.call_off(shown, person(request), timezone.now())
        except AlreadySettled:
            messages.warning(request, "这次检查已经实施或取消。")
        else:
            messages.success(request, "已取消检查并通知受检单位。")
        return redirect("supervision:inspection", pk)
    context = {
        "heading": f"取消检查：{shown.title}",
        "consequence": "受检单位的书记和联络员会收到取消的消息。取消后不能恢复，可以另行安排。",
        "submit": "取消检查",
        "cancel_url": reverse("supervision:inspection", args=[pk]),
        "is_final": True,
    }
    return render(request, "confirm.html", context)


@require_http_methods(["GET", "POST"])
def add_finding(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _for_inspectors(request, pk)
    form = FindingForm(
        request.POST or None,
        initial={"activity": request.GET.get("activity")},
        inspection=shown,
        by=person(request),
    )
    if form.is_valid():
        findings.add_finding(shown, person(request), now=timezone.now(), **form.cleaned_data)
        messages.success(request, "已登记问题，责任人会收到消息。")
        return redirect("supervision:inspection", pk)
    context = {"form": form, "inspection": shown}
    status = 422 if form.errors else 200
    return render(request, "supervision/add_finding.html", context, status=status)


@require_safe
def records(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit's records, and those among them that read alike."""
    shown = _for_inspectors(request, pk)
    visible = Activity.objects.visible_to(person(request)).logged().in_campaign(shown.campaign)
    rows = visible.of_subtree(shown.unit).newest_first().select_related("unit")
    context = {
        "inspection": shown,
        "records": rows[:_RECORDS_SHOWN],
        "alike": alike_in(shown.unit, shown.campaign, person(request)),
    }
    return render(request, "supervision/inspected_records.html", context)


@require_safe
def inspected_record(request: HttpRequest, pk: int, activity_pk: int) -> HttpResponse:
    """One record with the evidence beside it."""
    shown = _for_inspectors(request, pk)
    visible = Activity.objects.visible_to(person(request)).logged().in_campaign(shown.campaign)
    rows = visible.of_subtree(shown.unit).select_related("unit", "campaign")
    activity = get_object_or_404(rows, pk=activity_pk)
    context = {
        "inspection": shown,
        "activity": activity,
        "beside": beside(activity, person(request)),
    }
    return render(request, "supervision/inspected_record.html", context)


def _inspection(request: HttpRequest, pk: int) -> Inspection:
    visible = Inspection.objects.visible_to(person(request))
    return get_object_or_404(visible.select_related("unit", "campaign", "planned_by"), pk=pk)


def _for_inspectors(request: HttpRequest, pk: int) -> Inspection:
    shown = _inspection(request, pk)
    if not can_inspect(person(request), shown):
        raise PermissionDenied
    return shown
