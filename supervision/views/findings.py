"""One finding: what is to be put right, what was done, and the end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import send_file
from supervision.inspection_forms import ClosingForm, EvidenceForm, ReturnFindingForm
from supervision.models import Finding
from supervision.permissions import can_close_finding, can_give_evidence, can_return_finding
from supervision.services import findings as service
from supervision.services.inspections import AlreadySettled
from supervision.views.lookup import person

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """The finding; whoever answers for it says here what was done."""
    shown = _finding(request, pk)
    may_answer = can_give_evidence(person(request), shown)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    form = EvidenceForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            service.give_evidence(shown, person(request), now=timezone.now(), **form.cleaned_data)
        except AlreadySettled:
            messages.warning(request, "这个问题刚刚已销号，不必再提交。")
        else:
            messages.success(request, "已提交整改情况，发现人会收到消息。")
        return redirect("supervision:finding", pk)
    context = {
        "finding": shown,
        "owed_key": f"finding-{shown.pk}",
        "evidence": shown.evidence.select_related("by"),
        "form": form if may_answer else None,
        "may_close": can_close_finding(person(request), shown),
        "may_return": can_return_finding(person(request), shown),
    }
    status = 422 if form.errors else 200
    return render(request, "supervision/finding.html", context, status=status)


@require_safe
def evidence_file(request: HttpRequest, pk: int, evidence_pk: int) -> FileResponse:
    stored = get_object_or_404(_finding(request, pk).evidence.all(), pk=evidence_pk)
    if not stored.file:
        raise Http404(f"evidence {evidence_pk} has no file")
    return send_file(stored.file, stored.file_name)


@require_http_methods(["GET", "POST"])
def close_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the closing note, then take the finding off the list."""
    shown = _finding(request, pk)
    if not can_close_finding(person(request), shown):
        raise PermissionDenied
    form = ClosingForm(request.POST or None, finding=shown)
    if form.is_valid():
        try:
            service.close_finding(shown, person(request), now=timezone.now(), **form.cleaned_data)
        except AlreadySettled:
            messages.warning(request, "这个问题刚刚已销号。")
        else:
            messages.success(request, "已销号，责任人会收到消息。")
        return redirect("supervision:finding", pk)
    context = {
        "heading": f"销号：{shown.title}",
        "consequence": "销号后不再提醒，责任人会收到消息。销号意见留存备查，不能更改。",
        "submit": "确认销号",
        "cancel_url": reverse("supervision:finding", args=[pk]),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def return_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask what is still missing, then hand the finding back to its owner."""
    shown = _finding(request, pk)
    if not can_return_finding(person(request), shown):
        raise PermissionDenied
    form = ReturnFindingForm(request.POST or None)
    if form.is_valid():
        try:
            service.return_finding(shown, person(request), now=timezone.now(), **form.cleaned_data)
        except AlreadySettled:
            messages.warning(request, "这个问题刚刚已处理过。")
        else:
            messages.success(request, "已退回，责任人会收到消息，整改期限不变。")
        return redirect("supervision:finding", pk)
    context = {
        "heading": f"退回整改：{shown.title}",
        "consequence": "责任人会收到您写的理由，重新提交前照常提醒，整改期限不变。",
        "submit": "退回整改",
        "cancel_url": reverse("supervision:finding", args=[pk]),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


def _finding(request: HttpRequest, pk: int) -> Finding:
    visible = Finding.objects.visible_to(person(request))
    related = ("inspection__unit", "inspection__campaign", "owner", "found_by", "activity")
    return get_object_or_404(visible.select_related(*related, "closed_by"), pk=pk)
