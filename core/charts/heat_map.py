"""Rows × columns, darker where there is more, blanks made visible."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.charts.shared import GAP, HEAT, nothing
from core.chinese_text import counted, number
from core.svg import (
    BLANK,
    INK,
    LETTER,
    LINE,
    QUIET,
    SURFACE,
    Box,
    Drawing,
    Group,
    Paint,
    Shape,
    Stamp,
    Swatch,
    Words,
    text_width,
    wrap,
)


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
        return nothing(title)
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
        stamp = _heat_cell(cell.value, levels, width - GAP, strip.height - 3)
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
