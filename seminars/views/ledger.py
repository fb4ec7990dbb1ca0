"""The ledger: every activity a person may see, newest first, narrowed and paged by key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from campaign.current import lend_phases
from campaign.models import Campaign
from core.addresses import address
from core.chinese_text import clean_line, number
from core.sheet_downloads import send_sheet
from seminars.filters import LedgerFilter
from seminars.ledger import ledger_sheet
from seminars.ledger_page import LedgerPage, page_of
from seminars.models import Activity, SavedView
from seminars.querysets import units_to_log_for
from seminars.services.saved_views import MOST_VIEWS, TooManyViews, drop_view, keep_view
from units.standing import standing_of

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from accounts.requests import SignedInRequest
    from seminars.querysets import ActivityQuerySet

#: Counting further would cost more than anybody learns from it.
COUNTED_TO = 1_000
_DRAFTS_SHOWN = 5
_DRAFT_COLUMNS = ("title", "kind", "updated_at", "campaign", "unit__short_name")
_LONGEST_QUERY = 500


@require_safe
def activities(request: SignedInRequest) -> HttpResponse:
    campaign = Campaign.objects.current()
    form = LedgerFilter(request.GET, user=request.user, campaign=campaign)
    lend_phases(request, form.phases)
    rows = form.narrow(ledger_rows(request, campaign))
    page = page_of(rows, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    context = {
        "filter_form": form,
        "lines": [(address("seminars:activity", line.pk), line) for line in page.lines],
        "next_key": page.earlier,
        "previous_key": page.later,
        "count_text": _count_text(rows, page),
        "is_narrowed": bool(form.chosen()),
        "may_log": bool(units_to_log_for(request.user)),
        "drafts": _drafts(request, campaign),
        "query": request.GET.urlencode(),
        "saved": _saved(request, form.query()),
        "filter_query": form.query(),
        "own_unit": standing_of(request.user).posts[:1],
    }
    return render(request, "seminars/activities.html", context)


@require_POST
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep the filters in use under a name."""
    query = QueryDict(request.POST.get("query", "")[:_LONGEST_QUERY])
    form = LedgerFilter(query, user=request.user, campaign=Campaign.objects.current())
    kept = form.query()
    name = clean_line(request.POST.get("name", ""))[: SavedView._meta.get_field("name").max_length]
    if not name or not kept:
        messages.warning(request, "请先筛选，再给这组条件起个名字。")
    else:
        try:
            keep_view(name, kept, by=request.user)
            messages.success(request, f"已保存为常用筛选“{name}”。")
        except TooManyViews:
            messages.warning(request, f"常用筛选最多保存{MOST_VIEWS}个，请先删去不用的。")
    return redirect(f"{reverse('seminars:activities')}?{kept}")


@require_POST
def drop_saved_view(request: SignedInRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.of(request.user), pk=pk)
    drop_view(view, by=request.user)
    messages.success(request, f"已删去常用筛选“{view.name}”。")
    return redirect("seminars:activities")


def _saved(request: SignedInRequest, query: str) -> list[dict[str, object]]:
    """The person's views for a line of links; the one in use is marked."""
    here = reverse("seminars:activities")
    return [
        {
            "pk": view.pk,
            "label": view.name,
            "url": f"{here}?{view.query}",
            "current": view.query == query,
        }
        for view in SavedView.objects.of(request.user)
    ]


@require_safe
def export(request: SignedInRequest, file_format: str) -> HttpResponseBase:
    """The ledger exactly as filtered, with the columns offices use."""
    campaign = Campaign.objects.current()
    form = LedgerFilter(request.GET, user=request.user, campaign=campaign)
    sheet = ledger_sheet(form.narrow(ledger_rows(request, campaign)))
    record(request.user, "seminars.export", campaign, after={"query": request.GET.urlencode()})
    name = f"活动台账{timezone.localdate():%Y%m%d}"
    return send_sheet(sheet, name, file_format)


def ledger_rows(request: SignedInRequest, campaign: Campaign | None) -> ActivityQuerySet:
    """Records a person may see; of the running campaign if there is one."""
    rows = Activity.objects.visible_to(request.user).logged()
    return rows.in_campaign(campaign) if campaign else rows


def _drafts(request: SignedInRequest, campaign: Campaign | None) -> list[Activity]:
    mine = Activity.objects.drafts_of(request.user)
    rows = mine.in_campaign(campaign) if campaign else mine
    shown = rows.select_related("unit").only(*_DRAFT_COLUMNS).order_by("-updated_at")
    return list(shown[:_DRAFTS_SHOWN])


def _count_text(rows: ActivityQuerySet, page: LedgerPage) -> str:
    """Counted by the database only where the page does not hold them all."""
    count = len(page.lines) if page.is_all else rows.order_by()[: COUNTED_TO + 1].count()
    return f"{number(COUNTED_TO)}条以上" if count > COUNTED_TO else f"共{number(count)}条"
