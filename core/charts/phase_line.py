"""The phases of a campaign on a line of days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.charts.shared import GAP, PHONE, nothing
from core.chinese_text import month_day
from core.svg import ACCENT, HAIRLINE, INK, QUIET, Box, Dot, Drawing, Group, Shape, Words, wrap


@dataclass(frozen=True)
class Span:
    """One phase; `dates` is how the plan words them (“8月底—9月上旬”). Both ends count."""

    label: str
    dates: str
    starts_on: date
    ends_on: date
    href: str = ""


def phase_line(title: str, phases: Sequence[Span], today: date) -> Drawing:
    """A thin line in equal parts with today on it; what is past is filled.

    Parts are equally long, whatever their days, so that every name has room on a phone.
    """
    if not phases:
        return nothing(title)
    width = 100 / len(phases)
    place = _place(phases, today)
    shapes: list[Shape] = []
    for at, phase in enumerate(phases):
        left, right = at * width, (at + 1) * width - (GAP if at + 1 < len(phases) else 0)
        shapes.append(Box(left, 28, right - left, 4, HAIRLINE, radius=2))
        done = min(right, place * width) - left
        if done > 0:
            shapes.append(Box(left, 28, done, 4, ACCENT, radius=2))
        shapes.append(_phase_name(phase, left, width, today))
    state = _state(phases, today)
    shapes.append(Words(place * width, 14, state, ACCENT, _anchor(place / len(phases)), bold=True))
    if phases[0].starts_on <= today <= phases[-1].ends_on:
        shapes.append(Dot(min(max(place * width, 1), 99), 30, 6, ACCENT))
    said = "；".join(f"{phase.label}（{phase.dates}）" for phase in phases)
    height = 100 if any(len(_dates(phase, width)) > 1 for phase in phases) else 80
    return Drawing(title, f"{said}。{state}。", height, tuple(shapes))


def _place(phases: Sequence[Span], today: date) -> float:
    """Where today stands, in phases from the start: 1.5 is half way through the second."""
    for at, phase in enumerate(phases):
        if today < phase.starts_on:
            return float(at)
        if today <= phase.ends_on:
            days = (phase.ends_on - phase.starts_on).days + 1
            return at + ((today - phase.starts_on).days + 0.5) / days
    return float(len(phases))


def _state(phases: Sequence[Span], today: date) -> str:
    if today < phases[0].starts_on:
        return f"{month_day(phases[0].starts_on)}开始"
    for phase in phases:
        if phase.starts_on <= today <= phase.ends_on:
            return f"今天{month_day(today)}，第{(today - phase.starts_on).days + 1}天"
    return "已结束" if today > phases[-1].ends_on else f"今天{month_day(today)}"


def _anchor(portion: float) -> str:
    """Words near an end of the line grow away from that end."""
    if portion < 1 / 4:
        return "start"
    return "end" if portion > 3 / 4 else "middle"


def _phase_name(phase: Span, left: float, width: float, today: date) -> Group:
    current = phase.starts_on <= today <= phase.ends_on
    label = wrap(phase.label, _room(width), 1)[0]
    name = Words(left, 54, label, INK if current else QUIET, bold=current)
    dates = (Words(left, 74 + 18 * at, line, QUIET) for at, line in enumerate(_dates(phase, width)))
    return Group((name, *dates), f"{phase.label}（{phase.dates}）", phase.href)


def _dates(phase: Span, width: float) -> tuple[str, ...]:
    return wrap(phase.dates, _room(width), 2)


def _room(width: float) -> float:
    """The px that a name may take on a phone in a place `width` per cent wide."""
    return width * PHONE / 100 - 4
