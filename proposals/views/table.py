"""The meeting: prepared decisions looked over together, previewed and published together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from proposals.decisions import DecisionChanged, look_over, take_back_looking_over
from proposals.meeting import items_for
from proposals.models import Decision
from proposals.permissions import can_review
from proposals.publishing import preview, publish
from proposals.services import NotEditable
from proposals.views.lookup import plan_group_only
from proposals.workflow import Closed, IllegalStep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from campaign.models import Campaign

_MEETING_KEYS = (("j / k", "下一项、上一项"), ("y", "通过，看下一项"))
_MOVED_ON = "这项决定刚刚被他人更改，请核对后再操作。"


@require_safe
def table(request: SignedInRequest) -> HttpResponse:
    campaign = plan_group_only(request)
    unpublished = Decision.objects.unpublished().filter(proposal__campaign=campaign)
    listed = items_for(unpublished, campaign, request.user)
    context = {
        "items": listed,
        "ready": [item for item in listed if item.decision.looked_over_at],
    }
    return render(request, "proposals/table.html", context)


@require_safe
def meeting(request: SignedInRequest) -> HttpResponse:
    """One decision of the table, `?at=` or the first not looked over yet; for the projector."""
    campaign = plan_group_only(request)
    unpublished = Decision.objects.unpublished().filter(proposal__campaign=campaign)
    order = list(unpublished.values_list("pk", "looked_over_at"))
    place = _place(order, request.GET.get("at", ""))
    context: dict[str, Any] = {"total": len(order), "keyboard_rows": _MEETING_KEYS}
    if place is not None:
        keys = [pk for pk, _ in order]
        (item,) = items_for(unpublished.filter(pk=keys[place]), campaign, request.user)
        context |= {
            "item": item,
            "place": place + 1,
            "previous": keys[place - 1] if place else None,
            "next": keys[place + 1] if place + 1 < len(keys) else None,
        }
    return render(request, "proposals/meeting.html", context)


def _place(order: list[tuple[int, datetime | None]], asked: str) -> int | None:
    """Where the asked decision stands; the first that still waits if it is not there."""
    for place, (pk, _) in enumerate(order):
        if str(pk) == asked:
            return place
    still_open = (place for place, (_, looked_over_at) in enumerate(order) if not looked_over_at)
    return next(still_open, 0 if order else None)


@require_POST
def look_over_one(request: SignedInRequest, pk: int) -> HttpResponse:
    """The decision goes through the meeting, or back on the table."""
    campaign = plan_group_only(request)
    decision = _decision_or_404(campaign, pk)
    if not can_review(request.user, decision.proposal):
        raise PermissionDenied(f"{request.user.pk} stays out of decision {pk}")
    try:
        if request.POST.get("then") == "back":
            take_back_looking_over([decision], by=request.user, now=timezone.now())
        else:
            _check_version(decision, request.POST.get("version", ""))
            look_over(decision, by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.warning(request, f"{decision.proposal.number}：{''.join(error.messages)}")
    except (DecisionChanged, NotEditable):
        messages.warning(request, _MOVED_ON)
    if on := request.POST.get("meeting"):
        return redirect(f"{reverse('proposals:meeting')}?{urlencode({'at': on})}")
    return redirect(f"{reverse('proposals:table')}#decision-{pk}")


def _check_version(decision: Decision, seen: str) -> None:
    """The meeting agrees to the words it saw."""
    if seen != str(decision.version):
        raise DecisionChanged(decision)


def _decision_or_404(campaign: Campaign, pk: int) -> Decision:
    rows = Decision.objects.unpublished().filter(proposal__campaign=campaign)
    return get_object_or_404(rows.select_related("proposal__campaign", "proposal__unit"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def publish_batch(request: SignedInRequest) -> HttpResponse:
    """GET shows every reply that would go out; POST publishes what was shown."""
    campaign = plan_group_only(request)
    if request.method == "POST":
        return _publish(request, campaign, _keys(request.POST.getlist("decisions")))
    ready = Decision.objects.unpublished().looked_over().filter(proposal__campaign=campaign)
    listed = [item for item in items_for(ready, campaign, request.user) if item.may_publish]
    answers, troubles = preview(campaign, [item.decision.pk for item in listed])
    context = {"items": listed, "answers": answers, "troubles": troubles}
    return render(request, "proposals/publish.html", context)


def _keys(raw: Iterable[str]) -> list[int]:
    return [int(key) for key in raw if key.isdecimal() and len(key) <= 18]  # noqa: PLR2004


def _publish(request: SignedInRequest, campaign: Campaign, keys: list[int]) -> HttpResponse:
    if not keys:
        messages.warning(request, "没有可公布的决定。请先过会。")
        return redirect("proposals:table")
    try:
        published = publish(campaign, keys, by=request.user, now=timezone.now())
    except ValidationError as error:
        for sentence in error.messages:
            messages.warning(request, sentence)
    except Closed as closed:
        messages.warning(request, str(closed))
    except IllegalStep:
        messages.warning(request, "有决定刚刚被更改或已经公布。本次一项也没有公布，请核对。")
    else:
        messages.success(request, f"已公布{len(published)}项决定，答复已发给各位参与人。")
        return redirect("proposals:table")
    return redirect("proposals:publish")


@require_safe
def minutes(request: SignedInRequest) -> HttpResponse:
    """What the group looked over on a day, to be printed and filed."""
    campaign = plan_group_only(request)
    on = day_asked(request.GET)
    rows = Decision.objects.looked_over_on(on).filter(proposal__campaign=campaign)
    context = {"on": on, "items": items_for(rows, campaign, request.user)}
    return render(request, "proposals/minutes.html", context)


def day_asked(sent: Mapping[str, str]) -> date:
    """`on` of what was sent, or today."""
    try:
        return parse_date(sent.get("on", "")) or timezone.localdate()
    except ValueError:  # 2019-02-30
        return timezone.localdate()
