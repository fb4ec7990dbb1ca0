"""A paper before it has a format: headings, paragraphs, pictures and tables, in order.

PDF, Word file and workbook are all made from the same `Paper`, so they cannot differ in what
they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.chinese_text import EMPTY, chinese_date, number, ordinal
from core.svg import Drawing
from core.wording_diff import Piece

_SHORT_ROWS = 16


@dataclass(frozen=True)
class Marked:
    """Wording that shows what a revision took out or put in; every format has marks of its own."""

    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        return "".join(piece.text for piece in self.pieces)


#: What stands in a cell: a whole number, a day, text, marked text, or nothing known.
Cell = int | date | str | Marked | None


def cell_text(value: Cell) -> str:
    """How a cell reads: a number with separators, a day in full, “—” for what is not known."""
    if isinstance(value, Marked):
        return str(value)
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
    """`total` is the last row, set apart; a wide table gets a landscape page.

    In a matrix every cell after the first stands in the middle.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    note: str = ""
    is_wide: bool = False
    is_matrix: bool = False

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
class Subheading:
    """A second-level heading within a section; whoever prints it numbers it （一）, （二）…"""

    text: str


#: What a section holds, in order.
Block = str | Subheading


@dataclass(frozen=True)
class Section:
    """A first-level heading with its paragraphs, which may stand under second-level ones.

    Text before the first heading is a section with an empty one.
    """

    heading: str
    blocks: tuple[Block, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(block for block in self.blocks if isinstance(block, str))

    @property
    def lines(self) -> Iterator[tuple[bool, str]]:
        """Each block as it reads, and whether it is a heading; headings carry their number."""
        headings = 0
        for block in self.blocks:
            if isinstance(block, Subheading):
                headings += 1
                yield True, f"{ordinal(headings, 2)}{block.text}"
            else:
                yield False, block


@dataclass(frozen=True)
class NumberedSection:
    number: int
    section: Section

    @property
    def title(self) -> str:
        """一、总体进展; empty for text without a heading."""
        return f"{ordinal(self.number)}{self.section.heading}" if self.number else ""

    @property
    def lines(self) -> Iterator[tuple[bool, str]]:
        return self.section.lines


@dataclass(frozen=True)
class Masthead:
    """The head of a bulletin: its name, number, office and day; red only for who may issue so."""

    name: str
    number: str
    office: str
    issued_on: date | None
    is_red: bool = False


@dataclass(frozen=True)
class Imprint:
    """版记 at the foot of the last page: who gets it, and how many copies were printed."""

    lines: tuple[str, ...]
    copies: str = ""


@dataclass(frozen=True)
class Seal:
    """How a printed copy of a frozen report is checked against what the portal keeps."""

    code: str
    address: str
    content_hash: str
    frozen_on: date
    picture: Drawing | None = None

    @property
    def text(self) -> str:
        return (
            f"本报告已于{chinese_date(self.frozen_on)}定稿，核验码{self.code}，"
            f"内容校验码{self.content_hash[:16]}。登录系统后打开{self.address}可核对。"
        )


@dataclass(frozen=True)
class Bound:
    """A whole paper within a volume; the bookmark to it says `name`."""

    name: str
    paper: Paper


@dataclass(frozen=True)
class Paper:
    """`title` is one line of sense a part; `subtitle` stands under it in brackets.

    Without `signed_on` there is no signature. In a volume other papers are `bound` behind this
    one, each as it would be alone.
    """

    title: tuple[str, ...]
    subtitle: str
    sections: tuple[Section, ...]
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    signed_by: str = ""
    signed_on: date | None = None
    note: str = ""
    seal: Seal | None = None
    masthead: Masthead | None = None
    imprint: Imprint | None = None
    bound: tuple[Bound, ...] = ()

    @property
    def numbered(self) -> Iterator[NumberedSection]:
        """The sections with the number of their heading; one without a heading has 0."""
        number = 0
        for section in self.sections:
            number += bool(section.heading)
            yield NumberedSection(number if section.heading else 0, section)

    @property
    def attachments(self) -> tuple[str, ...]:
        """What follows the text, in order: the pictures, then the tables."""
        pictures = [picture.title for picture in self.pictures]
        return (*pictures, *(table.title for table in self.tables))
