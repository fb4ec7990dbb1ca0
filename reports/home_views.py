"""The home page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.home import MOST_DUE, assemble_home

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

#: Where the page leads, by the names its template uses.
ROUTES = {
    "log_url": "seminars:log",
    "activities_url": "seminars:activities",
    "voice_url": "seminars:voice",
    "proposals_url": "proposals:list",
    "report_url": "reports:dashboard",
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where things stand for the person who asks, and what waits for them."""
    facts = assemble_home(cast("User", request.user), timezone.localdate())
    waiting = [
        (one, address + one.query) for one in facts.waiting if (address := _address(one.route))
    ]
    context = {
        "home": facts,
        "waiting": waiting,
        "more_due": facts.due_count > MOST_DUE,
        **{name: _address(route) for name, route in ROUTES.items()},
    }
    return render(request, "home/home.html", context)


def _address(route: str) -> str:
    try:
        return reverse(route)
    except NoReverseMatch:
        return ""
