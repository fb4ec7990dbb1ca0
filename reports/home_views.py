"""The home page."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.home import MOST_DUE, assemble_home

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where things stand for the person who asks, and what waits for them."""
    facts = assemble_home(cast("User", request.user), timezone.localdate())
    context = {
        "home": facts,
        "waiting": [(one, reverse(one.route) + one.query) for one in facts.waiting],
        "more_due": facts.due_count > MOST_DUE,
    }
    return render(request, "home/home.html", context)
