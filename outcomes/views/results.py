"""Outcomes: the list, one with its evidence, and recording one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.permissions import can_steer
from outcomes import services
from outcomes.choices import MeasureStatus
from outcomes.forms import OutcomeFilter, OutcomeForm
from outcomes.models import Case, Measure, Outcome
from outcomes.permissions import can_record_outcome, can_write_case
from outcomes.views.shared import PAGE_ROWS, campaign_or_404, units_reported_for
from proposals.models import Proposal
from seminars.models import Activity
from units.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.models import User
    from accounts.requests import SignedInRequest
    from campaign.models import Campaign


_COLUMNS = ("title", "kind", "unit", "theme", "achieved_on", "text", "independent_reason")


@require_safe
def outcome_list(request: SignedInRequest) -> HttpResponse:
    campaign = campaign_or_404()
    form = OutcomeFilter(request.GET, campaign=campaign)
    rows = form.narrow(Outcome.objects.visible_to(request.user).in_campaign(campaign))
    context = {
        "form": form,
        "page": Paginator(rows.with_list_facts(), PAGE_ROWS).get_page(request.GET.get("page")),
        "may_record": bool(_units_to_record_for(request.user, campaign)),
    }
    return render(request, "outcomes/outcomes.html", context)


@require_safe
def outcome(request: SignedInRequest, pk: int) -> HttpResponse:
    """With those of its activities and sources the reader may open."""
    rows = Outcome.objects.visible_to(request.user)
    shown = get_object_or_404(
        rows.select_related("unit", "theme", "campaign", "measure", "proposal", "case"), pk=pk
    )
    proposals = Proposal.objects.visible_to(request.user)
    activities = Activity.objects.visible_to(request.user).filter(outcomes=shown)
    context = {
        "outcome": shown,
        "activities": activities.newest_first(),
        "activity_count": shown.activities.count(),
        "case": Case.objects.visible_to(request.user).filter(outcome=shown).first(),
        "may_open_proposal": proposals.filter(pk=shown.proposal_id).exists(),
        "may_write": can_write_case(request.user, shown),
        "may_change": can_record_outcome(request.user, shown.campaign, shown.unit),
    }
    return render(request, "outcomes/outcome.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Record an outcome, of the measure named in the address or an independent one."""
    campaign = campaign_or_404()
    measure = _measure_named(request, campaign)
    units = _units_to_record_for(request.user, campaign)
    if not units or (measure and not can_record_outcome(request.user, campaign, measure.unit)):
        raise PermissionDenied
    visible = Activity.objects.visible_to(request.user).logged().in_campaign(campaign)
    if measure is not None:
        visible = visible.of_subtree(measure.unit)
    form = OutcomeForm(
        request.POST or None,
        campaign=campaign,
        units=units,
        activities=visible.newest_first(),
        measure=measure,
        initial=_known(measure),
    )
    if form.is_valid():
        made = services.record_outcome(campaign, request.user, measure=measure, **form.cleaned_data)
        messages.success(request, "已登记成果。")
        return redirect("outcomes:outcome", made.pk)
    context = {"form": form, "measure": measure}
    status = 422 if form.errors else 200
    return render(request, "outcomes/outcome_form.html", context, status=status)


@require_http_methods(["GET", "POST"])
def change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct an outcome; evidence the reader may not see stays as it is."""
    rows = Outcome.objects.visible_to(request.user).select_related("campaign", "unit", "measure")
    shown = get_object_or_404(rows, pk=pk)
    if not can_record_outcome(request.user, shown.campaign, shown.unit):
        raise PermissionDenied
    visible = Activity.objects.visible_to(request.user).logged().in_campaign(shown.campaign)
    linked = list(visible.filter(outcomes=shown))
    form = OutcomeForm(
        request.POST or None,
        campaign=shown.campaign,
        units=_units_to_record_for(request.user, shown.campaign),
        activities=visible.of_subtree(shown.unit).newest_first(),
        measure=shown.measure,
        linked=[activity.pk for activity in linked],
        submit="保存修改",
        initial={name: getattr(shown, name) for name in _COLUMNS} | {"activities": linked},
    )
    if form.is_valid():
        unseen = shown.activities.exclude(pk__in=visible.values("pk"))
        chosen = [*form.cleaned_data.pop("activities", ()), *unseen]
        services.change_outcome(shown, request.user, activities=chosen, **form.cleaned_data)
        messages.success(request, "已保存修改。")
        return redirect("outcomes:outcome", pk)
    context = {"form": form, "measure": shown.measure, "outcome": shown}
    status = 422 if form.errors else 200
    return render(request, "outcomes/outcome_form.html", context, status=status)


def _known(measure: Measure | None) -> dict[str, object]:
    known: dict[str, object] = {"achieved_on": timezone.localdate(), "kind": "practice"}
    if measure is not None:
        known.update(unit=measure.unit_id, theme=measure.theme_id)
    return known


def _units_to_record_for(user: User, campaign: Campaign) -> list[Unit]:
    """All open units for those who steer the campaign, else those one reports for."""
    if can_steer(user, campaign):
        return list(Unit.objects.open())
    return [unit for unit in units_reported_for(user) if can_record_outcome(user, campaign, unit)]


def _measure_named(request: SignedInRequest, campaign: Campaign) -> Measure | None:
    named = request.GET.get("measure", "")
    if not named:
        return None
    rows = Measure.objects.visible_to(request.user).in_campaign(campaign)
    published = rows.exclude(status=MeasureStatus.DRAFT).select_related("unit")
    found: Measure = get_object_or_404(published, pk=int(named) if named.isdecimal() else 0)
    return found
