"""What the forms for phases, steps and demands share: words for a time become days.

A person may type days, or only the document's words; relative words need the day they count from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms

from campaign.choices import DayUnit, Edge
from campaign.meanwhile import ChangedMeanwhile, state_of
from campaign.models import Campaign, Phase, PhaseStep
from campaign.schedule import Schedule
from campaign.timing import Timing, moved, read_timing, stretch
from core.chinese_dates import DateContext
from core.chinese_text import chinese_date, date_range
from core.forms import CarriedText
from notices.calendar import school_calendar

if TYPE_CHECKING:
    from datetime import date

    from campaign.models.campaign import Anchored


class CarriesSeen:
    """A form of one row that carries what the row said when the form was shown.

    Call `carry_seen` when the fields are there, before the form gets its helper.
    """

    def carry_seen(self: Any) -> None:
        if self.instance.pk:
            self.fields["seen"] = CarriedText()
            self.initial["seen"] = state_of(self.instance)

    def say_what_changed(self: Any, fault: ChangedMeanwhile) -> None:
        """Keep what was typed; saving once more overwrites what is told here."""
        self.add_error(
            None,
            f"没有保存：他人刚刚改过这一项，{fault}。您填写的仍在下面，核对之后再保存，就以您的为准。",
        )
        self.data = self.data.copy()
        self.data["seen"] = state_of(fault.row)


NO_ANCHOR = ("", "不是相对时间")


@dataclass(frozen=True)
class Anchor:
    """A day to count from, as a choice of a form: `issued`, `phase-3-ends`, `step-5-starts`."""

    token: str
    label: str
    on: date | None
    row: Phase | PhaseStep | None = None

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "anchor_edge": self.token.rpartition("-")[2],
            "anchor_phase": self.row if isinstance(self.row, Phase) else None,
            "anchor_step": self.row if isinstance(self.row, PhaseStep) else None,
        }


NOT_RELATIVE: dict[str, Any] = {
    "offset": None,
    "offset_unit": DayUnit.WORKING_DAYS,
    "anchor_edge": "",
    "anchor_phase": None,
    "anchor_step": None,
}


class Times:
    """The campaign's days as a form needs them: what can be counted from, what words mean."""

    def __init__(self, campaign: Campaign, itself: Anchored | None = None) -> None:
        self.schedule = Schedule(campaign)
        self._campaign = campaign
        self._itself = itself
        self.calendar = school_calendar()
        self.anchors = {anchor.token: anchor for anchor in self._anchors()}

    def choices(self) -> list[tuple[str, str]]:
        dated = [(one.token, one.label) for one in self.anchors.values() if one.on is not None]
        return [NO_ANCHOR, *dated]

    def token_of(self, row: Anchored | None) -> str:
        """The choice that stands for what `row` is counted from."""
        if row is None or not row.is_relative:
            return ""
        if row.anchor_edge == Edge.ISSUED:
            return "issued"
        kind = "phase" if row.anchor_phase_id else "step"
        return f"{kind}-{row.anchor_phase_id or row.anchor_step_id}-{row.anchor_edge}"

    def meaning(self, label: str) -> Timing | None:
        return read_timing(label, context_of(self._campaign)) if label else None

    def _anchors(self) -> list[Anchor]:
        found = [Anchor("issued", "印发之日", self._campaign.issued_on)]
        rows: list[tuple[str, Phase | PhaseStep]] = []
        for phase in self.schedule.phases:
            rows += [("phase", phase), *(("step", step) for step in phase.steps.all())]
        for kind, row in rows:
            if row == self._itself:
                continue
            for edge in (Edge.STARTS, Edge.ENDS):
                on = row.starts_on if edge == Edge.STARTS else row.ends_on
                label = f"“{row}”{edge.label}（{chinese_date(on)}）" if on else ""
                found.append(Anchor(f"{kind}-{row.pk}-{edge.value}", label, on, row))
        return found


def context_of(campaign: Campaign) -> DateContext:
    """The year that dates without one belong to: of issue, else of the first phase."""
    from django.conf import settings

    first = min((phase.starts_on for phase in campaign.phases.all()), default=None)
    year = campaign.issued_on.year if campaign.issued_on else first.year if first else None
    return DateContext(year, campaign.issued_on, settings.MONTH_END_FIRST_DAY)


def clean_span(form: forms.Form | forms.ModelForm[Any], times: Times, *, needed: bool) -> None:
    """Put days, hours and anchor of a phase or step into `cleaned_data`, or say what to mend."""
    data = form.cleaned_data
    timing = times.meaning(data.get("label", ""))
    anchor = times.anchors.get(data.pop("anchor", ""))
    typed = (data.get("starts_on"), data.get("ends_on"))
    if timing is not None and timing.is_relative:
        _relative(form, timing, anchor, times, ("starts_on", "ends_on"))
        return
    if anchor is not None:
        form.add_error("anchor", _not_relative(data.get("label", "")))
        return
    data.update(NOT_RELATIVE)
    if timing is not None:
        if _label_is_new(form, ("starts_on", "ends_on")):
            typed = (timing.first or typed[0], timing.last or typed[1])
        data["starts_on"], data["ends_on"] = typed[0] or timing.first, typed[1] or timing.last
        data["starts_time"] = data.get("starts_time") or timing.first_time
        data["ends_time"] = data.get("ends_time") or timing.last_time
    _check_span(form, needed=needed)


def clean_deadline(form: forms.Form | forms.ModelForm[Any], times: Times) -> None:
    """The same for a demand's `due_label`, `due_on` and `due_time`; the last day counts."""
    data = form.cleaned_data
    label = data.get("due_label", "")
    timing = times.meaning(label)
    anchor = times.anchors.get(data.pop("anchor", ""))
    if timing is not None and timing.is_relative:
        _relative(form, timing, anchor, times, ("due_on",))
        return
    if anchor is not None:
        form.add_error("anchor", _not_relative(label))
        return
    data.update(NOT_RELATIVE)
    if timing is not None:
        is_new = _label_is_new(form, ("due_on",), label="due_label")
        data["due_on"] = (
            timing.last if is_new and timing.last else data.get("due_on") or timing.last
        )
        data["due_time"] = data.get("due_time") or timing.last_time
    elif label and not data.get("due_on"):
        form.add_error("due_on", f"“{label}”推不出具体日期，请填写截止日期。")


def _relative(
    form: forms.Form | forms.ModelForm[Any],
    timing: Timing,
    anchor: Anchor | None,
    times: Times,
    fields: tuple[str, ...],
) -> None:
    data = form.cleaned_data
    if anchor is None or anchor.on is None or timing.offset is None:
        form.add_error("anchor", "相对时间要从某一天算起，请选择起算日。")
        return
    if any(data.get(name) for name in fields if name in form.changed_data):
        form.add_error(
            fields[-1], "相对时间的日期由起算日推出，请清空日期，或者把时间改写成具体日期。"
        )
        return
    data.update(anchor.facts, offset=timing.offset, offset_unit=timing.offset_unit)
    if fields == ("due_on",):
        data["due_on"] = moved(anchor.on, timing.offset, timing.offset_unit, times.calendar)
        data["due_time"] = data.get("due_time") or timing.last_time
    else:
        days = stretch(anchor.on, timing.offset, timing.offset_unit, times.calendar)
        data["starts_on"], data["ends_on"] = days


def _label_is_new(
    form: forms.Form | forms.ModelForm[Any], days: tuple[str, ...], label: str = "label"
) -> bool:
    """The words were changed and the days beside them were not."""
    return label in form.changed_data and not any(day in form.changed_data for day in days)


def _check_span(form: forms.Form | forms.ModelForm[Any], *, needed: bool) -> None:
    data = form.cleaned_data
    starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
    if any(name in form.errors for name in ("starts_on", "ends_on")):
        return
    if starts_on and not ends_on and not needed:
        ends_on = data["ends_on"] = starts_on
    label = data.get("label", "")
    if (needed or ends_on or label) and not (starts_on and ends_on):
        reason = f"“{label}”推不出具体日期，请填写" if label else "请填写"
        form.add_error("ends_on" if starts_on else "starts_on", f"{reason}开始日期和结束日期。")
    elif starts_on and ends_on and ends_on < starts_on:
        form.add_error("ends_on", "结束日期早于开始日期，请改正其中一个。")
    elif starts_on and starts_on == ends_on and _hours_reversed(data):
        form.add_error("ends_time", "同一天里结束时间早于开始时间，请改正其中一个。")


def _hours_reversed(data: dict[str, Any]) -> bool:
    first, last = data.get("starts_time"), data.get("ends_time")
    return bool(first and last and last < first)


def _not_relative(label: str) -> str:
    if not label:
        return "选了起算日，还要在时间里写明相差几天，例如“会后10个工作日”。"
    return f"“{label}”不是相对时间，请写成“会后10个工作日”这样，或者不选起算日。"


def resolution(times: Times, row: Anchored | None) -> str:
    """What the stored words came to, for the help below them."""
    if row is None or row.pk is None:
        return ""
    explained = times.schedule.explain(row)
    first = getattr(row, "starts_on", None)
    last = getattr(row, "ends_on", None) or getattr(row, "due_on", None)
    if last is None:
        return ""
    days = date_range(first, last) if first else chinese_date(last)
    return f"现在推算为{days}{f'：{explained}' if explained else ''}。"
