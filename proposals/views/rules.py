"""The review rules of the campaign, and who takes which theme."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from proposals import rules as service
from proposals.assignment import members_of_plan_group
from proposals.deliberation import criteria_of
from proposals.models import ThemeDuty
from proposals.permissions import can_set_rules
from proposals.rules_forms import DutiesForm, RulesForm
from proposals.services import rules_of
from proposals.views.lookup import campaign_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from campaign.models import Campaign


def _campaign(request: SignedInRequest) -> Campaign:
    campaign = campaign_or_404()
    if not can_set_rules(request.user, campaign):
        raise PermissionDenied(f"{request.user.pk} may not set review rules")
    return campaign


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: SignedInRequest) -> HttpResponse:
    campaign = _campaign(request)
    known = rules_of(campaign)
    form = RulesForm(request.POST or None, instance=known, criteria=criteria_of(campaign))
    if request.method == "POST" and form.is_valid():
        try:
            service.set_rules(campaign, by=request.user, **form.rules())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "审议规则已保存。")
            return redirect("proposals:rules")
    return _page(request, campaign, form, _duties_form(campaign), 422 if form.errors else 200)


@require_POST
def duties(request: SignedInRequest) -> HttpResponse:
    campaign = _campaign(request)
    form = _duties_form(campaign, request)
    if not form.is_valid():
        rules_form = RulesForm(instance=rules_of(campaign), criteria=criteria_of(campaign))
        return _page(request, campaign, rules_form, form, 422)
    now = timezone.now()
    found = service.set_duties(campaign, form.duties(), by=request.user, now=now)
    messages.success(request, f"主题分工已保存。为{found}件尚无主审人的建议分办了主审人。")
    return redirect("proposals:rules")


def _duties_form(campaign: Campaign, request: SignedInRequest | None = None) -> DutiesForm:
    on_duty: dict[int, list[int]] = defaultdict(list)
    rows = ThemeDuty.objects.filter(theme__campaign=campaign)
    for theme, reviewer in rows.values_list("theme_id", "reviewer_id"):
        on_duty[theme].append(reviewer)
    return DutiesForm(
        request.POST if request else None,
        campaign=campaign,
        members=members_of_plan_group(campaign, timezone.localdate()),
        on_duty=on_duty,
    )


def _page(
    request: SignedInRequest,
    campaign: Campaign,
    form: RulesForm,
    duties_form: DutiesForm,
    status: int,
) -> HttpResponse:
    context = {"form": form, "duties_form": duties_form, "campaign": campaign}
    return render(request, "proposals/rules.html", context, status=status)
