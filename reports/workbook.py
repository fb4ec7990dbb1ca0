"""A paper as a workbook: the sentences on the first sheet, then one sheet a table."""

from collections.abc import Iterator
from io import BytesIO

from core.spreadsheets import Sheet, Value, write_xlsx
from reports.paper import Cell, Marked, Paper, Table

_WIDTH = 90  # characters across a sheet


def render_xlsx(paper: Paper) -> bytes:
    """Numbers and days are typed cells; what is not known is an empty one."""
    target = BytesIO()
    sheets = [_text_sheet(paper), *(_table_sheet(table) for table in paper.tables)]
    write_xlsx(target, sheets)
    return target.getvalue()


def _text_sheet(paper: Paper) -> Sheet:
    return Sheet("正文", ("".join(paper.title),), list(_text_rows(paper)), widths=(_WIDTH,))


def _text_rows(paper: Paper) -> Iterator[tuple[Value]]:
    if paper.subtitle:
        yield (f"（{paper.subtitle}）",)
    for section in paper.numbered:
        if section.title:
            yield (section.title,)
        for _is_heading, text in section.lines:
            yield (text,)
    if paper.note:
        yield (f"（{paper.note}）",)
    if paper.seal:
        yield (paper.seal.text,)


def _value(cell: Cell) -> Value:
    """Marks are of the page; old and new wording have columns of their own in a sheet."""
    return str(cell) if isinstance(cell, Marked) else cell


def _table_sheet(table: Table) -> Sheet:
    rows: list[tuple[Value, ...]] = [tuple(map(_value, row)) for row in table.rows]
    if table.total:
        rows.append(tuple(map(_value, table.total)))
    if table.note:
        rows.append((f"注：{table.note}",))
    widths = [max(8, column.share * _WIDTH // 100) for column in table.columns]
    return Sheet(table.title, [column.heading for column in table.columns], rows, widths)
