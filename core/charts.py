"""Numbers become geometry: each function here lays out one kind of chart as a `Drawing`.

`core.svg.to_svg` writes it. Nothing here knows a database, a request or a template, so the
dashboard and the PDF show the same drawing. The order of rows is the caller's: charts do not
rank. A colour is never alone: there is a word, a figure or a hatching beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from core.chinese_text import counted, month_day, number
from core.svg import (
    ACCENT,
    BLANK,
    HAIRLINE,
    INK,
    LETTER,
    LINE,
    QUIET,
    SURFACE,
    TRACK,
    Area,
    Box,
    Dot,
    Drawing,
    Group,
    Paint,
    Rule,
    Shape,
    Stamp,
    Swatch,
    Words,
    text_width,
    wrap,
)

#: The narrowest place in px a fluid chart must be readable in: a card on a small phone.
PHONE = 288

SOFT = Paint("soft", "#F7E9E7")
#: Parts of a whole, told apart by hatching as well: none, /, \, crossed, none.
PARTS = (
    Paint("part-1", "#A3222B"),
    Paint("part-2", "#1D4F91", "M0 0V8"),
    Paint("part-3", "#8A6100", "M0 4H8"),
    Paint("part-4", "#2E6B4F", "M0 4H8M4 0V8"),
    Paint("part-5", "#5B636E"),
)
#: Few to many.
HEAT = (
    Paint("heat-1", "#F7E9E7"),
    Paint("heat-2", "#EBC4C0"),
    Paint("heat-3", "#B5484C"),
    Paint("heat-4", "#86161E"),
)
#: Lines are told apart by dashes instead.
_LINES = tuple(Paint(paint.name, paint.fill) for paint in PARTS[:3])
_DASHES = ("", "7 5", "2 5")
_GAP = 0.4


# --- Funnel -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """One stage of a funnel; `note` says what the figure means beside the one before it."""

    label: str
    value: int
    measure: str
    note: str = ""
    href: str = ""


_FUNNEL_BAR = 14
_FUNNEL_STEP = 54
#: Left of the middle, so that the notes have room at the right.
_FUNNEL_MIDDLE = 42


def funnel(title: str, stages: Sequence[Stage]) -> Drawing:
    """From what was voiced to what became of it; widths are in proportion to the largest."""
    if not stages:
        return _nothing(title)
    most = max(1, *(stage.value for stage in stages))
    widths = [_percent(stage.value, most) * _FUNNEL_MIDDLE / 50 for stage in stages]
    shapes: list[Shape] = [
        _funnel_slope(above, below, _FUNNEL_STEP * row)
        for row, (above, below) in enumerate(pairwise(widths))
    ]
    for row, (stage, width) in enumerate(zip(stages, widths, strict=True)):
        shapes.append(_funnel_stage(stage, width, _FUNNEL_STEP * row))
    said = "；".join(f"{stage.label}{counted(stage.value, stage.measure)}" for stage in stages)
    return Drawing(title, f"{said}。", _FUNNEL_STEP * len(stages) - 12, tuple(shapes))


def _funnel_stage(stage: Stage, width: float, top: int) -> Group:
    figure = counted(stage.value, stage.measure)
    words = [Words(_FUNNEL_MIDDLE, top + 17, stage.label, anchor="end", shift=-6)]
    words.append(Words(_FUNNEL_MIDDLE, top + 17, figure, anchor="start", shift=6, bold=True))
    if stage.note:
        words.append(Words(100, top + 17, stage.note, QUIET, anchor="end"))
    bar = Box(_FUNNEL_MIDDLE - width / 2, top + 26, width, _FUNNEL_BAR, ACCENT, radius=2)
    name = f"{stage.label}{figure}{f'，{stage.note}' if stage.note else ''}"
    return Group((bar, *words), name, stage.href)


def _funnel_slope(above: float, below: float, top: int) -> Area:
    start = top + 26 + _FUNNEL_BAR
    end = top + _FUNNEL_STEP + 26
    outline = (
        (_FUNNEL_MIDDLE - above / 2, start),
        (_FUNNEL_MIDDLE + above / 2, start),
        (_FUNNEL_MIDDLE + below / 2, end),
        (_FUNNEL_MIDDLE - below / 2, end),
    )
    return Area(outline, SOFT)


# --- Bars -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    href: str = ""


def bars(title: str, rows: Sequence[Bar], measure: str) -> Drawing:
    """One horizontal bar a row, the label above it and the figure at the right."""
    if not rows:
        return _nothing(title)
    most = max(1, *(row.value for row in rows))
    shapes: list[Shape] = []
    top = 0
    for row in rows:
        figure = counted(row.value, measure)
        heading, height = _row_heading(row.label, figure, top)
        track = Box(0, top + height, 100, 8, TRACK, radius=4)
        bar = Box(0, top + height, _percent(row.value, most), 8, ACCENT, radius=4)
        filled = (track, bar) if row.value else (track,)
        shapes.append(Group((*heading, *filled), f"{row.label}：{figure}", row.href))
        top += height + 8 + 16
    said = "；".join(f"{row.label}{counted(row.value, measure)}" for row in rows)
    return Drawing(title, f"{said}。", top - 12, tuple(shapes))


def _row_heading(label: str, figure: str, top: int) -> tuple[list[Words], int]:
    """A label on up to three lines with its figure at the right, and the height they take."""
    lines = wrap(label, PHONE - text_width(figure) - 2 * LETTER, 3)
    words = [Words(0, top + 14 + LINE * at, line) for at, line in enumerate(lines)]
    words.append(Words(100, top + 14, figure, anchor="end", bold=True))
    return words, LINE * max(1, len(lines)) + 2


# --- Stacked bars -----------------------------------------------------------------------


@dataclass(frozen=True)
class Stack:
    """One row; `values` in the order of the chart's parts."""

    label: str
    values: tuple[int, ...]
    href: str = ""


def stacked_bars(title: str, rows: Sequence[Stack], parts: Sequence[str], measure: str) -> Drawing:
    """How each row's total is made up: a row's bar is always full, its total stands at the right.

    Raises ValueError for more parts than can be told apart, or a row with other parts.
    """
    if len(parts) > len(PARTS):
        raise ValueError(f"{len(parts)} parts cannot be told apart; group the rest as 其他")
    if not rows:
        return _nothing(title)
    shapes, top = _legend(list(zip(PARTS, parts, strict=False)))
    for row in rows:
        figure = counted(sum(row.values), measure)
        heading, height = _row_heading(row.label, figure, top)
        made_of = _made_of(row, parts, measure)
        bar = [Box(0, top + height, 100, 20, TRACK), *_segments(row, parts, top + height)]
        shapes.append(Group((*heading, *bar), f"{row.label}：{figure}，{made_of}", row.href))
        top += height + 20 + 16
    said = "；".join(f"{row.label}：{_made_of(row, parts, measure)}" for row in rows)
    return Drawing(title, f"{said}。", top - 12, tuple(shapes))


def _made_of(row: Stack, parts: Sequence[str], measure: str) -> str:
    pairs = zip(parts, row.values, strict=True)
    return "、".join(f"{part}{counted(value, measure)}" for part, value in pairs)


def _segments(row: Stack, parts: Sequence[str], top: int) -> Iterator[Shape]:
    """The parts of one bar; a figure is written into every part that has room on a phone."""
    total = sum(row.values)
    left, written = 0.0, 0
    for paint, part, value in zip(PARTS, parts, row.values, strict=False):
        if not value:
            continue
        width = _percent(value, total)
        written += value
        gap = _GAP if written < total else 0
        box = Box(left, top, max(width - gap, _GAP), 20, paint)
        figure = number(value)
        fits = text_width(figure) + LETTER / 2 <= width * PHONE / 100
        inside = (Words(left + width / 2, top + 15, figure, SURFACE, "middle", bold=True),)
        yield Group((box, *inside) if fits else (box,), f"{part}{figure}")
        left += width


def _legend(entries: Sequence[tuple[Paint, str]]) -> tuple[list[Shape], int]:
    """Keys in columns, three if their names are short, and the height they take."""
    columns = 3 if max(text_width(label) for _, label in entries) <= PHONE / 3 - 2 * LETTER else 2
    shapes: list[Shape] = []
    for at, (paint, label) in enumerate(entries):
        x, top = 100 / columns * (at % columns), 22 * (at // columns)
        shapes.append(Swatch(x, top + 2, LETTER, paint))
        text = wrap(label, PHONE / columns - 2 * LETTER, 1)[0]
        shapes.append(Words(x, top + 14, text, QUIET, shift=LETTER + 6))
    return shapes, 22 * -(-len(entries) // columns) + 12


# --- Heat map ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """How often a row and a column met; 0 is a blank spot, which is what the chart is for."""

    value: int
    href: str = ""


@dataclass(frozen=True)
class HeatRow:
    label: str
    cells: tuple[Cell, ...]


_HEAT_LABELS = 22


def heat_map(title: str, columns: Sequence[str], rows: Sequence[HeatRow], measure: str) -> Drawing:
    """Rows × columns, darker where there is more; a blank is hatched and says 空白."""
    if not rows or not columns:
        return _nothing(title)
    width = (100 - _HEAT_LABELS) / len(columns)
    levels = _levels(max(cell.value for row in rows for cell in row.cells))
    shapes: list[Shape] = []
    top = _heat_columns(shapes, columns, width)
    height = _heat_row_height(rows)
    for row in rows:
        shapes.append(_heat_label(row.label, top, height))
        strip = Box(_HEAT_LABELS, top, 100 - _HEAT_LABELS, height, BLANK)
        shapes.append(_heat_row(row, columns, measure, levels, strip))
        top += height
    blanks = sum(cell.value == 0 for row in rows for cell in row.cells)
    said = f"{len(rows)}行{len(columns)}列，共{len(rows) * len(columns)}格，其中空白{blanks}格。"
    shapes.extend(_heat_key(levels, measure, top + 9))
    return Drawing(title, said, top + 9 + LINE, tuple(shapes), wide=True)


def _levels(most: int) -> list[tuple[int, int]]:
    """First and last value of each shade; fewer shades when there are fewer values."""
    shades = min(len(HEAT), most)
    ends = [most * shade // shades for shade in range(1, shades + 1)] if shades else []
    return list(zip([1, *(end + 1 for end in ends)], ends, strict=False))


def _shade(value: int, levels: Sequence[tuple[int, int]]) -> Paint:
    level = next(at for at, (_, last) in enumerate(levels) if value <= last)
    return HEAT[level + len(HEAT) - len(levels)] if len(levels) > 1 else HEAT[1]


def _heat_columns(shapes: list[Shape], columns: Sequence[str], width: float) -> int:
    """Headings of two to four short lines; their full text is what a pointer shows."""
    room = width * 6 - 2
    headings = [wrap(column, room, 4) for column in columns]
    deepest = max(map(len, headings))
    for at, (column, lines) in enumerate(zip(columns, headings, strict=True)):
        centre = _HEAT_LABELS + (at + 0.5) * width
        first = 14 + (deepest - len(lines)) * 18
        words = (
            Words(centre, first + 18 * down, line, QUIET, "middle")
            for down, line in enumerate(lines)
        )
        shapes.append(Group(tuple(words), "" if "".join(lines) == column else column))
    return deepest * 18 + 8


def _heat_row_height(rows: Sequence[HeatRow]) -> int:
    longest = max(text_width(row.label) for row in rows)
    return 33 if longest <= _HEAT_LABELS * 6 - 8 else 44


def _heat_label(label: str, top: int, height: int) -> Group:
    lines = wrap(label, _HEAT_LABELS * 6 - 8, 2 if height > 2 * LINE else 1)
    first = top + (height - 3 - 18 * len(lines)) / 2 + 14
    words = (Words(0, first + 18 * at, line) for at, line in enumerate(lines))
    return Group(tuple(words), "" if "".join(lines) == label else label)


def _heat_row(
    row: HeatRow,
    columns: Sequence[str],
    measure: str,
    levels: Sequence[tuple[int, int]],
    strip: Box,
) -> Group:
    """Cells under the row's name; a linked cell repeats it, for a link is read by itself."""
    width = strip.width / len(columns)
    cells = []
    for at, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
        figure = counted(cell.value, measure) if cell.value else "空白"
        name = f"{row.label}，{column}：{figure}" if cell.href else f"{column}：{figure}"
        stamp = _heat_cell(cell.value, levels, width - _GAP, strip.height - 3)
        cells.append(Group((Stamp(strip.x + at * width, strip.y, stamp),), name, cell.href))
    return Group(tuple(cells), row.label)


def _heat_cell(
    value: int, levels: Sequence[tuple[int, int]], width: float, height: float
) -> tuple[Shape, ...]:
    paint = _shade(value, levels) if value else BLANK
    ink = SURFACE if paint in HEAT[2:] else INK if value else QUIET
    figure = number(value) if value else "空白"
    box = Box(0, 0, width, height, paint, radius=2)
    return box, Words(width / 2, height / 2 + 5, figure, ink, "middle")


def _heat_key(levels: Sequence[tuple[int, int]], measure: str, top: int) -> Iterator[Shape]:
    entries = [(BLANK, "空白")]
    for first, last in levels:
        span = number(first) if first == last else f"{number(first)}—{number(last)}"
        entries.append((_shade(last, levels), f"{span}{measure}"))
    for at, (paint, label) in enumerate(entries):
        yield Swatch(_HEAT_LABELS + at * 14, top, LETTER, paint)
        yield Words(_HEAT_LABELS + at * 14, top + 12, label, QUIET, shift=LETTER + 6)


# --- Trend ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Series:
    """One line; `values` week by week."""

    name: str
    values: tuple[int, ...]


_TREND_HEIGHT = 160
#: Where the first and the last week stand: beside them the scale and the last figures.
_TREND_FIRST, _TREND_LAST = 14, 86


def trend(
    title: str,
    weeks: Sequence[date],
    series: Sequence[Series],
    measure: str,
    *,
    ongoing: bool = False,
) -> Drawing:
    """A line a series over weeks, each named by its first day. Up to three series.

    With `ongoing` the last week is not over: its stretch is dotted and says so.
    Raises ValueError for more than three series.
    """
    if len(series) > len(_DASHES):
        raise ValueError(f"{len(series)} lines cannot be told apart, at most {len(_DASHES)}")
    if not weeks or not series:
        return _nothing(title)
    shapes, top = _trend_key(series) if len(series) > 1 else ([], 0)
    highest = _round_up(max(max(line.values) for line in series))
    shapes.extend(_trend_grid(highest, measure, top))
    for at, line in enumerate(series):
        points = _trend_points(line.values, highest, top)
        if len(series) == 1:
            shapes.append(_trend_ground(points, top))
        shapes.extend(_trend_line(points, at, ongoing=ongoing))
        shapes.extend(_trend_dots(line, points, weeks, measure, _LINES[at]))
    shapes.extend(_trend_last(series, highest, top))
    shapes.extend(_trend_weeks(weeks, top + _TREND_HEIGHT + LINE, ongoing=ongoing))
    said = "；".join(
        f"{line.name}：{'、'.join(counted(value, measure) for value in line.values)}"
        for line in series
    )
    said = f"自{month_day(weeks[0])}当周起逐周，{said}。"
    return Drawing(title, said, top + _TREND_HEIGHT + LINE + 8, tuple(shapes))


def _round_up(value: int) -> int:
    """The next of 2, 4, 6, 8, 10 × a power of ten, so that its half is a whole figure too."""
    step = int(f"1{'0' * (len(str(value)) - 1)}")
    return next(factor * step for factor in (2, 4, 6, 8, 10) if value <= factor * step)


def _trend_grid(highest: int, measure: str, top: int) -> Iterator[Shape]:
    for value in (0, highest // 2, highest):
        y = _trend_y(value, highest, top)
        yield Rule(0, y, 100, y, HAIRLINE)
        yield Words(0, y - 4, counted(value, measure) if value == highest else number(value), QUIET)


def _trend_y(value: int, highest: int, top: int) -> float:
    return top + LINE + (_TREND_HEIGHT - LINE) * (1 - value / highest)


def _trend_points(values: Sequence[int], highest: int, top: int) -> list[tuple[float, float]]:
    return [
        (_trend_x(at, len(values)), _trend_y(value, highest, top))
        for at, value in enumerate(values)
    ]


def _trend_x(at: int, count: int) -> float:
    if count == 1:
        return 50.0
    return _TREND_FIRST + (_TREND_LAST - _TREND_FIRST) * at / (count - 1)


def _trend_ground(points: Sequence[tuple[float, float]], top: int) -> Area:
    floor = top + _TREND_HEIGHT
    return Area(((points[0][0], floor), *points, (points[-1][0], floor)), SOFT)


def _trend_line(
    points: Sequence[tuple[float, float]], at: int, *, ongoing: bool
) -> Iterator[Shape]:
    for (x1, y1), (x2, y2) in pairwise(points):
        unfinished = ongoing and (x2, y2) == points[-1]
        yield Rule(x1, y1, x2, y2, _LINES[at], 2.5, "1 5" if unfinished else _DASHES[at])


def _trend_dots(
    line: Series,
    points: Sequence[tuple[float, float]],
    weeks: Sequence[date],
    measure: str,
    paint: Paint,
) -> Iterator[Group]:
    """A dot a week, which tells its figure to whoever points at it."""
    for week, value, (x, y) in zip(weeks, line.values, points, strict=True):
        name = f"{month_day(week)}当周{line.name}{counted(value, measure)}"
        yield Group((Dot(x, y, 4, paint),), name)


def _trend_last(series: Sequence[Series], highest: int, top: int) -> Iterator[Words]:
    """The last figure of every line beside its end, moved down where two would touch."""
    ends = sorted(
        (_trend_y(line.values[-1], highest, top) + 5, at) for at, line in enumerate(series)
    )
    free = 0.0
    for y, at in ends:
        free = max(y, free)
        values = series[at].values
        x = _trend_x(len(values) - 1, len(values))
        yield Words(x, free, number(values[-1]), _LINES[at], shift=10, bold=True)
        free += 16


def _trend_key(series: Sequence[Series]) -> tuple[list[Shape], int]:
    """A sample of every line with its name, and the height they take."""
    shapes: list[Shape] = []
    for at, line in enumerate(series):
        x = 100 / 3 * at
        shapes.append(Rule(x, 9, x + 6, 9, _LINES[at], 2.5, _DASHES[at]))
        name = wrap(line.name, PHONE / 3 - 36, 1)[0]
        shapes.append(Words(x + 6, 14, name, QUIET, shift=8))
    return shapes, 24


def _trend_weeks(weeks: Sequence[date], base: int, *, ongoing: bool) -> Iterator[Shape]:
    """As many week names as fit on a phone, always with the last."""
    every = -(-len(weeks) // 4)
    for at, week in enumerate(weeks):
        if (len(weeks) - 1 - at) % every == 0:
            yield Words(_trend_x(at, len(weeks)), base, month_day(week), QUIET, "middle")
    if ongoing:
        yield Words(100, base - _TREND_HEIGHT - 6, "本周未完", QUIET, "end")


# --- Phase line -------------------------------------------------------------------------


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
        return _nothing(title)
    width = 100 / len(phases)
    place = _place(phases, today)
    shapes: list[Shape] = []
    for at, phase in enumerate(phases):
        left, right = at * width, (at + 1) * width - (_GAP if at + 1 < len(phases) else 0)
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


# --- Shared -----------------------------------------------------------------------------


def _percent(value: int, whole: int) -> float:
    return value * 100 / whole


def _nothing(title: str) -> Drawing:
    words = Words(50, 42, "暂无数据", QUIET, "middle")
    return Drawing(title, "暂无数据。", 72, (Box(0, 0, 100, 72, TRACK, radius=4), words))
