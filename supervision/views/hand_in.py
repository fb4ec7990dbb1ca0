"""Handing in what a demand asks for, and the asking group's answer."""

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
from supervision.counting import SAID_KINDS
from supervision.forms import HandInAnswerForm, HandInForm
from supervision.models import Fulfilment, FulfilmentFile
from supervision.permissions import can_approve, can_say_done
from supervision.services.fulfilments import AlreadyAnswered, decide_hand_in, say_done
from supervision.views.lookup import find_owed, person

if TYPE_CHECKING:
    from django.http import FileResponse, HttpRequest, HttpResponse

    from campaign.models import Demand

_MOST_ROWS = 200


@require_http_methods(["GET", "POST"])
def done(request: HttpRequest, key: str) -> HttpResponse:
    """A form in which a unit hands in what is asked of it."""
    now = timezone.now()
    _campaign, owed = find_owed(request, key, timezone.localdate(now))
    if owed.demand is None or owed.unit is None:
        raise Http404(key)
    if not can_say_done(person(request), owed.unit):
        raise PermissionDenied
    if owed.demand.kind not in SAID_KINDS:
        messages.warning(request, "这一事项按活动记录自动核对，不需要登记。")
        return redirect("supervision:owed", key)
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = HandInForm(*bound, demand=owed.demand, initial={"done_on": timezone.localdate(now)})
    if bound and form.is_valid():
        say_done(owed.demand, owed.unit, person(request), now=now, **form.cleaned_data)
        messages.success(request, "已登记完成。")
        return redirect("supervision:owed", key)
    context = {
        "heading": f"登记完成：{owed.title}",
        "consequence": _consequence(owed.demand),
        "submit": "登记完成",
        "cancel_url": reverse("supervision:owed", args=[key]),
        "form": form,
        "is_multipart": True,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


def _consequence(demand: Demand) -> str:
    seen = "三大工作组可以看到材料和登记人。"
    if not demand.needs_approval:
        return f"登记后计入本单位进度，{seen}"
    approver = demand.approver.short_name if demand.approver else "工作组"
    return f"登记后由{approver}审核，通过才算完成；退回的按审核意见改好重交。{seen}"


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for an answer of the person's working bodies."""
    rows = Fulfilment.objects.to_be_answered_by(person(request))
    rows = rows.select_related("unit", "demand", "by")[:_MOST_ROWS]
    return render(request, "supervision/handed_in.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One thing handed in, with the form that answers it."""
    seen = Fulfilment.objects.visible_to(person(request)).select_related(
        "unit", "demand__campaign", "by"
    )
    fulfilment = get_object_or_404(seen, pk=pk)
    if not can_approve(person(request), fulfilment.demand):
        raise PermissionDenied
    form = HandInAnswerForm(request.POST or None)
    if form.is_valid():
        try:
            decide_hand_in(fulfilment, person(request), now=timezone.now(), **form.cleaned_data)
        except AlreadyAnswered:
            messages.warning(request, "这份材料刚刚已由他人审核。")
        else:
            messages.success(request, "已审核，登记人会收到消息。")
        return redirect("supervision:handed_in")
    context = {"fulfilment": fulfilment, "form": form}
    status = 422 if form.errors else 200
    return render(request, "supervision/decide_hand_in.html", context, status=status)


@require_safe
def file(request: HttpRequest, pk: int) -> FileResponse:
    """A file that was handed in, for those who may see what the unit did."""
    seen = Fulfilment.objects.visible_to(person(request))
    found = get_object_or_404(FulfilmentFile.objects.filter(fulfilment__in=seen), pk=pk)
    return send_file(found.file, found.name)
