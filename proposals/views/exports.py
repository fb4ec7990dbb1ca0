"""Lists of proposals as workbooks: every row the person may see, masked where they stay out."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING

from django.http import FileResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.audit import record
from core.downloads import as_download
from core.spreadsheets import Sheet, write_xlsx
from proposals.forms import ListFilter
from proposals.models import Proposal
from proposals.sheets import proposal_sheet, review_sheet
from proposals.views.lookup import campaign_or_404, plan_group_only

if TYPE_CHECKING:
    from accounts.requests import SignedInRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY_BYTES = 2_000_000


@require_safe
def export_list(request: SignedInRequest) -> FileResponse:
    """What the list shows with its present filters, all pages of it."""
    campaign = campaign_or_404()
    form = ListFilter(request.GET, campaign=campaign, user=request.user)
    visible = Proposal.objects.visible_to(request.user).in_campaign(campaign)
    sheet = proposal_sheet(form.narrow(visible).newest_first())
    return _workbook(request, sheet, "对策建议")


@require_safe
def export_reviews(request: SignedInRequest) -> FileResponse:
    """Every proposal sent in with its scores and verdict, for the plan group."""
    campaign = plan_group_only(request)
    rows = Proposal.objects.visible_to(request.user).in_campaign(campaign)
    sheet = review_sheet(rows.exclude(submitted_at=None).order_by("pk"), campaign, request.user)
    return _workbook(request, sheet, "审议情况")


def _workbook(request: SignedInRequest, sheet: Sheet, name: str) -> FileResponse:
    target = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - the response closes it
    write_xlsx(target, [sheet])
    target.seek(0)
    record(request.user, "proposals.export", after={"list": name, "query": request.GET.dict()})
    day = timezone.localdate()
    return as_download(FileResponse(target, content_type=XLSX), f"{name}-{day:%Y%m%d}.xlsx")
