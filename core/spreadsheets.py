"""Lists that leave as CSV or XLSX, and lists that come in that way.

Out: rows are taken one at a time, so a ledger of any length needs the same memory; whatever a
person typed stays text (safety 21). In: nothing is believed that the file declares about its
own size, and texts, dates and numbers are read as offices write them (safety 19 and 20).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from io import BytesIO, StringIO
from itertools import chain, islice, zip_longest
from typing import IO, TYPE_CHECKING
from xml.parsers import expat
from zipfile import ZipFile

from django.core.files.base import File

from core.chinese_text import clean_text, number
from core.files import clean_name, decoded
from core.local_time import local
from core.office_archive import MEGABYTE, check_office_archive
from core.refusal import FileRefused

if TYPE_CHECKING:
    from openpyxl.cell import Cell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Value = str | int | float | Decimal | bool | date | None

# --- Out --------------------------------------------------------------------------------

#: A cell that begins so is run as a formula by one spreadsheet program or another.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")
_ROWS_A_CHUNK = 500
#: The longest text an XLSX cell holds.
_CELL_LENGTH = 32_767
# What XML cannot carry is written as _xHHHH_, the way the format itself defines; a text that
# already looks like that is protected in the same way.
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_WRITTEN_OUT = re.compile("_x([0-9A-Fa-f]{4})_")
_SHEET_NAME_LENGTH = 31


def neutralised(text: str) -> str:
    """The text with an apostrophe before it if a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


@dataclass(frozen=True)
class Sheet:
    """One sheet to write; `rows` may be a generator. `widths` are in characters, by column."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = ()


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """CSV in UTF-8 with BOM (or Excel shows garbage), in chunks for a streaming response."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    written = chain([list(map(neutralised, header))], (list(map(_csv_value, row)) for row in rows))
    start = "\ufeff"
    while chunk := list(islice(written, _ROWS_A_CHUNK)):
        writer.writerows(chunk)
        yield f"{start}{buffer.getvalue()}".encode("utf-8", "replace")
        buffer.seek(0)
        buffer.truncate()
        start = ""


def _csv_value(value: Value) -> str:
    match value:
        case str():
            return neutralised(value)
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return f"{_wall_clock(value):%Y-%m-%d %H:%M}"
        case _:
            return str(value)


def write_xlsx(target: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook into `target`, row by row; memory does not grow with the rows."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.title))
        page.freeze_panes = "A2"
        for column, width in zip(_column_letters(), sheet.widths, strict=False):
            page.column_dimensions[column].width = width
        page.append(_header_cells(page, sheet.header))
        for row in sheet.rows:
            page.append([_xlsx_value(value) for value in row])
    book.save(target)


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:_SHEET_NAME_LENGTH].strip() or "表"


def _column_letters() -> Iterator[str]:
    from openpyxl.utils import get_column_letter

    return map(get_column_letter, range(1, 200))


def _header_cells(page: WriteOnlyWorksheet, header: Sequence[str]) -> list[Cell]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cells = []
    for name in header:
        cell = WriteOnlyCell(page, value=_xlsx_text(name))
        cell.font = Font(bold=True)
        cells.append(cell)
    return cells


def _xlsx_value(value: Value) -> Value:
    if isinstance(value, str):
        return _xlsx_text(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return _wall_clock(value) if isinstance(value, datetime) else value


def _xlsx_text(text: str) -> str:
    text = neutralised(text)
    if _UNWRITABLE.search(text):
        text = _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text if len(text) <= _CELL_LENGTH else f"{text[: _CELL_LENGTH - 1]}…"


def _wall_clock(moment: datetime) -> datetime:
    """The campus clock without a zone, which spreadsheets know nothing of."""
    return local(moment).replace(tzinfo=None) if moment.tzinfo else moment


# --- In ---------------------------------------------------------------------------------

#: What may come in; more than that belongs in several files.
BYTES_LIMIT = 10 * MEGABYTE
UNPACKED_LIMIT = 60 * MEGABYTE
ROWS_LIMIT = 10_000
COLUMNS_LIMIT = 100
#: Elements of markup that may be built in memory, in all and for one row (0.5 kB each).
ELEMENTS_LIMIT = 1_500_000
ROW_ELEMENTS_LIMIT = 50_000
_UNREADABLE = "这个XLSX文件打不开。请用表格软件重新保存后再导入。"
#: The heading is looked for in so many rows: titles and notes may stand above it.
_HEADING_WITHIN = 20


@dataclass(frozen=True)
class Row:
    """One row by column name; `number` is the row's number in the file, for error messages."""

    number: int
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(upload: File[bytes], required: Sequence[str]) -> Table:
    """The table of the first sheet, its columns named by the row that has all of `required`.

    Headings may stand below a title, be merged over two rows (a name over several columns
    goes before the lower ones: “参会人数” over “应到” is “应到”, or “参会人数应到” if “应到”
    occurs twice), and carry spaces or the word 必填. Empty rows are left out.
    Raises FileRefused for a file that cannot be read, is too long, or lacks a column.
    """
    rows = read_rows(upload)
    for at, row in enumerate(rows[:_HEADING_WITHIN]):
        columns = _headings(rows[at - 1] if at else (), row)
        if set(required) <= set(columns):
            return Table(tuple(filter(None, columns)), tuple(_named(rows, at + 1, columns)))
    found = {name for row in rows[:_HEADING_WITHIN] for name in map(_heading, row) if name}
    missing = "、".join(f"“{name}”" for name in required if name not in found)
    raise FileRefused(
        f"没有找到表头：缺少{missing}列。请使用模板，不要改动列名。"
        if missing
        else "没有找到表头：列名应在同一行。请使用模板，不要改动列名。"
    )


def _heading(value: Value) -> str:
    if not isinstance(value, str):
        return ""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", value))
    return re.sub(r"[(（]?必填[)）]?|\*", "", folded)


def _headings(above: Sequence[Value], row: Sequence[Value]) -> list[str]:
    """Column names of a row; a cell left empty by a merge takes its name from above."""
    lower = [_heading(value) for value in row]
    upper = [_heading(value) for value in above]
    names: list[str] = []
    over = ""
    for low, high in zip_longest(lower, upper, fillvalue=""):
        over = high or over
        if not low:
            names.append(high)
        else:
            names.append(f"{over}{low}" if lower.count(low) > 1 else low)
    return names


def _named(rows: Sequence[Sequence[Value]], first: int, columns: Sequence[str]) -> Iterator[Row]:
    for at, row in enumerate(rows[first:], start=first + 1):
        if row:
            pairs = zip_longest(columns, row[: len(columns)])
            yield Row(at, {name: value for name, value in pairs if name})


def read_rows(upload: File[bytes]) -> list[tuple[Value, ...]]:
    """All rows of a CSV file or of the first sheet of an XLSX file; texts are cleaned.

    Raises FileRefused for other kinds, broken files and more rows or columns than allowed.
    """
    name = clean_name(upload.name or "").lower()
    upload.seek(0)
    data: bytes = upload.read(BYTES_LIMIT + 1)
    if len(data) > BYTES_LIMIT:
        raise FileRefused(f"这个文件超过{BYTES_LIMIT // MEGABYTE} MB。请拆分后再导入。")
    if name.endswith(".xlsx"):
        rows = _xlsx_rows(data)
    elif name.endswith((".csv", ".txt")):
        rows = _csv_rows(data)
    else:
        raise FileRefused("只能导入XLSX或CSV文件。旧的XLS文件请另存为XLSX。")
    return list(_counted(rows))


def _counted(rows: Iterable[Sequence[Value]]) -> Iterator[tuple[Value, ...]]:
    """The rows while they keep within the limits; what is empty at the end or right is left out."""
    empty = 0
    for at, row in enumerate(rows):
        values = _trimmed(row)
        if not values:
            empty += 1
            continue
        if at >= ROWS_LIMIT + _HEADING_WITHIN:
            raise FileRefused(f"这个表超过{number(ROWS_LIMIT)}行。请拆分后再导入。")
        if len(values) > COLUMNS_LIMIT:
            raise FileRefused(f"这个表超过{COLUMNS_LIMIT}列。请只保留需要导入的列。")
        yield from ((),) * empty
        empty = 0
        yield values


def _trimmed(row: Sequence[Value]) -> tuple[Value, ...]:
    values = [_cleaned(value) for value in row]
    while values and values[-1] in {None, ""}:
        values.pop()
    return tuple(values)


def _cleaned(value: Value) -> Value:
    if not isinstance(value, str):
        return int(value) if isinstance(value, float) and value.is_integer() else value
    text = clean_text(value)
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_STARTS) else text


def _csv_rows(data: bytes) -> Iterator[Sequence[Value]]:
    text = decoded(data)
    first_line = text.partition("\n")[0]
    delimiter = max(",\t;，", key=first_line.count)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise FileRefused("这个CSV文件的格式有误。请用表格软件重新保存后再导入。") from error


def _xlsx_rows(data: bytes) -> Iterator[Sequence[Value]]:
    """Rows as they are found; the declared size of the sheet is not asked."""
    from openpyxl import load_workbook

    check_office_archive(BytesIO(data), "xlsx", UNPACKED_LIMIT)
    _check_elements(data)
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(
            max_row=ROWS_LIMIT + _HEADING_WITHIN + 1,
            max_col=COLUMNS_LIMIT + 1,
            values_only=True,
        )
        for row in rows:
            yield tuple(map(_from_xlsx, row))
    except Exception as error:  # openpyxl raises whatever a broken part makes it stumble over
        raise FileRefused(_UNREADABLE) from error


def _check_elements(data: bytes) -> None:
    """Refuse a workbook whose markup would fill the memory, by counting before building."""
    count = _ElementCount()
    with ZipFile(BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.filename.lower().endswith((".xml", ".rels")):
                continue
            parser = expat.ParserCreate()
            parser.StartElementHandler = count
            try:
                with archive.open(entry) as part:
                    parser.ParseFile(part)
            except expat.ExpatError as error:
                raise FileRefused(_UNREADABLE) from error


class _ElementCount:
    """Counts elements of all parts, and those since the last row began."""

    def __init__(self) -> None:
        self._total = 0
        self._row_began = 0

    def __call__(self, name: str, _attributes: object) -> None:
        self._total += 1
        if name.endswith("row"):
            self._row_began = self._total
        if self._total > ELEMENTS_LIMIT or self._total - self._row_began > ROW_ELEMENTS_LIMIT:
            raise FileRefused("这个表的内容过多，没有打开。请只保留需要导入的部分。")


def _from_xlsx(value: object) -> Value:
    if isinstance(value, str):
        return _WRITTEN_OUT.sub(lambda found: chr(int(found[1], 16)), value)
    if value is None or isinstance(value, bool | int | float | date):
        return value
    return str(value)


# --- Reading what stands in a cell ------------------------------------------------------

_WRITTEN_DATE = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:\s.*|T.*)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: Day 0 of Excel's count for every date after February 1900.
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119: anything else is a mistyped number


def text_of(value: Value) -> str:
    """What stands in the cell as text; nothing is an empty text, 12.0 is “12”."""
    return _csv_value(value).removeprefix("'") if not isinstance(value, str) else value


def date_of(value: Value) -> date:
    """A day written 2019年10月8日, 2019-10-8, 2019/10/8, 2019.10.8 or 20191008, or a date cell.

    Full-width digits and Excel's serial numbers are read too. Raises ValueError in Chinese.
    """
    if isinstance(value, datetime):
        return _wall_clock(value).date()
    if isinstance(value, date):
        return value
    text = unicodedata.normalize("NFKC", text_of(value)).strip()
    written = _WRITTEN_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    try:
        if written:
            return date(int(written[1]), int(written[2]), int(written[3]))
        if text.isdecimal() and int(text) in _SERIALS:
            return _SERIAL_START + timedelta(days=int(text))
    except ValueError as error:
        raise ValueError(f"“{text}”不是存在的日期") from error
    raise ValueError(f"“{text}”不是日期，请写成2019年10月8日" if text else "没有填写日期")


def whole_number_of(value: Value) -> int:
    """A count; full-width digits and 1,204 are read too. Raises ValueError in Chinese."""
    text = unicodedata.normalize("NFKC", text_of(value)).strip().replace(",", "")
    try:
        exact = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"“{text}”不是数字" if text else "没有填写数字") from error
    if not exact.is_finite() or exact != exact.to_integral_value() or abs(exact) >= 10**12:
        raise ValueError(f"“{text}”不是整数")
    return int(exact)
