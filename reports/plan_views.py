"""Papers about the plan. Short ones are made while somebody waits, and capped."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from campaign.models import PlanDocument
from core.downloads import as_download
from proposals.models import Decision, SubmissionPackage
from proposals.plan_text import compare_versions
from proposals.views.lookup import campaign_or_404, plan_group_only
from proposals.views.table import day_asked, items
from reports import plan_papers
from reports.choices import ReportKind
from reports.dossier import Wish
from reports.meeting_minutes import meeting_paper
from reports.rendering import PaperNotMade, render_pdf
from reports.services import ask
from reports.word_file import render_docx

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from accounts.requests import SignedInRequest

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_POST
def ask_package(request: SignedInRequest, pk: int, file_format: str) -> HttpResponseBase:
    """Put a unit's submission package on the queue, as it reads on the page."""
    rows = SubmissionPackage.objects.visible_to(request.user).with_page_facts()
    found = get_object_or_404(rows, pk=pk)
    wish = Wish(ReportKind.PACKAGE, found.campaign, unit=found.unit, subject_id=found.pk)
    job = ask(request.user, wish, file_format)
    return redirect("reports:job", job.pk)


@require_safe
def revisions(request: SignedInRequest, pk: int, file_format: str) -> HttpResponseBase:
    """修订对照表 of two versions, `?old=` and `?new=`; the last two unless others are asked for."""
    found = get_object_or_404(PlanDocument.objects.filter(campaign=campaign_or_404()), pk=pk)
    numbers = list(found.versions.order_by("number").values_list("number", flat=True))
    if len(numbers) < 2:  # noqa: PLR2004 - nothing to compare
        raise Http404(f"document {pk} has no two versions")
    old = _number(request.GET.get("old", ""), numbers, numbers[-2])
    new = _number(request.GET.get("new", ""), numbers, numbers[-1])
    old, new = min(old, new), max(old, new)
    rows = [row for row in compare_versions(found, old, new) if row.is_changed]
    make = plan_papers.revision_pdf if file_format == "pdf" else plan_papers.revision_docx
    try:
        content = make(found, old, new, rows, timezone.localdate())
    except PaperNotMade as fault:
        messages.warning(request, str(fault))
        return redirect("proposals:compare", pk)
    record(request.user, "reports.download", found, after={"format": file_format})
    return _file(content, f"{found.title}修订对照表", file_format)


@require_safe
def meeting(request: SignedInRequest, file_format: str) -> HttpResponseBase:
    """The minutes of what the plan group looked over on the day `?on=`."""
    campaign = plan_group_only(request)
    on = day_asked(request)
    rows = Decision.objects.looked_over_on(on).filter(proposal__campaign=campaign)
    paper = meeting_paper(items(rows, campaign, request.user), on)
    try:
        if file_format == "pdf":
            content = render_pdf(paper, caps=plan_papers.AT_THE_SCREEN)
        else:
            content = render_docx(paper)
    except PaperNotMade as fault:
        messages.warning(request, str(fault))
        return redirect(f"{reverse('proposals:minutes')}?on={on}")
    after = {"on": on.isoformat(), "format": file_format}
    record(request.user, "reports.meeting_minutes", campaign, after=after)
    return _file(content, f"会议纪要{on}", file_format)


def _number(asked: str, numbers: list[int], fallback: int) -> int:
    return {str(number): number for number in numbers}.get(asked, fallback)


def _file(content: bytes, name: str, file_format: str) -> FileResponse:
    response = FileResponse(BytesIO(content), content_type=_TYPES[file_format])
    return as_download(response, f"{name}.{file_format}")
