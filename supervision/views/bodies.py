"""Working bodies, units' teams and plans, receipts; and the gaps."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.models import Campaign
from supervision import readiness
from supervision.permissions import can_set_up_team, can_sign
from supervision.services.bodies import TEAM_POSITIONS, set_team, sign, team_of
from supervision.team_form import TeamForm, as_typed
from supervision.views.lookup import person
from units.models import Unit

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from units.models import Membership


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Both groups, and the addressed units the person may see with what is missing."""
    campaign, user, on = _campaign(), person(request), timezone.localdate()
    rows = readiness.readiness(campaign, user, on)
    only_gaps = request.GET.get("show") != "all"
    context = {
        "campaign": campaign,
        "bodies": readiness.bodies(campaign, on),
        "rows": [row for row in rows if row.gaps or not only_gaps],
        "total": len(rows),
        "signed": sum(row.receipt is not None for row in rows),
        "teams": sum(row.team is not None for row in rows),
        "plans": sum(row.plan is not None for row in rows),
        "with_gaps": sum(bool(row.gaps) for row in rows),
        "only_gaps": only_gaps,
        "to_sign": [
            row.unit for row in rows if row.receipt is None and can_sign(user, campaign, row.unit)
        ],
        "may_set_up": {row.unit.pk for row in rows if can_set_up_team(user, row.unit)},
    }
    return render(request, "supervision/bodies.html", context)


@require_POST
def sign_receipt(request: HttpRequest, code: str) -> HttpResponse:
    campaign = _campaign()
    unit = _unit(request, code)
    sign(campaign, unit, person(request), timezone.now())
    messages.success(request, f"已代“{unit.short_name}”签收活动方案。")
    return redirect("supervision:bodies")


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, code: str) -> HttpResponse:
    """Who is in the unit's working team, from a day on."""
    unit = _unit(request, code)
    if not can_set_up_team(person(request), unit):
        raise PermissionDenied
    form = TeamForm(request.POST or None, initial=_typed(unit))
    if form.is_valid():
        set_team(unit, person(request), form.people(), form.cleaned_data["on"])
        messages.success(request, f"已保存“{unit.short_name}”的工作小组。")
        return redirect("supervision:bodies")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "supervision/team.html", {"form": form, "unit": unit}, status=status)


def _campaign() -> Campaign:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    return campaign


def _unit(request: HttpRequest, code: str) -> Unit:
    unit: Unit = get_object_or_404(Unit.objects.visible_to(person(request)).open(), code=code)
    return unit


def _typed(unit: Unit) -> dict[str, str]:
    """The team of today as the form takes it."""
    known = team_of(unit)
    if known is None:
        return {}
    posts = known.memberships.current(timezone.localdate()).by_rank().select_related("user")
    members: list[Membership] = list(posts)
    return {
        str(position): as_typed([post.user for post in members if post.position == position])
        for position in TEAM_POSITIONS
    }
