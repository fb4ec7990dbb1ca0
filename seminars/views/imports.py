"""Taking a ledger in: choose, check, confirm. The checked file waits for the confirmation."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.models import Campaign
from core.parked_files import fetch, forget, park
from core.refusal import FileRefused
from core.sheet_downloads import send_sheet
from core.spreadsheets import Sheet
from seminars.advice import slips_in
from seminars.import_forms import ImportForm
from seminars.ledger import HEADER
from seminars.querysets import units_to_log_for
from seminars.services.imports import ImportedMeanwhile, carry_out, plan_import

if TYPE_CHECKING:
    from django.core.files.base import File
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from accounts.requests import SignedInRequest
    from seminars.services.imports import Plan

_PURPOSE = "imports"
FAULTS_SHOWN = 200
NOTES_SHOWN = 50
#: Only so many records of a long ledger are looked at for slips; more would keep people waiting.
LOOKED_AT = 2_000


@require_http_methods(["GET", "POST"])
def import_ledger(request: SignedInRequest) -> HttpResponse:
    campaign = _campaign(request)
    if token := request.POST.get("token"):
        return _confirmed(request, campaign, token)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["ledger"]
        try:
            plan = _plan(request, campaign, upload)
        except FileRefused as refused:
            form.add_error("ledger", refused)
        else:
            return _checked(request, form, upload, plan)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "seminars/import.html", {"form": form}, status=status)


@require_safe
def import_template(request: SignedInRequest) -> HttpResponseBase:
    """An empty ledger; below the head stands nothing, so it can be taken in unchanged."""
    _campaign(request)
    return send_sheet(Sheet("活动台账", HEADER, ()), "活动台账模板", "xlsx")


def _campaign(request: SignedInRequest) -> Campaign:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    if not units_to_log_for(request.user):
        raise PermissionDenied(f"{request.user.pk} reports for no unit")
    return campaign


def _plan(request: SignedInRequest, campaign: Campaign, upload: File[bytes]) -> Plan:
    return plan_import(upload, by=request.user, campaign=campaign, now=timezone.now())


def _checked(
    request: SignedInRequest, form: ImportForm, upload: File[bytes], plan: Plan
) -> HttpResponse:
    """What the file would do: its faults, or how much it would add and a button for it."""
    context: dict[str, Any] = {"form": form, "plan": plan}
    if plan.faults:
        context["faults"] = plan.faults[:FAULTS_SHOWN]
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "seminars/import.html", context, status=status)
    if plan.additions:
        context["token"] = park(request.user.pk, _PURPOSE, upload)
        looked_at = (sheet for _, sheet in plan.additions[:LOOKED_AT])
        notes = list(islice(slips_in(looked_at), NOTES_SHOWN + 1))
        context |= {"notes": notes[:NOTES_SHOWN], "has_more_notes": len(notes) > NOTES_SHOWN}
    return render(request, "seminars/import_checked.html", context)


def _confirmed(request: SignedInRequest, campaign: Campaign, token: str) -> HttpResponse:
    upload = fetch(request.user.pk, _PURPOSE, token)
    if upload is None:
        messages.warning(request, "检查过的文件已经过期，请重新选择。没有导入任何内容。")
        return redirect("seminars:import")
    plan = _plan(request, campaign, upload)
    if plan.faults:
        return _checked(request, ImportForm(), upload, plan)
    try:
        count = carry_out(plan, by=request.user, campaign=campaign, now=timezone.now())
    except ImportedMeanwhile:
        messages.warning(request, "同样的内容刚刚被导入过。没有重复导入。")
    else:
        messages.success(request, f"已导入{count}场活动。")
    forget(upload)
    return redirect("seminars:activities")
