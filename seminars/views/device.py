"""What a phone needs to go on without a network: a page, a worker, a manifest, and a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from campaign.models import Campaign
from seminars.device import DeviceForm, person_mark, sealing_key

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.requests import SignedInRequest

_PAPER = "#FBFAF7"


@login_not_required
@cache_control(public=True, no_cache=True)
@require_safe
def device(request: HttpRequest) -> HttpResponse:
    """The page a device keeps: the campaign's form and nothing about anybody."""
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    return render(request, "seminars/device.html", {"form": DeviceForm(campaign)})


@require_safe
def device_key(request: SignedInRequest) -> JsonResponse:
    """Who is signed in, the key to their drafts on this device, a token for sending them."""
    return JsonResponse(
        {
            "person": person_mark(request.user),
            "key": sealing_key(request.user),
            "token": get_token(request),
        }
    )


@login_not_required
@cache_control(public=True, no_cache=True)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it stands at the root because it answers for every page."""
    return render(request, "seminars/worker.js", content_type="text/javascript; charset=utf-8")


@login_not_required
@cache_control(public=True, max_age=24 * 60 * 60)
@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """Lets a browser put the portal on the phone's screen."""
    return JsonResponse(
        {
            "name": "大学习、大讨论、大推动",
            "short_name": "三大",
            "lang": "zh-Hans",
            "start_url": reverse("home"),
            "scope": "/",
            "display": "standalone",
            "background_color": _PAPER,
            "theme_color": _PAPER,
            "icons": [{"src": static("img/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
            "shortcuts": [{"name": "记一笔", "url": reverse("seminars:log")}],
        },
        content_type="application/manifest+json",
    )
