"""Reading a plan on the page: give the document, correct what was found, confirm."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from campaign.definition import DefinitionError, make_definition
from campaign.permissions import can_set_up
from campaign.plan_forms import (
    LONGEST_PLAN,
    PhaseLines,
    PlanForm,
    ProposalForm,
    kept,
    phases_found,
)
from campaign.reading.assembly import propose_campaign
from campaign.setting_up import AlreadySetUp, set_up_campaign

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

    from accounts.models import User
    from campaign.reading.proposal import PlanProposal


@require_http_methods(["GET", "POST"])
def read_plan(request: HttpRequest) -> HttpResponse:
    """The document in, the findings out; nothing is stored."""
    _ask(request)
    form = PlanForm(request.POST, request.FILES) if request.method == "POST" else PlanForm()
    if form.is_valid():
        proposal = _read(form.cleaned_data["plan"])
        found = ProposalForm(initial=ProposalForm.found(proposal), proposal=proposal)
        return _findings(request, found, PhaseLines(initial=phases_found(proposal)))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "campaign/read_plan.html", {"form": form}, status=status)


@require_POST
def confirm_plan(request: HttpRequest) -> HttpResponse:
    """Set the campaign up as corrected. The text comes back with the form and is read again."""
    _ask(request)
    proposal = _read(request.POST.get("text", "")[:LONGEST_PLAN])
    form = ProposalForm(request.POST, proposal=proposal)
    phases = PhaseLines(request.POST, initial=phases_found(proposal))
    if not all([form.is_valid(), phases.is_valid()]):
        return _findings(request, form, phases)
    try:
        definition = make_definition(form.corrected(kept(phases)), "page")
        campaign = set_up_campaign(cast("User", request.user), definition)
    except AlreadySetUp:
        form.add_error("number", "这份方案的活动已经建立，请核对文号；要调整它，请到活动设置。")
        return _findings(request, form, phases)
    except DefinitionError:
        form.add_error(None, "方案内容还不完整，请核对各项后再确认。")
        return _findings(request, form, phases)
    messages.success(request, f"已建立活动：{campaign.short_title}。正在筹备，可以继续设置。")
    return redirect("campaign:settings", campaign.slug)


def _ask(request: HttpRequest) -> None:
    if not can_set_up(request.user):
        raise PermissionDenied


def _read(text: str) -> PlanProposal:
    return propose_campaign(text, month_end_first_day=settings.MONTH_END_FIRST_DAY)


def _findings(request: HttpRequest, form: ProposalForm, phases: Any) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "phases": phases, "proposal": form.proposal}
    return render(request, "campaign/findings.html", context, status=status)
