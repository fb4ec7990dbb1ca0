"""A campaign in time: phases, steps, gaps and deadlines, as a drawing and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from campaign.schedule import Remark, Schedule, remarks
from core.chinese_text import date_range
from core.gantt import Stretch, gantt
from notices.calendar import school_calendar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from campaign.models import Campaign
    from core.svg import Drawing
    from core.working_calendar import WorkingCalendar


@dataclass(frozen=True)
class Line:
    """One row of the table beside the drawing."""

    kind: str
    name: str
    days: str
    label: str
    #: None for a single day that is due.
    working_days: int | None
    note: str


_KINDS = {"phase": "阶段", "step": "步骤", "due": "截止", "gap": "空档"}


@dataclass(frozen=True)
class Timeline:
    drawing: Drawing
    lines: tuple[Line, ...]
    remarks: tuple[Remark, ...]
    #: What is to be said of a year whose holidays are not published yet.
    reservation: str


def timeline_of(campaign: Campaign, on: date) -> Timeline:
    """Phases in their order with their steps below, gaps between them, deadlines last."""
    schedule = Schedule(campaign)
    found = remarks(campaign)
    stretches = list(_stretches(schedule, found))
    calendar = school_calendar()
    lines = tuple(
        Line(
            _KINDS[stretch.kind],
            stretch.label,
            date_range(stretch.first, stretch.last),
            label,
            None
            if stretch.kind == "due"
            else calendar.working_days_between(stretch.first, stretch.last),
            _noted(stretch, note, calendar),
        )
        for stretch, label, note in stretches
    )
    days = [day for stretch, _, _ in stretches for day in (stretch.first, stretch.last)]
    return Timeline(
        gantt(f"{campaign}时间表", [stretch for stretch, _, _ in stretches], on),
        lines,
        tuple(found),
        calendar.reservation(min(days), max(days)) if days else "",
    )


def _noted(stretch: Stretch, note: str, calendar: WorkingCalendar) -> str:
    """The note, and that a deadline stands on a day of rest."""
    rests = stretch.kind == "due" and not calendar.is_working_day(stretch.last)
    return "；".join(filter(None, (note, "不是工作日" if rests else "")))


def _stretches(schedule: Schedule, found: list[Remark]) -> Iterator[tuple[Stretch, str, str]]:
    """Rows with the plan's own label and how a relative one was reckoned."""
    gaps = [remark for remark in found if remark.kind == "gap"]
    page = reverse("campaign:plan_of", args=[schedule.campaign.slug])
    for phase in schedule.phases:
        stretch = Stretch(
            "phase", phase.name, phase.starts_on, phase.ends_on, f"{page}#phase-{phase.pk}"
        )
        yield stretch, phase.label, schedule.explain(phase)
        for step in phase.steps.all():
            if step.starts_on and step.ends_on:
                stretch = Stretch("step", step.title, step.starts_on, step.ends_on)
                yield stretch, step.label, schedule.explain(step)
        for gap in [gap for gap in gaps if (gap.starts_on - phase.ends_on).days == 1]:
            gaps.remove(gap)
            yield Stretch("gap", "空档", gap.starts_on, gap.ends_on), "", "不属于任何阶段"
    dated = [demand for demand in schedule.demands if demand.due_on is not None]
    for demand in sorted(dated, key=lambda one: (one.due_on, one.order)):
        if demand.due_on is not None:
            stretch = Stretch("due", demand.title, demand.due_on, demand.due_on, f"{page}#demands")
            yield stretch, demand.due_label, schedule.explain(demand)
