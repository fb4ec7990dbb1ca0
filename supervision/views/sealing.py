"""Sealing a campaign, after a look at who is still unanswered."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.models import Campaign
from campaign.permissions import can_seal
from supervision.services.sealing import (
    NotRunning,
    StillUnanswered,
    Unanswered,
    seal_campaign,
    unanswered,
)
from supervision.views.lookup import person

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(person(request)), slug=slug)
    if not can_seal(person(request), campaign):
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, campaign, unanswered(campaign))
    try:
        seal_campaign(person(request), campaign, timezone.now())
    except StillUnanswered as fault:
        return _page(request, campaign, fault.left, status=HTTPStatus.CONFLICT)
    except NotRunning:
        messages.warning(request, "这次活动刚刚已被他人封存。")
    else:
        messages.success(request, f"已封存“{campaign.short_title}”。")
    return redirect("campaign:plan_of", slug)


def _page(
    request: HttpRequest, campaign: Campaign, left: list[Unanswered], status: int = HTTPStatus.OK
) -> HttpResponse:
    rows = [(one, reverse(one.route) + one.query) for one in left]
    context = {"campaign": campaign, "left": rows}
    return render(request, "supervision/seal.html", context, status=status)
