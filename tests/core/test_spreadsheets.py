import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st

from core import spreadsheets
from core.chinese_text import clean_text
from core.refusal import FileRefused
from core.spreadsheets import (
    Row,
    Sheet,
    csv_chunks,
    date_of,
    read_rows,
    read_table,
    text_of,
    whole_number_of,
    write_xlsx,
)

DANGEROUS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\x00=1",
    "＝1+1",
    '=HYPERLINK("http://x")',
]


def as_csv(header, rows):
    return b"".join(csv_chunks(header, rows))


def as_xlsx(*sheets):
    written = BytesIO()
    write_xlsx(written, sheets)
    return written.getvalue()


def opened(data):
    return openpyxl.load_workbook(BytesIO(data))


def upload(name, data):
    return ContentFile(data, name=name)


def sheet_of(cells):
    """A workbook as a person makes it, not as we write it."""
    book = openpyxl.Workbook()
    for row in cells:
        book.worksheets[0].append(row)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def with_part(data, name, content):
    """The same archive with one part replaced."""
    written = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            target.writestr(entry, content if entry.filename == name else source.read(entry))
    return written.getvalue()


def refusal(name, data, required=()):
    with pytest.raises(FileRefused) as caught:
        read_table(upload(name, data), required)
    return caught.value.reason


# --- Out --------------------------------------------------------------------------------


def test_csv_opens_in_excel_and_writes_every_kind_of_value():
    moment = datetime(2019, 9, 16, 6, 0, tzinfo=UTC)

    data = as_csv(
        ["主题", "值"], [["讨论,会", None], [date(2019, 9, 16), moment], [True, Decimal("1.5")]]
    )

    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(StringIO(data.decode("utf-8-sig"), newline=""))) == [
        ["主题", "值"],
        ["讨论,会", ""],
        ["2019-09-16", "2019-09-16 14:00"],
        ["是", "1.5"],
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula(text):
    from_csv = next(csv.reader(StringIO(as_csv([text], []).decode("utf-8-sig"), newline="")))
    cell = opened(as_xlsx(Sheet("表", [text], [[text]]))).worksheets[0]["A2"]

    assert from_csv[0] == f"'{text}"
    assert cell.data_type == "s"
    assert str(cell.value).startswith("'")


def test_negative_figures_stay_figures():
    cell = opened(as_xlsx(Sheet("表", ["值"], [[-5]]))).worksheets[0]["A2"]

    assert cell.value == -5
    assert as_csv(["值"], [[-5]]).endswith(b"-5\r\n")


def test_control_characters_and_look_alike_escapes_survive_xlsx():
    text = "响铃\x07、换行\n、竖排\x0b、字面_x0041_、残缺\ud842"

    data = as_xlsx(Sheet("表", ["值"], [[text]]))

    assert opened(data).worksheets[0]["A2"].value == (
        "响铃_x0007_、换行\n、竖排_x000B_、字面_x005F_x0041_、残缺_xD842_"
    )
    assert read_rows(upload("x.xlsx", data))[1] == (clean_text(text),)


def test_xlsx_holds_dates_as_dates_on_the_campus_clock():
    moment = datetime(2019, 9, 15, 16, 30, tzinfo=UTC)

    page = opened(as_xlsx(Sheet("表", ["日", "时"], [[date(2019, 9, 16), moment]]))).worksheets[0]

    assert page["A2"].value == datetime(2019, 9, 16)
    assert page["B2"].value == datetime(2019, 9, 16, 0, 30)


def test_a_sheet_is_named_as_excel_allows():
    book = opened(as_xlsx(Sheet("活动/意见[2019]:全部" * 3, ["值"], []), Sheet("?", ["值"], [])))

    assert book.sheetnames == ["活动 意见 2019  全部活动 意见 2019  全部活动", "表"]


def test_a_text_too_long_for_a_cell_is_cut_and_says_so():
    cell = opened(as_xlsx(Sheet("表", ["值"], [["长" * 40_000]]))).worksheets[0]["A2"]

    assert len(str(cell.value)) == 32_767
    assert str(cell.value).endswith("…")


def test_csv_is_written_while_rows_are_still_being_read():
    read = []

    def rows():
        for at in range(2_000):
            read.append(at)
            yield [at]

    chunks = csv_chunks(["值"], rows())
    next(chunks)

    assert len(read) < 1_000


@given(st.lists(st.text(alphabet=st.characters(), max_size=20), min_size=1, max_size=5))
def test_what_was_exported_comes_back_as_it_was(texts):
    cleaned = [clean_text(text) or "空" for text in texts]
    if any(text.startswith("'") for text in cleaned):
        return

    from_csv = read_rows(upload("x.csv", as_csv(["列"] * len(cleaned), [cleaned])))
    from_xlsx = read_rows(upload("x.xlsx", as_xlsx(Sheet("表", ["列"] * len(cleaned), [cleaned]))))

    assert from_csv[1] == tuple(cleaned)
    assert from_xlsx[1] == tuple(cleaned)


# --- In: encodings and headings ---------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_is_read_in_the_encodings_and_shapes_offices_send(encoding, delimiter):
    text = f"单位{delimiter}人数\r\n图书馆{delimiter}12\r\n"

    table = read_table(upload("名单.csv", text.encode(encoding)), ["单位", "人数"])

    assert table.rows == (Row(2, {"单位": "图书馆", "人数": "12"}),)


def test_the_heading_may_stand_below_a_title_with_spaces_and_marks():
    data = sheet_of(
        [
            ["天津某校单位名单"],
            [],
            ["单 位（必填）", "人数*", None, "备注"],
            ["图书馆", 12, "无名列", None],
            [None, None, None, None],
            ["后勤", 30, None, "含校医院"],
        ]
    )

    table = read_table(upload("名单.xlsx", data), ["单位", "人数"])

    assert table.columns == ("单位", "人数", "备注")
    assert table.rows == (
        Row(4, {"单位": "图书馆", "人数": 12, "备注": None}),
        Row(6, {"单位": "后勤", "人数": 30, "备注": "含校医院"}),
    )


def test_headings_merged_over_two_rows_are_understood():
    data = sheet_of(
        [
            ["单位", "教师", None, "职工", None, "主题"],
            [None, "应到", "实到", "应到", "实到", None],
            ["图书馆", 1, 2, 3, 4, "座谈"],
        ]
    )

    table = read_table(upload("x.xlsx", data), ["单位", "教师应到", "职工实到", "主题"])

    assert table.columns == ("单位", "教师应到", "教师实到", "职工应到", "职工实到", "主题")
    assert table.rows[0].values["职工实到"] == 4


def test_missing_columns_are_named():
    data = "单位,备注\n图书馆,无\n".encode()

    assert refusal("x.csv", data, ["单位", "人数", "日期"]) == (
        "没有找到表头：缺少“人数”、“日期”列。请使用模板，不要改动列名。"
    )


def test_an_empty_file_has_no_heading():
    assert refusal("x.csv", b"", ["单位"]).startswith("没有找到表头")


# --- In: hostile and broken files -------------------------------------------------------


@pytest.mark.parametrize("stray", ["XFD1048576", "A1048576", "XFD1"])
def test_a_stray_cell_in_a_far_corner_is_not_believed(stray):
    row = re.sub("[A-Z]", "", stray)
    far = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>单位</t></is></c></row>'
        f'<row r="{row}"><c r="{stray}"><v>1</v></c></row></sheetData></worksheet>'
    ).replace('</c></row><row r="1">', "</c>")
    data = with_part(sheet_of([[1]]), "xl/worksheets/sheet1.xml", far.encode())

    assert read_rows(upload("x.xlsx", data)) == [("单位",)]


def test_too_many_rows_and_columns_are_refused(monkeypatch):
    monkeypatch.setattr(spreadsheets, "ROWS_LIMIT", 3)
    monkeypatch.setattr(spreadsheets, "_HEADING_WITHIN", 1)

    assert len(read_rows(upload("x.xlsx", sheet_of([[1]] * 4)))) == 4
    assert refusal("x.xlsx", sheet_of([[1]] * 5)) == "这个表超过3行。请拆分后再导入。"
    assert refusal("x.csv", b"1\n" * 5) == "这个表超过3行。请拆分后再导入。"
    assert len(read_rows(upload("x.xlsx", sheet_of([[1] * 100])))[0]) == 100
    assert refusal("x.xlsx", sheet_of([[1] * 101])).startswith("这个表超过100列")
    assert refusal("x.csv", b"1," * 100 + b"1").startswith("这个表超过100列")


def test_empty_rows_at_the_end_do_not_count(monkeypatch):
    monkeypatch.setattr(spreadsheets, "ROWS_LIMIT", 3)

    assert read_rows(upload("x.csv", b"1\n" + b",\n" * 100)) == [("1",)]


def test_a_workbook_that_unpacks_too_large_is_refused():
    large = b"<x>" + b" " * (3 * spreadsheets.MEGABYTE) + b"</x>"

    data = with_part(sheet_of([[1]]), "xl/worksheets/sheet1.xml", large)

    assert "展开后过大" in refusal("x.xlsx", data)


def test_a_row_of_endless_cells_is_refused_before_it_is_built(monkeypatch):
    monkeypatch.setattr(spreadsheets, "ROW_ELEMENTS_LIMIT", 1_000)

    assert read_rows(upload("x.xlsx", sheet_of([[1] * 100])))
    assert "内容过多" in refusal("x.xlsx", sheet_of([[1] * 600]))


def test_too_much_markup_in_all_is_refused(monkeypatch):
    monkeypatch.setattr(spreadsheets, "ELEMENTS_LIMIT", 500)

    assert "内容过多" in refusal("x.xlsx", sheet_of([[1]] * 300))


def test_entities_are_refused_politely():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'

    data = with_part(sheet_of([[1]]), "xl/worksheets/sheet1.xml", bomb)

    assert "DTD" in refusal("x.xlsx", data)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("x.xls", b"\xd0\xcf\x11\xe0"),
        ("x.xlsx", b"not a zip"),
        ("x.xlsx", with_part(sheet_of([[1]]), "xl/worksheets/sheet1.xml", b"<broken")),
        ("x.xlsx", with_part(sheet_of([[1]]), "xl/workbook.xml", b"<workbook/>")),
        ("x.csv", b"a" * (11 * 1024 * 1024)),
        ("x.csv", b'"' + b"a" * 200_000),
        ("x.csv", b"\x00\x01\x02\xff"),
    ],
)
def test_files_that_cannot_be_read_are_refused_in_words(name, data):
    assert refusal(name, data).endswith(("导入。", "上传。", "XLSX。"))


@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fall_over(data):
    for name in ("x.csv", "x.xlsx"):
        try:
            read_rows(upload(name, data))
        except FileRefused:
            continue


# --- In: cells --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "2019年10月8日",
        "２０１９年１０月８日",
        "2019-10-08",
        "2019/10/8",
        "2019.10.8",
        "20191008",
        "2019年10月8日 14:00",
        "2019-10-08T14:00",
        " 2019-10-08 ",
        "43746",
        43746,
        date(2019, 10, 8),
        datetime(2019, 10, 8, 14, 0),
        datetime(2019, 10, 7, 16, 0, tzinfo=UTC),
    ],
)
def test_a_day_is_read_however_it_was_written(written):
    assert date_of(written) == date(2019, 10, 8)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2019年2月29日", "“2019年2月29日”不是存在的日期"),
        ("上周三", "“上周三”不是日期，请写成2019年10月8日"),
        ("12", "“12”不是日期，请写成2019年10月8日"),
        ("", "没有填写日期"),
        (None, "没有填写日期"),
    ],
)
def test_what_is_not_a_day_says_why(written, why):
    with pytest.raises(ValueError, match=why):
        date_of(written)


@pytest.mark.parametrize(
    ("written", "read"), [("１，２０４", 1204), ("1,204", 1204), (12.0, 12), ("12.0", 12), (-3, -3)]
)
def test_a_count_is_read_however_it_was_written(written, read):
    assert whole_number_of(written) == read


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1.5", "“1.5”不是整数"),
        ("十二", "“十二”不是数字"),
        ("NaN", "“NaN”不是整数"),
        ("1e400", "“1e400”不是整数"),
        ("", "没有填写数字"),
        (None, "没有填写数字"),
    ],
)
def test_what_is_not_a_count_says_why(written, why):
    with pytest.raises(ValueError, match=why):
        whole_number_of(written)


def test_cells_read_as_text():
    assert [text_of(value) for value in ("甲", None, 12, date(2019, 9, 16), True)] == [
        "甲", "", "12", "2019-09-16", "是",
    ]  # fmt: skip
