from datetime import date, datetime
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from reports.assembly import assemble_progress
from reports.composition import compose_progress
from reports.word_file import render_docx
from reports.workbook import render_xlsx
from tests.factories import CampaignFactory
from tests.reports.world import NOW, school_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper():
    return compose_progress(assemble_progress(school_world().campaign, now=NOW))


def test_the_workbook_has_the_text_and_every_table_with_typed_cells(paper):
    book = load_workbook(BytesIO(render_xlsx(paper)))

    assert book.sheetnames == ["正文", *(table.title for table in paper.tables)]
    weeks = list(book["每周新增情况"].iter_rows(min_row=2, values_only=True))
    assert weeks[0][:4] == (datetime(2019, 8, 25), datetime(2019, 8, 25), 0, 0)
    assert weeks[-1] == ("合计", None, 6, 138, 6, 11)


def test_the_workbook_says_the_same_sentences_as_the_paper(paper):
    sheet = load_workbook(BytesIO(render_xlsx(paper)))["正文"]
    said = {row[0] for row in sheet.iter_rows(values_only=True)}

    assert {text for section in paper.sections for text in section.paragraphs} <= said


def test_the_word_file_has_real_styles_and_the_same_text(paper):
    document = Document(BytesIO(render_docx(paper)))
    headings = [line.text for line in document.paragraphs if line.style.name == "Heading 1"]

    assert headings == [
        "一、总体进展",
        "二、主要做法和特点",
        "三、取得成效",
        "四、存在问题",
        "五、下一步安排",
    ]
    texts = {line.text for line in document.paragraphs}
    assert {text for section in paper.sections for text in section.paragraphs} <= texts


def test_the_word_file_has_the_page_and_the_faces_of_the_standard(paper):
    document = Document(BytesIO(render_docx(paper)))
    page = document.sections[0]
    heading = document.styles["Heading 1"]

    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    assert (round(page.top_margin.mm), round(page.left_margin.mm)) == (37, 28)
    assert heading.element.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert document.sections[-1].page_width > document.sections[-1].page_height


def test_the_word_tables_repeat_their_heads_and_cut_no_row(paper):
    tables = Document(BytesIO(render_docx(paper))).tables

    assert len(tables) == len(paper.tables)
    for table in tables:
        rows = [row._tr.trPr for row in table.rows]
        assert rows[0].find(qn("w:tblHeader")) is not None
        assert all(row.find(qn("w:cantSplit")) is not None for row in rows)


def test_the_word_tables_hold_the_same_figures(paper):
    tables = Document(BytesIO(render_docx(paper))).tables
    last = [cell.text for cell in tables[0].rows[-1].cells]

    assert last == ["", "合计", "168", "6", "138", "6", "11", "5", "2"]


def test_the_command_makes_the_report_of_a_unit_up_to_a_day(tmp_path):
    world = school_world()
    target = tmp_path / "unit.xlsx"

    call_command(
        "render_report",
        "progress",
        campaign=world.campaign.slug,
        unit=world.committee.code,
        as_of=date(2019, 9, 20),
        format="xlsx",
        out=target,
        stdout=StringIO(),
    )

    text = load_workbook(target)["正文"]
    assert text["A1"].value == "机电工程学院党委大学习、大讨论、大推动进展情况报告"
    assert text["A2"].value == "（数据截至2019年9月20日）"


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"campaign": "nowhere"}, "no campaign nowhere"),
        ({"unit": "nobody"}, "no unit nobody"),
        ({"theme": 99}, "no theme 99"),
    ],
)
def test_the_command_names_what_it_does_not_find(options, fault, tmp_path):
    CampaignFactory(slug="known")

    with pytest.raises(CommandError, match=fault):
        call_command(
            "render_report",
            "progress",
            **{"campaign": "known", "format": "xlsx", "out": tmp_path / "x", **options},
        )
