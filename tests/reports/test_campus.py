"""A whole campus: every figure is the records' own, and says the same in every format."""

import re
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from campaign.models import Campaign
from reports.choices import ReportKind
from reports.dossier import Wish
from reports.paper import Cell, Paper, cell_text
from reports.production import assemble, compose
from reports.rendering import render_pdf
from reports.word_file import render_docx
from reports.workbook import render_xlsx
from units.choices import UnitKind
from units.models import Unit

pytestmark = pytest.mark.django_db


def test_the_figures_of_a_campus_are_those_of_the_records_and_alike_in_every_format():
    """One test for both: the records of a campus take a while to make."""
    call_command("seed_demo", scale="campus", verbosity=0)

    assert figures_proven() > 2_000  # check_tallies counts in plain SQL; one that differs is fatal
    for paper in papers_of(Campaign.objects.get()):
        rows = rows_of(paper)
        assert len(rows) > 10
        assert rows_in_word(paper) == rows
        assert numbers_in_workbook(paper) == numbers_of(paper)
        printed = text_of_pdf(paper)
        assert [row for row in rows if "".join(row) not in printed] == []


def figures_proven() -> int:
    said = StringIO()
    call_command("check_tallies", stdout=said)
    return int(said.getvalue().split()[0])


def papers_of(campaign: Campaign) -> list[Paper]:
    unit = Unit.objects.filter(kind=UnitKind.BRANCH)[0]
    wishes = (
        Wish(ReportKind.PROGRESS, campaign),
        Wish(ReportKind.UNIT_REPORT, campaign, unit=unit),
        Wish(ReportKind.THEME_REPORT, campaign, theme=campaign.themes.all()[0]),
    )
    return [compose(wish.kind, assemble(wish, timezone.now())) for wish in wishes]


def plain(text: object) -> str:
    return re.sub(r"\s", "", str(text))


def values_of(paper: Paper) -> list[tuple[Cell, ...]]:
    return [
        row
        for table in paper.tables
        for row in (*table.rows, *((table.total,) if table.total else ()))
    ]


def rows_of(paper: Paper) -> list[list[str]]:
    """Every row of every table as its cells read."""
    return [[plain(cell_text(cell)) for cell in row] for row in values_of(paper)]


def rows_in_word(paper: Paper) -> list[list[str]]:
    tables = Document(BytesIO(render_docx(paper))).tables
    return [[plain(cell.text) for cell in row.cells] for table in tables for row in table.rows[1:]]


def numbers_of(paper: Paper) -> list[list[int]]:
    return [[cell for cell in row if isinstance(cell, int)] for row in values_of(paper)]


def numbers_in_workbook(paper: Paper) -> list[list[int]]:
    """Those of every row that is one of the table's, not a note below it."""
    book = load_workbook(BytesIO(render_xlsx(paper)))
    rows = [
        row
        for table in paper.tables
        for row in book[table.title].iter_rows(
            min_row=2, max_row=1 + len(table.rows) + bool(table.total), values_only=True
        )
    ]
    return [[cell for cell in row if isinstance(cell, int)] for row in rows]


def text_of_pdf(paper: Paper) -> str:
    """All text in the order it is drawn, which is row by row and cell by cell."""
    drawn = PdfReader(BytesIO(render_pdf(paper))).pages
    return plain("".join(page.extract_text() for page in drawn))
