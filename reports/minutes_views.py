"""The minutes of one activity as a file. One or two pages, so they are printed while one waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from accounts.audit import record
from core.downloads import CONTENT_TYPES, as_download
from reports.minutes import minutes_of
from reports.rendering import Caps, PaperNotMade, render_pdf
from reports.word_file import render_docx
from seminars.models import Activity

if TYPE_CHECKING:
    from accounts.requests import SignedInRequest

_CAPS = Caps(seconds=30, megabytes=512)


@require_safe
def minutes(request: SignedInRequest, pk: int, file_format: str) -> HttpResponse:
    rows = Activity.objects.visible_to(request.user).logged()
    activity = get_object_or_404(rows.select_related("campaign", "unit", "created_by"), pk=pk)
    if file_format not in {"pdf", "docx"}:
        raise Http404(f"minutes are not written as {file_format}")
    paper = minutes_of(activity)
    try:
        content = render_docx(paper) if file_format == "docx" else render_pdf(paper, caps=_CAPS)
    except PaperNotMade as fault:
        messages.warning(request, str(fault))
        return redirect("seminars:minutes", pk)
    record(request.user, "reports.minutes", activity, after={"format": file_format})
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    return as_download(response, f"{activity.get_kind_display()}记录.{file_format}")
