"""The plan of a campaign: as it was issued, as it stands, and all campaigns there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from campaign.choices import Gate
from campaign.gates import is_declared, is_open, switch_of
from campaign.models import Campaign, StudyDocument
from campaign.permissions import can_load_document, can_seal, can_set_up, can_steer
from campaign.schedule import Schedule, remarks
from core.downloads import send_file
from core.frame import phase_mark

if TYPE_CHECKING:
    from datetime import date

    from django.http import FileResponse, HttpRequest, HttpResponse


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The current campaign's plan: goal, phases, themes, study list, targets, safeguards."""
    campaign = Campaign.objects.with_plan().current()
    if campaign is None:
        raise Http404
    return _plan_page(request, campaign)


@require_safe
def plan_of(request: HttpRequest, slug: str) -> HttpResponse:
    """The plan of a named campaign, also one in preparation or past."""
    seen = Campaign.objects.with_plan().visible_to(request.user)
    return _plan_page(request, get_object_or_404(seen, slug=slug))


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign the person may see, the newest first."""
    context = {
        "campaigns": Campaign.objects.visible_to(request.user).newest_first(),
        "current": Campaign.objects.current(),
        "may_set_up": can_set_up(request.user),
    }
    return render(request, "campaign/campaigns.html", context)


@require_safe
def study_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file of a study document."""
    rows = StudyDocument.objects.filter(campaign__in=Campaign.objects.visible_to(request.user))
    document = get_object_or_404(rows.exclude(file=""), pk=pk)
    return send_file(document.file, document.file_name)


def _plan_page(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    today = timezone.localdate()
    schedule = Schedule(campaign)
    for row in (*schedule.phases, *schedule.steps, *schedule.demands):
        row.explained = schedule.explain(row)  # type: ignore[attr-defined]  # for the template
    may_steer = can_steer(request.user, campaign)
    context = {
        "campaign": campaign,
        "may_steer": may_steer,
        "may_seal": can_seal(request.user, campaign),
        "may_set_up": can_set_up(request.user),
        "phases": schedule.phases,
        "remarks": remarks(campaign),
        "lacks_document": is_open(campaign, Gate.PROPOSALS, today)
        and not any(document.versions.all() for document in campaign.documents.all()),
        "may_load": can_load_document(request.user, campaign),
        "gates": gates_on(campaign, today),
        "marks": [
            phase_mark(phase.name, phase.starts_on, phase.ends_on, on=today)
            for phase in schedule.phases
        ],
    }
    return render(request, "campaign/plan.html", context)


def gates_on(campaign: Campaign, day: date) -> list[dict[str, object]]:
    """Each gate as it stands on `day`: open or not, and who switched it if somebody did."""
    rows: list[dict[str, object]] = []
    for gate in Gate:
        switch = switch_of(campaign, gate)
        rows.append(
            {
                "gate": gate,
                "is_open": is_open(campaign, gate, day),
                "is_declared": is_declared(campaign, gate, day),
                "switch": switch if switch is not None and switch.holds_on(day) else None,
            }
        )
    return rows
