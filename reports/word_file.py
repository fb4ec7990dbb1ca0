"""A paper as a Word file with real styles, for those who go on writing.

The page, faces and sizes are those of the PDF. Headings, text and tables are styles that Word
and WPS list by name, so that a change of style changes the whole paper. Pictures are on the
page and in the PDF; here their figures stand in the tables.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.chinese_text import chinese_date
from core.wording_diff import Piece
from reports.paper import Marked, cell_text

if TYPE_CHECKING:
    from docx.document import Document

    from reports.paper import Cell, Masthead, NumberedSection, Paper, Table

#: Style → Chinese face, size in points, bold. The faces are those every Word has.
_STYLES = {
    "Normal": ("仿宋", 15.75, False),
    "Title": ("宋体", 22, True),
    "Subtitle": ("楷体", 15.75, False),
    "Heading 1": ("黑体", 15.75, False),
    "Heading 2": ("楷体", 15.75, False),
    "Heading 3": ("宋体", 18, True),
    "Caption": ("仿宋", 10.5, False),
}
_LINE = 28.99  # points
_INDENT = "200"  # hundredths of a character
_PORTRAIT = {"top_margin": 37, "bottom_margin": 35, "left_margin": 28, "right_margin": 26}
_LANDSCAPE = {"top_margin": 28, "bottom_margin": 26, "left_margin": 37, "right_margin": 35}


def render_docx(paper: Paper) -> bytes:
    from docx import Document

    document = Document()
    _set_page(document, landscape=False)
    _set_styles(document)
    _write_text(document, paper)
    for number, table in enumerate(paper.tables, start=1):
        _write_table(document, table, f"附表{number}")
    _set_properties(document, paper)
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def _set_properties(document: Document, paper: Paper) -> None:
    signed_on = paper.signed_on or date(2000, 1, 1)  # the moment of writing would change the bytes
    properties = document.core_properties
    properties.title = "".join(paper.title)
    properties.author = paper.signed_by
    properties.created = datetime.combine(signed_on, datetime.min.time(), UTC)
    properties.modified = properties.created
    properties.comments = ""


# --- Page and styles --------------------------------------------------------------------


def _set_page(document: Document, *, landscape: bool) -> None:
    """The last section as A4 with the margins of the standard and its page numbers."""
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = document.sections[-1]
    width, height = (297, 210) if landscape else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(width), Mm(height)
    for name, size in (_LANDSCAPE if landscape else _PORTRAIT).items():
        setattr(section, name, Mm(size))
    section.footer_distance = Mm(23 if not landscape else 14)
    if len(document.sections) == 1:
        document.settings.odd_and_even_pages_header_footer = True
        _number_pages(section.footer.paragraphs[0], right=True)
        _number_pages(section.even_page_footer.paragraphs[0], right=False)


def _number_pages(paragraph: Any, *, right: bool) -> None:
    """“— 1 —”, one character in from the outer edge."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    sides = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.alignment = sides
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.paragraph_format.left_indent = Pt(0 if right else 14)
    paragraph.paragraph_format.right_indent = Pt(14 if right else 0)
    for text in ("— ", None, " —"):
        run = paragraph.add_run(text or "")
        run.font.size = Pt(14)
        run.font.name = "SimSun"
        if text is None:
            _add_field(run, "PAGE")


def _add_field(run: Any, code: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", None, "end"):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = code
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _set_styles(document: Document) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    for name, (face, size, bold) in _STYLES.items():
        style: Any = document.styles[name]
        _set_face(style, face, size, bold=bold)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        style.paragraph_format.line_spacing = Pt(16 if name == "Caption" else _LINE)
        if name in {"Title", "Subtitle", "Heading 3"}:
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for name in ("Heading 1", "Heading 2", "Heading 3"):
        heading: Any = document.styles[name]
        heading.paragraph_format.keep_with_next = True


def _set_face(style: Any, face: str, size: float, *, bold: bool) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name = face
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    faces = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia"):
        faces.set(qn(f"w:{script}"), face)


# --- Content ----------------------------------------------------------------------------


def _write_text(document: Document, paper: Paper) -> None:
    if paper.masthead:
        _write_masthead(document, paper.masthead)
    for line in paper.title:
        document.add_paragraph(line, style="Title")
    if paper.subtitle:
        document.add_paragraph(f"（{paper.subtitle}）", style="Subtitle")
    document.add_paragraph()
    for section in paper.numbered:
        _write_section(document, section)
    if paper.note:
        _indent(document.add_paragraph(f"（{paper.note}）"))
    _write_foot(document, paper)


def _write_section(document: Document, section: NumberedSection) -> None:
    if section.title:
        _indent(document.add_paragraph(section.title, style="Heading 1"))
    for is_heading, text in section.lines:
        _indent(document.add_paragraph(text, style="Heading 2" if is_heading else None))


def _write_foot(document: Document, paper: Paper) -> None:
    """Signature, imprint, seal: each where there is one."""
    if paper.signed_on:
        document.add_paragraph()
        for line in filter(None, (paper.signed_by, chinese_date(paper.signed_on))):
            _sign(document.add_paragraph(line))
    if paper.imprint:
        for line in filter(None, (*paper.imprint.lines, paper.imprint.copies)):
            document.add_paragraph(line)
    if paper.seal:
        document.add_paragraph(paper.seal.text, style="Caption")


def _write_masthead(document: Document, masthead: Masthead) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    name = document.add_paragraph(style="Title")
    run = name.add_run(masthead.name)
    run.font.size = Pt(40)
    name.paragraph_format.line_spacing = Pt(58)
    if masthead.is_red:
        run.font.color.rgb = RGBColor(0xD7, 0x00, 0x0F)
    issued_on = chinese_date(masthead.issued_on) if masthead.issued_on else ""
    for text in (masthead.number, f"{masthead.office}　　{issued_on}"):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _indent(paragraph: Any) -> None:
    """Two characters, whatever the size, as Chinese typists set it."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    indent = OxmlElement("w:ind")
    indent.set(qn("w:firstLineChars"), _INDENT)
    paragraph._p.get_or_add_pPr().append(indent)


def _sign(paragraph: Any) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paragraph.paragraph_format.right_indent = Pt(2 * _STYLES["Normal"][1])


def _write_table(document: Document, table: Table, label: str) -> None:
    from docx.enum.section import WD_SECTION

    if table.is_wide:
        document.add_section(WD_SECTION.NEW_PAGE)
        _set_page(document, landscape=True)
    elif label == "附表1":
        document.add_paragraph().paragraph_format.page_break_before = True
    document.add_paragraph(f"{label}　{table.title}", style="Heading 3")
    rows = [table.rows, (table.total,)] if table.total else [table.rows]
    grid = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    _fill(grid.rows[0], [column.heading for column in table.columns])
    _repeat_as_head(grid.rows[0])
    for row in (row for part in rows for row in part):
        _fill(grid.add_row(), [cell_text(cell) for cell in row], row)
    _set_widths(document.sections[-1], grid, table)
    if table.note:
        document.add_paragraph(f"注：{table.note}", style="Caption")
    document.add_paragraph()


def _fill(row: Any, texts: list[str], cells: Any = ()) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    _never_cut(row)
    for at, (place, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = place.paragraphs[0]
        paragraph.style = "Caption"
        _write_cell(paragraph, cells[at] if cells else text, text)
        if cells and isinstance(cells[at], int):
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _write_cell(paragraph: Any, cell: Cell, text: str) -> None:
    """Struck out is what a revision took out, underlined what it put in."""
    for piece in cell.pieces if isinstance(cell, Marked) else (Piece("same", text),):
        run = paragraph.add_run(piece.text)
        run.font.strike = piece.kind == "del" or None
        run.font.underline = piece.kind == "ins" or None


def _set_widths(section: Any, grid: Any, table: Table) -> None:
    room = section.page_width - section.left_margin - section.right_margin
    grid.autofit = False
    for row in grid.rows:
        for place, column in zip(row.cells, table.columns, strict=True):
            place.width = int(room * column.share / 100)


def _never_cut(row: Any) -> None:
    _mark_row(row, "w:cantSplit")


def _repeat_as_head(row: Any) -> None:
    _mark_row(row, "w:tblHeader")


def _mark_row(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))
