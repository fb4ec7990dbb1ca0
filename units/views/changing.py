"""Pages with which an administrator changes the tree."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from units import services
from units.forms import AppointForm, DayForm, HeadcountForm, MoveForm, UnitForm
from units.models import Membership, Unit
from units.permissions import can_manage_organisation

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A new unit below the one with `code`."""
    parent = _unit(request, code)
    form = UnitForm(request.POST or None)
    if form.is_valid():
        unit = services.add_unit(_who(request), parent, **form.cleaned_data)
        messages.success(request, f"已登记“{unit.name}”。")
        return redirect("units:detail", unit.code)
    return _page(request, form, f"在“{parent.name}”下登记单位", parent)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    form = UnitForm(request.POST or None, instance=Unit.objects.get(pk=unit.pk))
    if form.is_valid():
        services.edit_unit(_who(request), unit, **form.cleaned_data)
        messages.success(request, f"已保存“{unit.name}”。")
        return redirect("units:detail", unit.code)
    return _page(request, form, f"修改“{unit.name}”", unit)


@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    form = AppointForm(request.POST or None)
    if form.is_valid():
        facts = form.cleaned_data
        services.appoint(
            _who(request),
            unit,
            facts["username"],
            facts["position"],
            facts["starts_on"],
            facts["ends_on"],
        )
        messages.success(request, f"已登记{facts['username'].name}在“{unit.name}”的任职。")
        return redirect("units:detail", unit.code)
    return _page(request, form, f"登记“{unit.name}”的任职", unit)


@require_http_methods(["GET", "POST"])
def headcount(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    form = HeadcountForm(request.POST or None)
    if form.is_valid():
        services.set_headcount(_who(request), unit, **form.cleaned_data)
        messages.success(request, f"已登记“{unit.name}”的人数。")
        return redirect("units:detail", unit.code)
    return _page(request, form, f"登记“{unit.name}”的人数", unit)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    form = MoveForm(request.POST or None)
    if form.is_valid() and _done(
        form,
        services.move_unit,
        _who(request),
        unit,
        form.cleaned_data["to"],
        form.cleaned_data["on"],
    ):
        messages.success(request, f"“{unit.name}”已归入“{form.cleaned_data['to'].name}”。")
        return redirect("units:detail", unit.code)
    consequence = "本单位和下属单位一起调整，已有的记录仍归各单位，新的上级从现在起可以看到它们。"
    return _confirm(request, form, f"调整“{unit.name}”的上级", consequence, "调整上级", unit)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    form = DayForm(request.POST or None)
    if form.is_valid() and _done(
        form, services.close_unit, _who(request), unit, form.cleaned_data["on"]
    ):
        messages.success(request, f"“{unit.name}”已撤销，记录保留。")
        return redirect("units:detail", unit.code)
    consequence = "撤销后不能再以本单位名义记录，任职不再有权限；已有的记录都保留。"
    return _confirm(
        request, form, f"撤销“{unit.name}”", consequence, "撤销单位", unit, is_final=True
    )


@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    unit = _unit(request, code)
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(form, services.reopen_unit, _who(request), unit):
        messages.success(request, f"“{unit.name}”已恢复。")
        return redirect("units:detail", unit.code)
    consequence = "恢复后可以继续以本单位名义记录，在任的职务重新有权限。"
    return _confirm(request, form, f"恢复“{unit.name}”", consequence, "恢复单位", unit)


@require_http_methods(["GET", "POST"])
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of somebody's position."""
    if not can_manage_organisation(request.user):
        raise PermissionDenied
    post = get_object_or_404(Membership.objects.select_related("user", "unit"), pk=pk)
    form = DayForm(request.POST or None)
    if form.is_valid() and _done(
        form, services.end_post, _who(request), post, form.cleaned_data["on"]
    ):
        messages.success(request, f"已登记{post.user.name}离任。")
        return redirect("units:detail", post.unit.code)
    heading = f"{post.user.name}不再担任“{post.unit.name}”{post.get_position_display()}"
    consequence = "这一天是任职的最后一天，之后不再有这个职务的权限；本人以前的记录都保留。"
    return _confirm(request, form, heading, consequence, "登记离任", post.unit)


def _unit(request: HttpRequest, code: str) -> Unit:
    """The unit if it may be seen, once it is known that it may be changed."""
    unit: Unit = get_object_or_404(Unit.objects.visible_to(_who(request)), code=code)
    if not can_manage_organisation(request.user):
        raise PermissionDenied
    return unit


def _who(request: HttpRequest) -> User:
    return cast("User", request.user)


def _done(form: forms.Form, change: Any, *arguments: Any) -> bool:
    """Carry out the change; a refusal becomes an error of the form."""
    try:
        change(*arguments)
    except services.IllegalChange as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _page(request: HttpRequest, form: Any, heading: str, unit: Unit) -> HttpResponse:
    context = {"form": form, "heading": heading, "unit": unit}
    return render(request, "units/form.html", context, status=_status(form))


def _confirm(
    request: HttpRequest,
    form: forms.Form,
    heading: str,
    consequence: str,
    submit: str,
    unit: Unit,
    *,
    is_final: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "consequence": consequence,
        "submit": submit,
        "is_final": is_final,
        "cancel_url": reverse("units:detail", args=[unit.code]),
    }
    return render(request, "confirm.html", context, status=_status(form))


def _status(form: forms.BaseForm) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
