"""Tables that lost their lines: drawn with |, one cell a line, or set apart by blanks.

All become lines whose cells are parted by tabs, the form `tables.py` reads.
"""

import re
from collections.abc import Iterator
from itertools import groupby

_RULE = re.compile(r"[|+\-:= —]+")
_BLANKS = re.compile(r" {2,}|\u3000{2,}|\t+")
_FEWEST_COLUMNS = 3
_FEWEST_ROWS = 3
_SERIAL = "序号"
_HEADING = re.compile(
    "序号|时间|日期|时限|内容|活动|项目|阶段|环节|步骤|任务|主题|责任|负责|牵头|单位|部门|地点|备注|要求|措施"
)
_LONGEST_HEADING = 8
_MOST_COLUMNS = 20


def tabulated(lines: list[str]) -> list[str]:
    """`lines` with every such table rewritten; other lines are untouched."""
    lines = [row for line in lines for row in _without_pipes(line)]
    return list(_single_blanks(list(_aligned(_one_cell_a_line(lines)))))


def _without_pipes(line: str) -> list[str]:
    """| 阶段 | 时间 | as cells; the rule under a head (|---|---|) goes."""
    if line.count("|") < _FEWEST_COLUMNS - 1:
        return [line]
    if _RULE.fullmatch(line):
        return []
    return ["\t".join(cell.strip() for cell in line.strip("|").split("|"))]


def _one_cell_a_line(lines: list[str]) -> Iterator[str]:
    """Runs of lines that end in |: the cells between 序号 and 1 tell how wide a row is."""
    for is_cell, run in groupby(lines, key=lambda line: line.endswith("|")):
        cells = [line.rstrip("| ") if is_cell else line for line in run]
        yield from _rows(cells) if is_cell else cells


def _rows(cells: list[str]) -> list[str]:
    width = cells.index("1") if cells[0] == _SERIAL and "1" in cells else 0
    if not 1 < width <= _MOST_COLUMNS:
        return cells
    return ["\t".join(cells[start : start + width]) for start in range(0, len(cells), width)]


def _aligned(lines: Iterator[str]) -> Iterator[str]:
    """Three lines or more that fall into the same number of columns at wide blanks."""
    for width, run in groupby(lines, key=_columns):
        rows = list(run)
        if width >= _FEWEST_COLUMNS and len(rows) >= _FEWEST_ROWS:
            yield from ("\t".join(_BLANKS.split(row)) for row in rows)
        else:
            yield from rows


def _single_blanks(lines: list[str]) -> Iterator[str]:
    """Lines below a row of headings that fall into as many pieces at single blanks."""
    width = 0
    for at, line in enumerate(lines):
        pieces = [] if "\t" in line else line.split()
        if not width and _are_headings(pieces):
            rows = lines[at + 1 : at + _FEWEST_ROWS]
            width = len(pieces) if [len(row.split()) for row in rows] == [len(pieces)] * 2 else 0
        elif len(pieces) != width:
            width = 0
        yield "\t".join(pieces) if width else line


def _are_headings(pieces: list[str]) -> bool:
    named = sum(_HEADING.search(piece) is not None for piece in pieces)
    is_short = all(len(piece) <= _LONGEST_HEADING for piece in pieces)
    return len(pieces) >= _FEWEST_COLUMNS and is_short and named >= len(pieces) - 1


def _columns(line: str) -> int:
    """Columns at wide blanks; 0 for a line that is a table row already, or no table at all."""
    return 0 if "\t" in line else len(_BLANKS.split(line))
