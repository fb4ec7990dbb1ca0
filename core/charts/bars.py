"""Bars, plain and stacked, in the order the caller gives."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.charts.shared import GAP, PARTS, PHONE, nothing, percent
from core.chinese_text import counted, number
from core.svg import (
    ACCENT,
    LETTER,
    LINE,
    QUIET,
    SURFACE,
    TRACK,
    Box,
    Drawing,
    Group,
    Paint,
    Shape,
    Swatch,
    Words,
    text_width,
    wrap,
)


@dataclass(frozen=True)
class Bar:
    label: str
    value: int
    href: str = ""


def bars(title: str, rows: Sequence[Bar], measure: str) -> Drawing:
    """One horizontal bar a row, the label above it and the figure at the right."""
    if not rows:
        return nothing(title)
    most = max(1, *(row.value for row in rows))
    shapes: list[Shape] = []
    top = 0
    for row in rows:
        figure = counted(row.value, measure)
        heading, height = _row_heading(row.label, figure, top)
        track = Box(0, top + height, 100, 8, TRACK, radius=4)
        bar = Box(0, top + height, percent(row.value, most), 8, ACCENT, radius=4)
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
        return nothing(title)
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
        width = percent(value, total)
        written += value
        gap = GAP if written < total else 0
        box = Box(left, top, max(width - gap, GAP), 20, paint)
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
