"""What the pages of measures, outcomes and cases have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render

from campaign.models import Campaign
from units.models import Unit
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse

    from accounts.models import User
    from accounts.requests import SignedInRequest

PAGE_ROWS = 30


def campaign_or_404() -> Campaign:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign runs")
    return campaign


def units_reported_for(user: User) -> list[Unit]:
    """Open units the person reports for, in tree order."""
    return list(Unit.objects.open().filter(below(standing_of(user).reporting_paths)))


def confirm(
    request: SignedInRequest,
    heading: str,
    consequence: str,
    submit: str,
    cancel_url: str,
    form: forms.Form | None = None,
) -> HttpResponse:
    """The page that asks before a step; with mistakes in `form` it answers 422."""
    context = {
        "heading": heading,
        "consequence": consequence,
        "submit": submit,
        "cancel_url": cancel_url,
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "confirm.html", context, status=status)
