"""Papers about the plan, put on the queue from the pages that show the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from campaign.models import PlanDocument
from proposals.models import SubmissionPackage
from proposals.views.lookup import campaign_or_404, plan_group_only
from proposals.views.table import day_asked
from reports.choices import ReportKind
from reports.dossier import Wish
from reports.services import ask

if TYPE_CHECKING:
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest


@require_POST
def ask_package(request: SignedInRequest, pk: int, file_format: str) -> HttpResponse:
    """A unit's submission package, as it reads on the page."""
    rows = SubmissionPackage.objects.visible_to(request.user).with_page_facts()
    found = get_object_or_404(rows, pk=pk)
    wish = Wish(ReportKind.PACKAGE, found.campaign, unit=found.unit, subject_id=found.pk)
    return _queued(request, wish, file_format)


@require_POST
def ask_revisions(request: SignedInRequest, pk: int, file_format: str) -> HttpResponse:
    """修订对照表 of two versions, `old` and `new`; the last two unless others are asked for."""
    campaign = campaign_or_404()
    found = get_object_or_404(PlanDocument.objects.filter(campaign=campaign), pk=pk)
    keys = dict(found.versions.order_by("number").values_list("number", "pk"))
    numbers = list(keys)
    if len(numbers) < 2:  # noqa: PLR2004 - nothing to compare
        raise Http404(f"document {pk} has no two versions")
    old = _number(request.POST.get("old", ""), numbers, numbers[-2])
    new = _number(request.POST.get("new", ""), numbers, numbers[-1])
    if old == new:
        raise Http404(f"version {old} has nothing to be compared with")
    wish = Wish(
        ReportKind.REVISIONS,
        campaign,
        subject_id=keys[max(old, new)],
        compared_with_id=keys[min(old, new)],
    )
    return _queued(request, wish, file_format)


@require_POST
def ask_minutes(request: SignedInRequest, file_format: str) -> HttpResponse:
    """The minutes of what the plan group looked over on the day `on`."""
    campaign = plan_group_only(request)
    wish = Wish(ReportKind.MINUTES, campaign, as_of=day_asked(request.POST))
    return _queued(request, wish, file_format)


def _queued(request: SignedInRequest, wish: Wish, file_format: str) -> HttpResponse:
    return redirect("reports:job", ask(request.user, wish, file_format).pk)


def _number(asked: str, numbers: list[int], fallback: int) -> int:
    return {str(number): number for number in numbers}.get(asked, fallback)
