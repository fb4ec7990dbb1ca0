"""The log form: new, draft, edit, conflict."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from campaign.models import Campaign
from core.chinese_text import clock_time
from core.refusal import FileRefused
from seminars.advice import NOTED, digest, notes_on, unseen
from seminars.choices import ActivityStatus
from seminars.forms import (
    KEPT_BECAUSE,
    ActivityForm,
    Lines,
    OpinionLines,
    first_values,
    fresh_key,
    lay_out,
    values_of,
)
from seminars.habits import Habits, habits_of, offered_kinds
from seminars.models import Activity
from seminars.permissions import can_edit
from seminars.querysets import names_in, people_called, units_to_log_for
from seminars.services import activities as service
from seminars.sheets import lines_of, sheet_of
from seminars.wording import differences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpResponse, QueryDict

    from accounts.requests import SignedInRequest
    from seminars.advice import Note
    from seminars.sheets import OpinionLine, Sheet
    from units.models import Unit

_PREFIX = "opinions"


@dataclass
class LogPage:
    """Everything one showing of the form needs; `activity` is the draft or record at hand."""

    request: SignedInRequest
    campaign: Campaign
    units: QuerySet[Unit]
    activity: Activity | None = None

    @cached_property
    def is_record(self) -> bool:
        return self.activity is not None and self.activity.status == ActivityStatus.LOGGED

    @cached_property
    def unit(self) -> Unit:
        """The unit the form is about: the record's, the one asked for, or the first of mine."""
        if self.activity is not None:
            return self.activity.unit
        asked = self.request.POST.get("unit") or self.request.GET.get("unit")
        return next((unit for unit in self.units if str(unit.pk) == asked), self.units[0])

    @cached_property
    def offered(self) -> list[str]:
        return offered_kinds(self.campaign)

    @cached_property
    def habits(self) -> Habits:
        return habits_of(self.unit)

    @cached_property
    def kind(self) -> str:
        asked = self.request.POST.get("kind") or self.request.GET.get("kind", "")
        if asked in self.offered:
            return asked
        if self.activity is not None:
            return self.activity.kind
        return self.habits.kinds_at_hand(self.offered)[0]

    def blank(self, initial: dict[str, Any], lines: Sequence[OpinionLine]) -> HttpResponse:
        form = self._form(initial=initial)
        return self.answer(form, self._lines(form, initial=[_line_values(line) for line in lines]))

    def posted(self, data: QueryDict | None = None) -> tuple[ActivityForm, Lines]:
        data = data or self.request.POST
        form = self._form(data=data, files=self.request.FILES)
        return form, self._lines(form, data=data)

    def answer(
        self,
        form: ActivityForm,
        lines: Lines,
        status: int = HTTPStatus.OK,
        *,
        notes: Sequence[Note] = (),
        **context: Any,
    ) -> HttpResponse:
        lay_out(
            form,
            lines,
            at_hand=self.habits.kinds_at_hand(self.offered),
            offered=self.offered,
            submit=self._submit(notes),
            is_draft=not self.is_record,
            cancel_url=self._cancel_url(),
            people=names_in(self.unit),
            notes=notes,
        )
        template = context.pop("template", "seminars/activity_form.html")
        context = {"form": form, "lines": lines, "page": self, **context}
        return render(self.request, template, context, status=status)

    def notes(self, form: ActivityForm) -> list[Note]:
        """What to look at again before this is saved; of what could be understood."""
        return notes_on(
            form.sheet(()),
            by=self.request.user,
            files=form.checked_files,
            own=self.activity.pk if self.activity else self._stored_before(form),
        )

    def _stored_before(self, form: ActivityForm) -> int | None:
        """What this form was stored as when it was sent once already."""
        if (key := form.cleaned_data.get("client_key")) is None:
            return None
        return Activity.objects.filter(client_key=key).values_list("pk", flat=True).first()

    def _submit(self, notes: Sequence[Note]) -> str:
        if notes:
            return "就按这样保存"
        return "保存修改" if self.is_record else "保存"

    def _form(self, **given: Any) -> ActivityForm:
        return ActivityForm(
            campaign=self.campaign,
            units=self.units,
            kind=self.kind,
            today=timezone.localdate(),
            **given,
        )

    def _lines(self, form: ActivityForm, **given: Any) -> Lines:
        extras = {
            "groups": form.choices_of("audience_groups"),
            "themes": form.choices_of("themes"),
            "find_person": partial(people_called, self.unit),
        }
        return cast("Lines", OpinionLines(prefix=_PREFIX, form_kwargs=extras, **given))

    def _cancel_url(self) -> str:
        if self.is_record and self.activity is not None:
            return reverse("seminars:activity", args=[self.activity.pk])
        return reverse("seminars:activities")


def _line_values(line: OpinionLine) -> dict[str, Any]:
    return {
        "text": line.text,
        "audience_group": line.audience_group,
        "theme": line.theme,
        "contributor": line.contributor_name,
        "key": line.opinion,
    }


@require_http_methods(["GET", "POST"])
def log(request: SignedInRequest) -> HttpResponse:
    """A new activity; `?kind=`, `?unit=` and `?copy=` fill it in, `?sent=` leads to what became."""
    page = _page(request)
    if request.method == "POST":
        return _take(page)
    if (became := _stored_as(request)) is not None:
        return redirect("seminars:edit", became)
    copied = request.GET.get("copy", "")
    if copied.isdecimal():
        rows = Activity.objects.visible_to(request.user).logged()
        return _copied(page, get_object_or_404(rows, pk=int(copied[:18])))
    guesses = page.habits.suggestions(page.kind, request.user, timezone.localdate())
    return page.blank({**guesses, **fresh_key(), "unit": page.unit.pk}, ())


def _stored_as(request: SignedInRequest) -> int | None:
    """What the form of that key was stored as: who goes back to it means to correct that."""
    try:
        key = UUID(request.GET.get("sent", ""))
    except ValueError:
        return None
    rows = Activity.objects.visible_to(request.user).select_related("campaign", "unit")
    stored = rows.filter(client_key=key).first()
    return stored.pk if stored and can_edit(request.user, stored) else None


def _copied(page: LogPage, original: Activity) -> HttpResponse:
    sheet = service.copy_of(original, unit=page.unit)
    page.kind = sheet.kind
    today = {"held_on": timezone.localdate()}
    return page.blank({**first_values(sheet), **today, **fresh_key()}, ())


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Go on with a draft, or correct a record."""
    rows = Activity.objects.visible_to(request.user).select_related("campaign", "unit")
    activity = get_object_or_404(rows, pk=pk)
    if not can_edit(request.user, activity):
        raise PermissionDenied(f"{request.user.pk} may not edit activity {pk}")
    page = _page(request, activity)
    if request.method == "POST":
        return _take(page)
    return page.blank(values_of(activity), lines_of(activity))


def _page(request: SignedInRequest, activity: Activity | None = None) -> LogPage:
    campaign = activity.campaign if activity else Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign is running")
    units = units_to_log_for(request.user)
    if not units:
        raise PermissionDenied(f"{request.user.pk} reports for no unit")
    return LogPage(request, campaign, units, activity)


def _take(page: LogPage) -> HttpResponse:
    """Answer a posted form by what was pressed."""
    match page.request.POST.get("action", ""):
        case "kind" | "opinion" as action:
            return _show_again(page, one_more=action == "opinion")
        case "draft" if not page.is_record:
            return _keep_draft(page)
        case _:
            return _save(page)


def _show_again(page: LogPage, *, one_more: bool) -> HttpResponse:
    """The same sheet with the fields of another kind, or with one more opinion line."""
    data = page.request.POST.copy()
    if one_more:
        total = data.get(f"{_PREFIX}-TOTAL_FORMS", "")
        data[f"{_PREFIX}-TOTAL_FORMS"] = str(int(total[:4]) + 1 if total.isdecimal() else 1)
    form, lines = page.posted(data)
    form.hush()
    lines.hush()
    return page.answer(form, lines)


def _keep_draft(page: LogPage) -> HttpResponse:
    form, lines = page.posted()
    form.full_clean()
    if {"client_key", "version", "unit"} & set(form.errors):
        return _refuse(page, form, lines)
    try:
        draft = _store_draft(page, form, lines)
    except service.EditedMeanwhile as late:
        if page.request.htmx:  # type: ignore[attr-defined]
            text = "这份草稿已在别处改过。点“保存”时会请您核对两份内容。"
            return render(page.request, "components/save_mark.html", {"text": text})
        return _conflict(page, form, lines, late.activity)
    except FileRefused as refused:
        form.add_error("files", refused)
        return _refuse(page, form, lines)
    if page.request.htmx:  # type: ignore[attr-defined]
        return _autosaved(page, form, draft)
    messages.success(page.request, "草稿已保存，只有您所在单位的书记和联络员看得到。")
    return redirect("seminars:edit", draft.pk)


def _autosaved(page: LogPage, form: ActivityForm, draft: Activity) -> HttpResponse:
    """A mark with the time, the new version for the form, notes, and the draft's own address."""
    page.activity = draft
    notes = page.notes(form)
    context = {
        "text": f"已于{clock_time(draft.updated_at)}存为草稿",
        "draft": draft,
        "noted": [(name, [note for note in notes if note.field == name]) for name in NOTED],
        "seen": digest(notes),
    }
    response = render(page.request, "seminars/_autosaved.html", context)
    response["HX-Replace-Url"] = reverse("seminars:edit", args=[draft.pk])
    return response


def _store_draft(page: LogPage, form: ActivityForm, lines: Lines) -> Activity:
    return service.save_draft(
        form.sheet(lines.lines()),
        by=page.request.user,
        client_key=_key(page, form),
        version=form.cleaned_data["version"],
        now=timezone.now(),
        files=form.checked_files,
    )


def _key(page: LogPage, form: ActivityForm) -> UUID:
    """The key of the draft at hand, whatever the page sent; otherwise the page's own."""
    key: UUID = page.activity.client_key if page.activity else form.cleaned_data["client_key"]
    return key


def _save(page: LogPage) -> HttpResponse:
    form, lines = page.posted()
    if not (form.is_valid() & lines.is_valid()):
        return _refuse(page, form, lines)
    notes = page.notes(form)
    if unseen(notes, page.request.POST.get("seen_notes", "")):
        return _show_notes(page, form, lines, notes)
    try:
        activity = _store(page, form, form.sheet(lines.lines()))
    except service.EditedMeanwhile as late:
        return _conflict(page, form, lines, late.activity)
    except service.NotOpen as closed:
        form.add_error(None, str(closed))
        return _refuse(page, form, lines)
    except FileRefused as refused:
        form.add_error("files", refused)
        return _refuse(page, form, lines)
    messages.success(page.request, "修改已保存。" if page.is_record else "活动已记录。")
    return redirect("seminars:activity", activity.pk)


def _show_notes(
    page: LogPage, form: ActivityForm, lines: Lines, notes: Sequence[Note]
) -> HttpResponse:
    """The same form with notes not seen before; saving once more keeps everything as it is."""
    lost = _keep_files(page, form, lines)
    return page.answer(form, lines, notes=notes, lost_files=lost)


def _store(page: LogPage, form: ActivityForm, sheet: Sheet) -> Activity:
    written: dict[str, Any] = {
        "by": page.request.user,
        "version": form.cleaned_data["version"],
        "now": timezone.now(),
        "files": form.checked_files,
        "kept_because": form.cleaned_data[KEPT_BECAUSE],
    }
    if page.activity is not None and page.is_record:
        return service.edit_activity(page.activity, sheet, **written)
    return service.log_activity(sheet, client_key=_key(page, form), **written)


def _refuse(page: LogPage, form: ActivityForm, lines: Lines) -> HttpResponse:
    """The form with its errors. Files already taken in are kept with a draft of what was typed."""
    notes = [f"第{n}条意见：{error}" for n, error in _line_errors(lines)]
    for note in notes:
        form.add_error(None, note)
    lost = _keep_files(page, form, lines)
    return page.answer(form, lines, HTTPStatus.UNPROCESSABLE_ENTITY, lost_files=lost)


def _keep_files(page: LogPage, form: ActivityForm, lines: Lines) -> list[str]:
    """Keep files that were sent with a draft of what was typed; names of those that got lost."""
    names = [one.name for one in form.checked_files]
    if not names or page.is_record or {"client_key", "version", "unit"} & set(form.errors):
        return names
    try:
        draft = _store_draft(page, form, lines)
    except (service.EditedMeanwhile, FileRefused):
        return names
    form.build_on(draft.version)
    page.activity = draft
    return []


def _line_errors(lines: Lines) -> list[tuple[int, str]]:
    return [
        (place, str(error))
        for place, form in enumerate(lines.forms, start=1)
        for errors in form.errors.values()
        for error in errors
    ]


def _conflict(page: LogPage, form: ActivityForm, lines: Lines, stored: Activity) -> HttpResponse:
    """Both texts: what stands now, and the form with what was typed, ready to be saved over it."""
    mine = form.sheet(lines.lines())
    found = differences(sheet_of(stored), mine)
    form.build_on(stored.version)
    page = LogPage(page.request, page.campaign, page.units, stored)
    page.kind = form.kind
    return page.answer(
        form,
        lines,
        HTTPStatus.CONFLICT,
        template="seminars/conflict.html",
        differences=found,
        stored=stored,
        stored_lines=lines_of(stored),
    )
