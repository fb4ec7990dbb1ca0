"""What every page of reports asks first: who reads, and which campaign is running."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404

from campaign.models import Campaign
from reports.permissions import can_read_any

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User


def reader(request: HttpRequest) -> User:
    """Whoever asks, if there is anything for them here at all."""
    user = cast("User", request.user)
    if not can_read_any(user):
        raise PermissionDenied
    return user


def running_campaign() -> Campaign:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    return campaign
