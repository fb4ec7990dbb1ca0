"""Asking for a later deadline and answering."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from supervision.forms import AnswerForm, ExtensionForm
from supervision.models import Extension
from supervision.permissions import can_ask_extension, can_decide_extension
from supervision.services.extensions import (
    AlreadyAsked,
    AlreadyDecided,
    NotLater,
    ask_extension,
    decide_extension,
)
from supervision.views.lookup import find_owed, person

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from supervision.owing import Obligation


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """A form for a later deadline."""
    now = timezone.now()
    campaign, owed = find_owed(request, key, timezone.localdate(now))
    if not can_ask_extension(person(request), owed):
        raise PermissionDenied
    form = ExtensionForm(request.POST or None)
    if form.is_valid():
        wish = form.cleaned_data
        try:
            ask_extension(campaign, owed, person(request), wish["until"], wish["reason"], now)
        except NotLater:
            form.add_error("until", "请填写晚于原截止日期和今天的日期。")
        except AlreadyAsked:
            messages.warning(request, "这一事项已有一份申请在等待批复。")
            return redirect("supervision:owed", key)
        else:
            messages.success(request, "已提交延期申请，批复后会通知您。")
            return redirect("supervision:owed", key)
    return _ask_page(request, owed, form)


def _ask_page(request: HttpRequest, owed: Obligation, form: forms.Form) -> HttpResponse:
    context = {
        "heading": f"申请延期：{owed.title}",
        "consequence": "申请由三大工作组批复。批准后按新的期限重新计算提醒；批复前提醒照常。",
        "submit": "提交延期申请",
        "cancel_url": reverse("supervision:owed", args=[owed.key]),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)


@require_safe
def extensions(request: HttpRequest) -> HttpResponse:
    """Requests waiting for an answer."""
    waiting = Extension.objects.visible_to(person(request)).waiting()
    rows = waiting.select_related("unit", "asked_by")[:200]
    return render(request, "supervision/extensions.html", {"extensions": rows})


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One request with the form that answers it."""
    seen = Extension.objects.visible_to(person(request)).select_related("unit", "asked_by")
    extension = get_object_or_404(seen, pk=pk)
    if not can_decide_extension(person(request), extension):
        raise PermissionDenied
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            decide_extension(extension, person(request), now=timezone.now(), **form.cleaned_data)
        except AlreadyDecided:
            messages.warning(request, "这份申请刚刚已由他人批复。")
        else:
            messages.success(request, "已批复，申请人会收到消息。")
        return redirect("supervision:extensions")
    context = {"extension": extension, "form": form}
    status = 422 if form.errors else 200
    return render(request, "supervision/answer.html", context, status=status)
