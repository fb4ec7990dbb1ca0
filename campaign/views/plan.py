"""The plan, as it was issued, and where the campaign stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.models import Campaign
from campaign.permissions import can_set_up, can_steer
from core.frame import phase_mark

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The current campaign's plan: goal, phases, themes, study list, targets, safeguards."""
    campaign = Campaign.objects.with_plan().current()
    if campaign is None:
        raise Http404
    today = timezone.localdate()
    phases = list(campaign.phases.all())
    context = {
        "campaign": campaign,
        "may_steer": can_steer(request.user, campaign),
        "may_set_up": can_set_up(request.user),
        "phases": phases,
        "marks": [
            phase_mark(phase.name, phase.starts_on, phase.ends_on, on=today) for phase in phases
        ],
    }
    return render(request, "campaign/plan.html", context)
