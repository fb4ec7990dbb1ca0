"""The table of revisions of a plan document, made of the same `Paper` as every report.

What a revision took out is struck through and what it put in underlined, in PDF and Word alike.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.chinese_text import chinese_date, counted, joined
from reports.paper import Column, Paper, Section, Table
from reports.rendering import Caps, check_fonts, run_press, to_html
from reports.word_file import render_docx

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from campaign.models import PlanDocument
    from core.wording_diff import Piece
    from proposals.plan_text import ClauseChange

#: Somebody waits for these at the screen, so they may cost less than a report of a worker.
AT_THE_SCREEN = Caps(seconds=90, megabytes=768)

#: Stand in a cell for where marks begin and end; no text holds them once it is cleaned.
_OUT, _OUT_END, _IN, _IN_END = "\x01", "\x02", "\x03", "\x04"
_TAGS = {_OUT: "<del>", _OUT_END: "</del>", _IN: "<ins>", _IN_END: "</ins>"}
_UNMARKED = str.maketrans("", "", "".join(_TAGS))
_OLD, _NEW = 1, 2


def revision_pdf(
    document: PlanDocument, old: int, new: int, rows: Sequence[ClauseChange], on: date
) -> bytes:
    """修订对照表 as PDF. Raises PaperNotMade."""
    check_fonts()
    html = to_html(_revision_paper(document, old, new, rows, on))
    for mark, tag in _TAGS.items():
        html = html.replace(mark, tag)
    return run_press(html, caps=AT_THE_SCREEN)


def revision_docx(
    document: PlanDocument, old: int, new: int, rows: Sequence[ClauseChange], on: date
) -> bytes:
    """修订对照表 as a Word file, the marks as struck and underlined runs."""
    from docx import Document

    paper = _revision_paper(document, old, new, rows, on, is_marked=False)
    word = Document(BytesIO(render_docx(paper)))
    for line, change in zip(word.tables[0].rows[1:], rows, strict=True):
        _mark(line.cells[_OLD].paragraphs[0], change.old_pieces)
        _mark(line.cells[_NEW].paragraphs[0], change.new_pieces)
    target = BytesIO()
    word.save(target)
    return target.getvalue()


def _mark(paragraph: Any, pieces: Iterable[Piece]) -> None:
    for run in list(paragraph.runs):
        run._element.getparent().remove(run._element)
    for piece in pieces:
        run = paragraph.add_run(_plain(piece.text))
        run.font.strike = piece.kind == "del"
        run.font.underline = piece.kind == "ins"


def _revision_paper(
    document: PlanDocument,
    old: int,
    new: int,
    rows: Sequence[ClauseChange],
    on: date,
    *,
    is_marked: bool = True,
) -> Paper:
    read = _marked if is_marked else _unmarked
    changed = sum(row.is_changed for row in rows)
    return Paper(
        title=(f"《{document.title}》", "修订对照表"),
        subtitle=f"第{old}版与第{new}版，修改{counted(changed, '条')}",
        sections=(
            Section(
                "说明",
                (
                    "左栏为原条文，右栏为修订后条文；删去的文字加删除线，新增的文字加下划线。",
                    "最后一栏是修订所依据的对策建议编号，凭编号可在平台上查看来龙去脉。",
                ),
            ),
        ),
        pictures=(),
        tables=(
            Table(
                "修订对照表",
                (
                    Column("条款", 14),
                    Column(f"原条文（第{old}版）", 37),
                    Column(f"修订后（第{new}版）", 37),
                    Column("建议编号", 12),
                ),
                tuple(
                    (
                        _plain(str(row.clause)),
                        read(row.old_pieces) or None,
                        read(row.new_pieces) or None,
                        joined(row.numbers) or None,
                    )
                    for row in rows
                ),
                is_wide=True,
            ),
        ),
        signed_by="“双高计划”工作组",
        signed_on=on,
        note=f"生成于{chinese_date(on)}",
    )


def _marked(pieces: Iterable[Piece]) -> str:
    marks = {"del": (_OUT, _OUT_END), "ins": (_IN, _IN_END), "same": ("", "")}
    return "".join(
        f"{marks[piece.kind][0]}{_plain(piece.text)}{marks[piece.kind][1]}" for piece in pieces
    )


def _unmarked(pieces: Iterable[Piece]) -> str:
    return "".join(_plain(piece.text) for piece in pieces)


def _plain(text: str) -> str:
    return text.translate(_UNMARKED)
