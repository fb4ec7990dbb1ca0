"""Lines over weeks, told apart by dashes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from core.charts.shared import PARTS, PHONE, SOFT, nothing
from core.chinese_text import counted, month_day, number
from core.svg import (
    HAIRLINE,
    LINE,
    QUIET,
    Area,
    Dot,
    Drawing,
    Group,
    Paint,
    Rule,
    Shape,
    Words,
    wrap,
)

#: Lines are told apart by dashes instead.
_LINES = tuple(Paint(paint.name, paint.fill) for paint in PARTS[:3])
_DASHES = ("", "7 5", "2 5")


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
        return nothing(title)
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
