"""The home page, and the search in the frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.current import lend_phases
from campaign.models import Campaign
from core.chinese_text import clean_line
from reports.home import MOST_DUE, assemble_home
from reports.search import LONGEST, find

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where things stand for the person who asks, and what waits for them."""
    facts = assemble_home(cast("User", request.user), timezone.now())
    lend_phases(request, facts.phases)
    context = {
        "home": facts,
        "waiting": [(one, reverse(one.route) + one.query) for one in facts.waiting],
        "more_due": facts.due_count > MOST_DUE,
    }
    return render(request, "home/home.html", context)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    text = clean_line(request.GET.get("q", ""))[:LONGEST]
    campaign = Campaign.objects.current()
    groups = find(cast("User", request.user), campaign, text) if campaign and text else []
    found = [
        (
            group,
            [(hit, reverse(hit.route, args=[hit.key]) if hit.route else "") for hit in group.hits],
            f"{reverse(group.route)}?{urlencode({'q': text})}" if group.route else "",
        )
        for group in groups
    ]
    return render(request, "home/search.html", {"text": text, "found": found})
