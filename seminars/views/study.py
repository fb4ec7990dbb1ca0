"""Which documents have been studied where (S13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from campaign.models import Campaign
from seminars.study import study_coverage
from units.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest

#: Keys are shorter than this; a longer number is nobody's.
_LONGEST_KEY = 10


@require_safe
def study(request: SignedInRequest) -> HttpResponse:
    """Units × study documents, for what the person sees or for one unit and those below it."""
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    asked = request.GET.get("unit", "")
    within = None
    if asked:
        key = int(asked) if asked.isdecimal() and len(asked) < _LONGEST_KEY else 0
        within = get_object_or_404(Unit.objects.visible_to(request.user), pk=key)
    coverage = study_coverage(campaign, request.user, within)
    context = {"campaign": campaign, "coverage": coverage, "within": within}
    return render(request, "seminars/study.html", context)
