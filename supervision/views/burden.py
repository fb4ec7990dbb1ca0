"""The burden meter (N5): requests of the week, form times, waivers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.models import Campaign
from supervision.burden import forms_in_use, full_units, loads_of, rule_of, week_of
from supervision.models import Waiver
from supervision.permissions import can_waive
from supervision.sending_forms import WaiverForm
from supervision.services.waivers import waive as record_waiver
from supervision.views.lookup import person
from units.standing import standing_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def burden(request: HttpRequest) -> HttpResponse:
    """What units are asked for this week; the campaign group sees all, others their own."""
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no running campaign")
    standing = standing_of(person(request))
    week_on = week_of(timezone.localdate())
    loads = [
        one
        for one in loads_of(campaign, week_on)
        if one.requests and (standing.sees_school or standing.is_within(one.unit))
    ]
    context = {
        "week_on": week_on,
        "budget": rule_of(campaign),
        "loads": loads,
        "forms": forms_in_use(),
        "waivers": Waiver.objects.filter(campaign=campaign)
        .select_related("by")
        .prefetch_related("units")[:20],
        "may_waive": can_waive(person(request)),
    }
    return render(request, "supervision/burden.html", context)


@require_http_methods(["GET", "POST"])
def waive(request: HttpRequest) -> HttpResponse:
    """A chair allows more this week to units that have had their requests."""
    campaign = Campaign.objects.current()
    if not can_waive(person(request)):
        raise PermissionDenied
    if campaign is None:
        raise Http404("no running campaign")
    full = [one.unit for one in full_units(campaign, week_of(timezone.localdate()))]
    if not full:
        messages.info(request, "本周还没有单位到上限，不需要批准增加。")
        return redirect("supervision:burden")
    form = WaiverForm(request.POST or None, units=full)
    if form.is_valid():
        record_waiver(campaign, person(request), now=timezone.now(), **form.cleaned_data)
        messages.success(request, "已批准，理由留存备查。")
        return redirect("supervision:burden")
    context = {
        "heading": "批准本周增加要求",
        "consequence": (
            "批准后，本周对所选单位的要求上限相应提高，下周恢复。理由和批准人对各单位公开。"
        ),
        "submit": "批准增加",
        "cancel_url": reverse("supervision:burden"),
        "form": form,
    }
    return render(request, "confirm.html", context, status=422 if form.errors else 200)
