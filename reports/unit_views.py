"""A unit's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.models import Campaign
from reports.unit_page import assemble_unit_page
from seminars.querysets import bytes_stored
from units.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest


@require_safe
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    campaign = Campaign.objects.select_related("ladder_rule").current()
    if campaign is None:
        raise Http404("no campaign is running")
    family = Unit.objects.visible_to(request.user).with_units_below(pk)
    shown, *below = family.annotate(bytes_stored=bytes_stored()) or [None]
    if shown is None or shown.pk != pk:
        raise Http404(f"unit {pk} is not there")
    facts = assemble_unit_page(shown, below, campaign, request.user, timezone.localdate())
    context = {
        "unit": shown,
        "facts": facts,
        "coverage": facts.coverage,
        "as_of": timezone.now(),
    }
    return render(request, "reports/unit.html", context)
