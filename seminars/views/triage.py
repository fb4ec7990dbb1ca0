"""Several opinions at once: those that say the same become one, theme and group are set."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from campaign.models import Campaign
from seminars.alike import COMPARED
from seminars.alike import alike as alike_groups
from seminars.filters import OpinionFilter
from seminars.models import Opinion
from seminars.opinion_forms import ClassifyForm, SettleForm
from seminars.permissions import can_settle
from seminars.services import opinions as service
from seminars.views.opinions import as_uuid, chosen_opinions, classify_address, settle_page, ticked

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from accounts.requests import SignedInRequest

_MOVED_ON = "其中有意见刚刚被他人处理过，没有改动。请核对后再选。"


@require_safe
def alike(request: SignedInRequest) -> HttpResponse:
    """Groups of opinions one may settle that seem to say the same; narrowed as the list is."""
    campaign = Campaign.objects.current()
    form = OpinionFilter(request.GET, user=request.user, campaign=campaign)
    rows = form.narrow(Opinion.objects.visible_to(request.user).filter(campaign=campaign))
    latest = list(rows.to_be_joined().newest_first().for_table()[:COMPARED])
    for opinion in latest:
        opinion.campaign = campaign  # type: ignore[assignment]  # rows were filtered by it
    mine = [opinion for opinion in latest if can_settle(request.user, opinion)]
    # What is on its way already comes first and is offered as the main one.
    groups = [sorted(group, key=_waits) for group in alike_groups(mine) if any(map(_waits, group))]
    context = {"filter_form": form, "groups": groups, "compared": len(mine)}
    return render(request, "seminars/alike.html", context)


def _waits(opinion: Opinion) -> bool:
    return opinion.status == "new"


@require_POST
def merge(request: SignedInRequest) -> HttpResponse:
    """`main` is the one that stays, `o` those that say the same."""
    main = as_uuid(request.POST.get("main", ""))
    others = {key for text in request.POST.getlist("o")[:30] if (key := as_uuid(text))} - {main}
    if main is None or not others:
        messages.warning(request, "请选一条作为主条，再勾选至少一条要并入的意见。")
        return redirect("seminars:alike")
    chosen = chosen_opinions(request, {main, *others})
    kept = next(opinion for opinion in chosen if opinion.pk == main)
    try:
        service.merge_opinions(
            kept,
            [opinion for opinion in chosen if opinion.pk != main],
            by=request.user,
            now=timezone.now(),
        )
    except ValidationError as error:
        messages.warning(request, error.messages[0])
    except service.SettledMeanwhile:
        messages.warning(request, _MOVED_ON)
    else:
        messages.success(request, f"已把{len(others)}条并入主条，以后一起处理、一起答复。")
    return redirect("seminars:alike")


@require_POST
def part(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take one opinion out of the one it was merged into."""
    (opinion,) = chosen_opinions(request, {pk})
    try:
        service.part_opinion(opinion, by=request.user)
    except service.SettledMeanwhile:
        messages.warning(request, "这条意见已有处理结果，或者没有并入其他意见。")
    else:
        messages.success(request, "已恢复为单独的一条意见。")
    return redirect("seminars:opinions")


@require_POST
def classify(request: SignedInRequest) -> HttpResponse:
    """Theme and group of the opinions `?o=`."""
    keys = ticked(request)
    if not keys:
        messages.info(request, "请先勾选要归类的意见。")
        return redirect("seminars:opinions")
    chosen = chosen_opinions(request, keys)
    campaign = chosen[0].campaign
    form = ClassifyForm(request.POST, campaign=campaign, action=classify_address(chosen))
    if not form.is_valid():
        settling = SettleForm(opinions=chosen, campaign=campaign)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return settle_page(request, chosen, settling, form, status=status)
    count = service.classify(chosen, by=request.user, **form.cleaned_data)
    messages.success(request, f"已保存{count}条意见的主题和群体。")
    return redirect("seminars:opinions")
