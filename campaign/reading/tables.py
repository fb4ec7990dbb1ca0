"""Tables in a plain text: consecutive lines with the same columns, parted by tabs.

Word tables arrive in this form too (see `files.py`). The first row names the columns.
"""

from dataclasses import dataclass

from campaign.reading.lines import PlanText
from core.chinese_width import even_width

_LONGEST_HEADER = 14
_FEWEST_ROWS = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """Printed text and its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    start: int
    end: int

    def column(self, *words: str) -> int | None:
        """The first column whose heading contains one of `words`, tried in their order."""
        for word in words:
            for position, name in enumerate(self.header):
                if word in name:
                    return position
        return None


def find_tables(plan: PlanText) -> tuple[Table, ...]:
    """Every run of at least two lines with two tabs or more (or one, if all lines have it)."""
    tables: list[Table] = []
    block: list[list[Cell]] = []
    start = 0
    for line in [*plan.text.split("\n"), ""]:
        cells = _cells(line, start)
        if len(cells) > 1:
            block.append(cells)
        else:
            tables += _as_table(block)
            block = []
        start += len(line) + 1
    return tuple(tables)


def _cells(line: str, start: int) -> list[Cell]:
    cells = []
    for part in line.split("\t"):
        lead = len(part) - len(part.lstrip())
        text = part.strip()
        cells.append(Cell(text, start + lead, start + lead + len(text)))
        start += len(part) + 1
    return cells


def _as_table(block: list[list[Cell]]) -> list[Table]:
    if len(block) < _FEWEST_ROWS:
        return []
    width = len(block[0])
    names = tuple(even_width(cell.text) for cell in block[0])
    if any(len(name) > _LONGEST_HEADER for name in names) or not all(names[:2]):
        return []
    rows = []
    for cells in block[1:]:
        last = cells[-1]
        padding = [Cell("", last.end, last.end)] * (width - len(cells))
        rows.append(tuple([*cells, *padding][:width]))
    return [Table(names, tuple(rows), block[0][0].start, block[-1][-1].end)]
