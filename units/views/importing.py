"""Taking the register of people in: choose, check, confirm."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import can_manage_people
from core.parked_files import fetch, forget, park
from core.refusal import FileRefused
from core.sheet_downloads import send_sheet
from core.spreadsheets import Sheet
from units.forms import ImportPeopleForm
from units.people_import import COLUMNS, ImportedMeanwhile, carry_out, plan_import

if TYPE_CHECKING:
    from django.core.files.base import File
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from accounts.requests import SignedInRequest
    from units.people_import import Plan

_PURPOSE = "people-imports"
_SHOWN = 200


@require_http_methods(["GET", "POST"])
def import_people(request: SignedInRequest) -> HttpResponse:
    _ask(request)
    if token := request.POST.get("token"):
        return _confirmed(request, token)
    form = ImportPeopleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["register"]
        try:
            plan = _plan(request, upload)
        except FileRefused as refused:
            form.add_error("register", refused)
        else:
            return _checked(request, form, upload, plan)
    return _page(request, {"form": form}, is_wrong=request.method == "POST")


@require_safe
def import_template(request: SignedInRequest) -> HttpResponseBase:
    """An empty register; below the head stands nothing, so it can be taken in unchanged."""
    _ask(request)
    return send_sheet(Sheet("人员名册", COLUMNS, (), widths=(16,) * 8), "人员名册模板", "xlsx")


def _ask(request: SignedInRequest) -> None:
    if not can_manage_people(request.user):
        raise PermissionDenied


def _plan(request: SignedInRequest, upload: File[bytes]) -> Plan:
    return plan_import(upload, by=request.user, today=timezone.localdate())


def _checked(
    request: SignedInRequest, form: ImportPeopleForm, upload: File[bytes], plan: Plan
) -> HttpResponse:
    """What the file would do: its faults, or what is new and changed and a button for it."""
    context: dict[str, Any] = {"form": form, "plan": plan, "faults": plan.faults[:_SHOWN]}
    if plan.faults:
        return _page(request, context, is_wrong=True)
    context |= {
        "new": plan.new[:_SHOWN],
        "changes": plan.changes[:_SHOWN],
        "new_posts": plan.new_posts[:_SHOWN],
        "moved_posts": plan.moved_posts[:_SHOWN],
        "token": park(request.user.pk, _PURPOSE, upload) if plan.does_anything else "",
    }
    return render(request, "units/import_checked.html", context)


def _confirmed(request: SignedInRequest, token: str) -> HttpResponse:
    upload = fetch(request.user.pk, _PURPOSE, token)
    if upload is None:
        messages.warning(request, "检查过的文件已经过期，请重新选择。没有导入任何内容。")
        return redirect("units:import_people")
    plan = _plan(request, upload)
    if plan.faults:
        return _checked(request, ImportPeopleForm(), upload, plan)
    try:
        carry_out(plan, by=request.user)
    except ImportedMeanwhile:
        messages.warning(request, "其中有人刚刚被登记过，请重新检查这个文件。没有导入任何内容。")
        return redirect("units:import_people")
    forget(upload)
    messages.success(
        request,
        f"已登记{len(plan.new)}人，修改{len(plan.changes)}处，"
        f"登记或调整任职{len(plan.new_posts) + len(plan.moved_posts)}项。",
    )
    return redirect("units:people")


def _page(request: SignedInRequest, context: dict[str, Any], *, is_wrong: bool) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return render(request, "units/import_people.html", context, status=status)
