"""Opinions: mine, a unit's, and what becomes of them."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.models import Campaign
from seminars.choices import OpinionStatus
from seminars.filters import OpinionFilter
from seminars.models import Opinion, Problem
from seminars.opinion_forms import ClassifyForm, CloseProblemForm, OpinionForm, SettleForm
from seminars.permissions import can_close_problem, can_settle
from seminars.querysets import units_to_speak_in
from seminars.services import opinions as service

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest

PAGE_ROWS = 30
#: One page of boxes ticked at once.
MOST_AT_ONCE = 30


@require_safe
def opinions(request: SignedInRequest) -> HttpResponse:
    """The opinion table; whoever may settle ticks rows and goes on to `settle`."""
    campaign = Campaign.objects.current()
    form = OpinionFilter(request.GET, user=request.user, campaign=campaign)
    rows = form.narrow(Opinion.objects.visible_to(request.user).filter(campaign=campaign))
    last_seen = _place(request.GET.get("after", ""))
    page = rows.below(*last_seen) if last_seen else rows.newest_first()
    found = list(page.for_table()[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    for opinion in shown:
        opinion.campaign = campaign  # type: ignore[assignment]  # rows were filtered by it
    table = [
        (opinion, _is_open(opinion) and can_settle(request.user, opinion)) for opinion in shown
    ]
    context = {
        "filter_form": form,
        "rows": table,
        "may_settle": any(may for _, may in table),
        "may_voice": units_to_speak_in(request.user).exists(),
        "next_key": _key(shown[-1]) if len(found) > PAGE_ROWS else "",
        "is_first_page": last_seen is None,
        "is_narrowed": bool(form.chosen()),
    }
    return render(request, "seminars/opinions.html", context)


def _is_open(opinion: Opinion) -> bool:
    return opinion.status in service.OPEN_TO_UNITS and opinion.merged_into_id is None


def _key(opinion: Opinion) -> str:
    return f"{opinion.raised_on:%Y-%m-%d}.{opinion.pk.hex}"


def _place(text: str) -> tuple[date, UUID] | None:
    day, _, key = text.partition(".")
    try:
        return date.fromisoformat(day), UUID(key)
    except ValueError:
        return None


@require_safe
def my_opinions(request: SignedInRequest) -> HttpResponse:
    """What I signed with my name, and what became of it."""
    mine = Opinion.objects.voiced_by(request.user).newest_first().for_table()
    context = {
        "opinions": list(mine[:PAGE_ROWS]),
        "may_voice": units_to_speak_in(request.user).exists(),
    }
    return render(request, "seminars/my_opinions.html", context)


@require_http_methods(["GET", "POST"])
def voice(request: SignedInRequest) -> HttpResponse:
    """Voice an opinion under one's name; without a name there is the idea box."""
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    units = units_to_speak_in(request.user)
    if not units:
        raise PermissionDenied(f"{request.user.pk} belongs to no unit")
    form = OpinionForm(request.POST or None, campaign=campaign, units=units)
    if form.is_bound and form.is_valid():
        service.voice_opinion(
            by=request.user, campaign=campaign, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, "意见已提交。处理结果会在消息里告诉您，这里也能查到。")
        return redirect("seminars:my_opinions")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "seminars/voice.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def settle(request: SignedInRequest, pk: UUID | None = None) -> HttpResponse:
    """Say what became of one opinion, or of all those ticked in the list (`?o=`), all or none."""
    keys = {pk} if pk else ticked(request)
    if not keys:
        messages.info(request, "请先勾选要处理的意见。")
        return redirect("seminars:opinions")
    chosen = chosen_opinions(request, keys)
    initial = {"theme": chosen[0].theme_id}
    if len(chosen) == 1:
        initial["problem"] = chosen[0].text  # type: ignore[assignment]
    form = SettleForm(
        request.POST or None, opinions=chosen, campaign=chosen[0].campaign, initial=initial
    )
    if form.is_bound and form.is_valid():
        try:
            _settle(request, chosen, form)
        except service.SettledMeanwhile:
            messages.warning(request, "其中有意见刚刚被他人处理过，没有改动。请核对后再选。")
            return redirect("seminars:opinions")
        except ValidationError as owed:
            form.add_error(None, owed)
        else:
            messages.success(request, f"已处理{len(chosen)}条意见。")
            return redirect("seminars:opinions")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return settle_page(request, chosen, form, status=status)


def settle_page(
    request: SignedInRequest,
    chosen: list[Opinion],
    form: SettleForm,
    classifying: ClassifyForm | None = None,
    *,
    status: int,
) -> HttpResponse:
    context = {
        "form": form,
        "opinions": chosen,
        "classify_form": classifying
        or ClassifyForm(campaign=chosen[0].campaign, action=classify_address(chosen)),
        "start_query": urlencode([("opinion", opinion.pk) for opinion in chosen]),
    }
    return render(request, "seminars/settle.html", context, status=status)


def classify_address(chosen: list[Opinion]) -> str:
    query = urlencode([("o", opinion.pk) for opinion in chosen])
    return f"{reverse('seminars:classify')}?{query}"


def ticked(request: SignedInRequest) -> set[UUID]:
    return {key for text in request.GET.getlist("o")[:MOST_AT_ONCE] if (key := as_uuid(text))}


def chosen_opinions(request: SignedInRequest, keys: set[UUID]) -> list[Opinion]:
    """The opinions of these keys; 404 if one is out of sight, 403 if one may not be settled."""
    visible = Opinion.objects.visible_to(request.user).select_related("campaign")
    chosen = list(visible.filter(pk__in=keys).for_table().order_by("pk"))
    if len(chosen) < len(keys):
        raise Http404("an opinion is not there")
    if not all(can_settle(request.user, opinion) for opinion in chosen):
        raise PermissionDenied(f"{request.user.pk} may not settle all of these opinions")
    return chosen


def as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _settle(request: SignedInRequest, chosen: list[Opinion], form: SettleForm) -> None:
    cleaned = form.cleaned_data
    if cleaned["outcome"] == OpinionStatus.PROBLEM:
        service.list_as_problem(
            chosen,
            by=request.user,
            unit=chosen[0].unit,
            text=cleaned["problem"],
            theme=cleaned["theme"],
            reason=cleaned["reason"],
            now=timezone.now(),
        )
    else:
        service.settle(
            chosen,
            cleaned["outcome"],
            by=request.user,
            reason=cleaned["reason"],
            now=timezone.now(),
        )


@require_safe
def problems(request: SignedInRequest) -> HttpResponse:
    """The problem list of the units a person sees, open ones first."""
    campaign = Campaign.objects.current()
    rows = Problem.objects.visible_to(request.user).filter(campaign=campaign)
    before = request.GET.get("after", "")
    if before.isdecimal():
        rows = rows.filter(pk__lt=int(before[:18]))
    found = list(rows.newest_first().for_table()[: PAGE_ROWS + 1])
    shown = found[:PAGE_ROWS]
    for problem in shown:
        problem.campaign = campaign  # type: ignore[assignment]  # rows were filtered by it
    context = {
        "rows": [
            (problem, problem.status == "open" and can_close_problem(request.user, problem))
            for problem in shown
        ],
        "next_key": shown[-1].pk if len(found) > PAGE_ROWS else None,
    }
    return render(request, "seminars/problems.html", context)


@require_http_methods(["GET", "POST"])
def close_problem(request: SignedInRequest, pk: int) -> HttpResponse:
    visible = Problem.objects.visible_to(request.user).select_related("campaign", "unit", "theme")
    problem = get_object_or_404(visible, pk=pk)
    if not can_close_problem(request.user, problem):
        raise PermissionDenied(f"{request.user.pk} may not close problem {pk}")
    form = CloseProblemForm(request.POST or None)
    if form.is_bound and form.is_valid():
        outcome, reason = form.cleaned_data["outcome"], form.cleaned_data["reason"]
        try:
            service.close_problem(problem, outcome, by=request.user, reason=reason)
        except service.SettledMeanwhile:
            messages.warning(request, "这个问题刚刚有了结果，没有改动。")
        else:
            messages.success(request, "问题的结果已保存。")
        return redirect("seminars:problems")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"form": form, "problem": problem, "opinions": problem.opinions.for_table()}
    return render(request, "seminars/close_problem.html", context, status=status)
