"""The organisation, and where the person who asks stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from units.choices import REPORTING_POSITIONS
from units.chronicle import events_of
from units.forms import OnDayForm
from units.models import Membership, Unit
from units.permissions import can_manage_organisation
from units.rows import tree_rows

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from accounts.models import User

_MEMBERS = 30
_HEADCOUNTS = 24


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """What is stored about the person who asks."""
    memberships = Membership.objects.filter(user=cast("User", request.user)).select_related("unit")
    return render(request, "units/me.html", {"memberships": memberships})


@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Every unit the person may see, in tree order, with posts and headcounts of one day."""
    form = OnDayForm(request.GET or None)
    on = (form.cleaned_data["on"] if form.is_valid() else None) or timezone.localdate()
    units = Unit.objects.visible_to(cast("User", request.user)).open_on(on).order_by("path")
    context = {
        "rows": tree_rows(list(units), on),
        "form": form,
        "on": on,
        "is_today": on == timezone.localdate(),
        "may_manage": can_manage_organisation(request.user),
    }
    return render(request, "units/tree.html", context)


@require_safe
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One unit: where it stands, who holds which position, how many people, what is below it."""
    visible = Unit.objects.visible_to(cast("User", request.user))
    unit = get_object_or_404(visible, code=code)
    today = timezone.localdate()
    above = visible.above(unit).order_by("path")
    members = list(unit.memberships.current(today).by_rank().select_related("user")[: _MEMBERS + 1])
    context = {
        "unit": unit,
        "may_manage": can_manage_organisation(request.user),
        "trail": [("单位", reverse("units:tree"))]
        + [(node.short_name, reverse("units:detail", args=[node.code])) for node in above],
        "memberships": members[:_MEMBERS],
        "has_more_members": len(members) > _MEMBERS,
        "former": list(unit.memberships.former(today).select_related("user")[:_MEMBERS]),
        "coming": list(unit.memberships.coming(today).select_related("user")[:_MEMBERS]),
        "headcounts": unit.headcounts.order_by("-on")[:_HEADCOUNTS],
        "events": events_of(unit),
        "reporting": REPORTING_POSITIONS,
        "below": tree_rows(list(visible.at_or_below(unit).open().order_by("path"))[1:], today),
    }
    return render(request, "units/detail.html", context)
