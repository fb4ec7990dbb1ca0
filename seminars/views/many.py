"""More than one activity at a time: a grid of many, and a monthly series of one."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.models import Campaign
from core.chinese_text import chinese_date, joined
from seminars.advice import slips_in
from seminars.grid import MOST_ROWS, ROWS_AT_FIRST, GridRows, first_rows, topics_of
from seminars.habits import habits_of, offered_kinds
from seminars.models import Activity
from seminars.permissions import can_edit
from seminars.querysets import units_to_log_for
from seminars.series_form import SeriesForm
from seminars.services.imports import ImportedMeanwhile, carry_out, plan_rows
from seminars.services.series import begin_series

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.forms import BaseFormSet
    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from seminars.advice import SheetNote
    from seminars.grid import GridRow
    from seminars.services.imports import Fault

_PREFIX = "rows"


@require_http_methods(["GET", "POST"])
def grid(request: SignedInRequest) -> HttpResponse:
    """Several activities in one table, stored all or none."""
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    units = list(units_to_log_for(request.user))
    if not units:
        raise PermissionDenied(f"{request.user.pk} reports for no unit")
    kinds = offered_kinds(campaign)
    columns = {"units": units, "kinds": kinds, "topics": topics_of(campaign, units)}
    given: dict[str, Any] = {"prefix": _PREFIX, "form_kwargs": columns}
    habits = habits_of(units[0])
    kind = habits.kinds_at_hand(kinds)[0]
    usual = habits.suggestions(kind, request.user, timezone.localdate())
    guesses = {"place": "", "host": "", "expected": "", **usual, "kind": kind, "unit": units[0].pk}
    if request.method == "GET":
        return _grid_page(request, GridRows(initial=first_rows(guesses), **given))
    if request.POST.get("action") == "more":
        data = request.POST.copy()
        rows = min(_count(data.get(f"{_PREFIX}-TOTAL_FORMS", "")) + ROWS_AT_FIRST, MOST_ROWS)
        data[f"{_PREFIX}-TOTAL_FORMS"] = str(rows)
        return _grid_page(request, GridRows(data, initial=first_rows(guesses, rows), **given))
    return _take_grid(request, campaign, GridRows(request.POST, **given))


def _count(text: str) -> int:
    return int(text[:4]) if text.isdecimal() else 0


def _take_grid(
    request: SignedInRequest, campaign: Campaign, formset: BaseFormSet[GridRow]
) -> HttpResponse:
    now = timezone.now()
    rows = [row for at, form in enumerate(formset.forms, start=1) if (row := form.row(at))]
    if not rows:
        messages.info(request, "还没有填写任何一行，没有保存。")
        return _grid_page(request, formset, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    plan = plan_rows(rows, by=request.user, campaign=campaign, now=now)
    if plan.faults:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _grid_page(request, formset, plan.faults, status=status)
    notes = list(slips_in(sheet for _, sheet in plan.additions))
    if {note.mark for note in notes} - set(request.POST.get("seen_notes", "").split()):
        return _grid_page(request, formset, notes=notes)
    try:
        count = carry_out(plan, by=request.user, campaign=campaign, now=now)
    except ImportedMeanwhile:
        messages.warning(request, "同样的内容刚刚被保存过。没有重复记录。")
    else:
        known = f"，另有{plan.known}场已经记录过，不再重复" if plan.known else ""
        messages.success(request, f"已记录{count}场活动{known}。")
    return redirect("seminars:activities")


def _grid_page(
    request: SignedInRequest,
    formset: BaseFormSet[GridRow],
    faults: Sequence[Fault] = (),
    *,
    notes: Sequence[SheetNote] = (),
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """`notes` are shown once; saving again keeps every row as it is."""
    marked = {fault.row for fault in faults}
    context = {
        "formset": formset,
        "rows": [(at, form, at in marked) for at, form in enumerate(formset.forms, start=1)],
        "faults": faults,
        "notes": notes,
        "seen": " ".join(note.mark for note in notes),
        "heads": [field.label for field in formset.empty_form],
        "may_add": len(formset.forms) < MOST_ROWS,
    }
    return render(request, "seminars/grid.html", context, status=status)


@require_http_methods(["GET", "POST"])
def series(request: SignedInRequest, pk: int) -> HttpResponse:
    """Drafts of the same activity for the months to come."""
    rows = Activity.objects.visible_to(request.user).logged()
    activity = get_object_or_404(rows.select_related("campaign", "unit"), pk=pk)
    if not can_edit(request.user, activity):
        raise PermissionDenied(f"{request.user.pk} may not log for unit {activity.unit_id}")
    form = SeriesForm(request.POST or None, activity=activity)
    if form.is_bound and form.is_valid():
        drafts = begin_series(activity, by=request.user, now=timezone.now(), **form.cleaned_data)
        days = joined([chinese_date(draft.held_on) for draft in drafts], most=3, measure="场")
        messages.success(
            request, f"已建立{len(drafts)}份草稿：{days}。开过以后打开草稿补上人数和内容。"
        )
        return redirect("seminars:activities")
    context = {
        "heading": f"每月一次：{activity.title}",
        "consequence": "按这次活动的形式、主题、地点、主持人和应到人数，为以后几个月各建一份草稿。"
        "每次开过以后打开草稿，补上实到人数和内容再保存。",
        "submit": "建立草稿",
        "cancel_url": reverse("seminars:activity", args=[pk]),
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "confirm.html", context, status=status)
