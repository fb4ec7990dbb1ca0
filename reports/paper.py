"""A paper before it has a format: headings, paragraphs, pictures and tables, in order.

PDF, Word file and workbook are all made from the same `Paper`, so they cannot differ in what
they say.
"""

from dataclasses import dataclass
from datetime import date

from core.chinese_text import EMPTY, chinese_date, number
from core.svg import Drawing

_SHORT_ROWS = 16
#: What stands in a cell: a whole number, a day, text, or nothing known.
Cell = int | date | str | None


def cell_text(value: Cell) -> str:
    """How a cell reads: a number with separators, a day in full, “—” for what is not known."""
    if value is None:
        return EMPTY
    if isinstance(value, date):
        return chinese_date(value)
    return number(value) if isinstance(value, int) else value


@dataclass(frozen=True)
class Column:
    """`share` of the table's width in per cent; `measure` is the measure word of its figures."""

    title: str
    share: int
    measure: str = ""

    @property
    def heading(self) -> str:
        return f"{self.title}（{self.measure}）" if self.measure else self.title


@dataclass(frozen=True)
class Table:
    """`total` is the last row, set apart; a wide table gets a landscape page."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    is_wide: bool = False

    @property
    def heads(self) -> tuple[tuple[Column, bool], ...]:
        """Each column, and whether there are numbers in it."""
        kinds = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.columns)
        return tuple(
            (column, any(isinstance(cell, int) for cell in cells))
            for column, cells in zip(self.columns, kinds, strict=True)
        )

    @property
    def is_short(self) -> bool:
        """Few enough rows to be kept together on one page."""
        return len(self.rows) <= _SHORT_ROWS


@dataclass(frozen=True)
class Picture:
    title: str
    drawing: Drawing


@dataclass(frozen=True)
class Section:
    """A first-level heading with its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """`title` is one line of sense a part; `subtitle` stands under it in brackets."""

    title: tuple[str, ...]
    subtitle: str
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]
    signed_by: str
    signed_on: date
    note: str = ""

    @property
    def attachments(self) -> tuple[str, ...]:
        """What follows the text, in order: the pictures, then the tables."""
        pictures = [picture.title for picture in self.pictures]
        return (*pictures, *(table.title for table in self.tables))
