"""A plan in time as a `Drawing`: one row for each stretch or day, months across, today on it.

Like `core.charts`, it turns facts into geometry and knows no database and no template.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.charts import PHONE
from core.chinese_text import date_range, month_day
from core.svg import (
    ACCENT,
    BLANK,
    HAIRLINE,
    QUIET,
    Box,
    Drawing,
    Group,
    Paint,
    Rule,
    Shape,
    Swatch,
    Words,
    wrap,
)

PHASE = Paint("part-2", "#1D4F91")
STEP = Paint("part-5", "#5B636E")
#: How a row is drawn, by its kind.
_BARS = {"phase": (PHASE, 14), "step": (STEP, 6), "gap": (BLANK, 10)}
_HEAD, _ROW = 60, 48
_MOST_TICKS = 8


@dataclass(frozen=True)
class Stretch:
    """One row: a `phase`, a `step`, a `gap`, or a `due` day (first and last the same)."""

    kind: str
    label: str
    first: date
    last: date
    href: str = ""


def gantt(title: str, rows: Sequence[Stretch], today: date) -> Drawing:
    """The rows in the order given, under a scale of months; nothing when there are none."""
    if not rows:
        words = Words(50, 42, "还没有日期", QUIET, "middle")
        return Drawing(title, "还没有日期。", 72, (words,))
    scale = _Scale(min(row.first for row in rows), max(row.last for row in rows))
    height = _HEAD + _ROW * len(rows)
    shapes: list[Shape] = [*_months(scale, height)]
    for at, row in enumerate(rows):
        shapes.append(_row(row, scale, _HEAD + _ROW * at))
    shapes += _today(scale, today, height)
    said = "；".join(f"{row.label}{date_range(row.first, row.last)}" for row in rows)
    return Drawing(title, f"{said}。", height, tuple(shapes))


@dataclass(frozen=True)
class _Scale:
    """Places in per cent; a day is as wide as any other, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def place(self, day: date) -> float:
        return round((day - self.first).days * 100 / self.days, 3)

    def after(self, day: date) -> float:
        return self.place(day + timedelta(days=1))


def _row(row: Stretch, scale: _Scale, top: int) -> Group:
    dates = date_range(row.first, row.last)
    label = wrap(f"{row.label}　{_short(row)}", PHONE, 1)[0]
    words = Words(0, top + 16, label, bold=row.kind == "phase")
    if row.kind == "due":
        middle = (scale.place(row.first) + scale.after(row.first)) / 2
        mark: Shape = Swatch(min(max(middle, 2), 98), top + 30, 10, ACCENT, centred=True)
    else:
        paint, height = _BARS[row.kind]
        left, right = scale.place(row.first), scale.after(row.last)
        mark = Box(left, top + 24, max(right - left, 0.6), height, paint, radius=2)
    return Group((words, mark), f"{row.label}：{dates}", row.href)


def _short(row: Stretch) -> str:
    first = month_day(row.first)
    if row.first == row.last:
        return first
    last = month_day(row.last)
    return f"{first}—{last}"


def _months(scale: _Scale, height: int) -> Iterator[Shape]:
    """A line at the first of a month, as many as have room for their names."""
    firsts = list(_firsts(scale))
    step = -(-len(firsts) // _MOST_TICKS) if firsts else 1
    for day in firsts[::step]:
        place = scale.place(day)
        yield Rule(place, _HEAD - 14, place, height, HAIRLINE)
        label = f"{day.year}年" if day.month == 1 else f"{day.month}月"
        yield Words(place, _HEAD - 22, label, QUIET, "start" if place < 90 else "end")  # noqa: PLR2004 - the right edge
    yield Rule(0, _HEAD - 14, 100, _HEAD - 14, HAIRLINE)


def _firsts(scale: _Scale) -> Iterator[date]:
    day = scale.first.replace(day=1)
    while day <= scale.last:
        if day >= scale.first:
            yield day
        length = calendar.monthrange(day.year, day.month)[1]
        day += timedelta(days=length)


def _today(scale: _Scale, today: date, height: int) -> Iterator[Shape]:
    if not scale.first <= today <= scale.last:
        return
    place = (scale.place(today) + scale.after(today)) / 2
    anchor = "start" if place < 25 else "end" if place > 75 else "middle"  # noqa: PLR2004 - quarters
    yield Rule(place, _HEAD - 18, place, height, ACCENT, dashes="4 4")
    yield Words(place, 12, f"今天{month_day(today)}", ACCENT, anchor, bold=True)
