"""A unit's own page: what is recorded of it, and where the blanks are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.models import Campaign
from seminars.coverage import coverage_of
from seminars.permissions import can_log
from units.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest


@require_safe
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    shown = get_object_or_404(Unit.objects.visible_to(request.user), pk=pk)
    context = {
        "unit": shown,
        "coverage": coverage_of(shown, campaign, request.user),
        "may_log": can_log(request.user, shown),
        "as_of": timezone.now(),
    }
    return render(request, "seminars/unit.html", context)
