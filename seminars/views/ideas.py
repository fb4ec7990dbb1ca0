"""The idea box, for anyone with the address (S44). No session, no account, no trace of who."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from campaign.models import Campaign
from seminars.opinion_forms import FollowForm, IdeaForm
from seminars.services.ideas import drop_idea, idea_behind
from seminars.throttle import WINDOW_SECONDS, is_too_often

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

IDEAS_AN_HOUR = 120
LOOK_UPS_AN_HOUR = 300


def anonymous(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer without knowing who asks, even when they are signed in.

    The session is taken off the request, so its row is not written beside the idea's: two rows
    written at one moment would tell who wrote (safety 30). The sign-in itself stays valid.
    """

    @wraps(view)
    def nameless(request: HttpRequest) -> HttpResponse:
        del request.session
        return view(request)

    return login_not_required(never_cache(nameless))


@anonymous
@require_http_methods(["GET", "POST"])
def ideas(request: HttpRequest) -> HttpResponse:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    form = IdeaForm(request.POST or None, campaign=campaign)
    if not form.is_bound:
        return render(request, "seminars/ideas.html", {"form": form})
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "seminars/ideas.html", {"form": form}, status=status)
    if is_too_often(request, "idea", IDEAS_AN_HOUR):
        return _later(request)
    code = drop_idea(campaign=campaign, now=timezone.now(), **form.cleaned_data)
    return render(request, "seminars/idea_received.html", {"code": code})


@anonymous
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """What became of an idea. The code is posted, so that no address and no log holds it."""
    form = FollowForm(request.POST or None)
    if not form.is_bound:
        return render(request, "seminars/follow.html", {"form": form})
    if is_too_often(request, "follow", LOOK_UPS_AN_HOUR):
        return _later(request)
    opinion = idea_behind(form.cleaned_data["code"]) if form.is_valid() else None
    if form.is_valid() and opinion is None:
        form.add_error("code", "没有找到这个查询码。请核对后再试，字母O、I、L和数字0、1不会出现。")
    status = HTTPStatus.OK if opinion else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(
        request, "seminars/follow.html", {"form": form, "opinion": opinion}, status=status
    )


def _later(request: HttpRequest) -> HttpResponse:
    response = render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = str(WINDOW_SECONDS)
    return response
