"""Papers about the plan itself: a unit's submission package (S21) and the table of revisions.

Both are made of the same `Paper` as every report, so they share its page and faces. What a
revision took out is struck through and what it put in underlined, in PDF and Word alike.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.chinese_text import chinese_date, chinese_moment, counted, joined
from reports.paper import Column, Paper, Section, Table
from reports.rendering import Caps, check_fonts, run_press, to_html
from reports.word_file import render_docx

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from campaign.models import PlanDocument
    from core.wording_diff import Piece
    from proposals.models import SubmissionPackage
    from proposals.packages import Contents
    from proposals.plan_text import ClauseChange

#: Somebody waits for these at the screen, so they may cost less than a report of a worker.
AT_THE_SCREEN = Caps(seconds=90, megabytes=768)
#: Above so many rows a package takes too long while somebody waits; Word and Excel still do.
MOST_ROWS = 400

#: Stand in a cell for where marks begin and end; no text holds them once it is cleaned.
_OUT, _OUT_END, _IN, _IN_END = "\x01", "\x02", "\x03", "\x04"
_TAGS = {_OUT: "<del>", _OUT_END: "</del>", _IN: "<ins>", _IN_END: "</ins>"}
_UNMARKED = str.maketrans("", "", "".join(_TAGS))
_OLD, _NEW = 1, 2
#: Reports centre the short cells of a wide table; sentences are not read so.
_READ_FROM_THE_LEFT = ".wide td + td { text-align: left; }"


# --- Submission package ------------------------------------------------------------------


def package_paper(package: SubmissionPackage, contents: Contents, now: datetime) -> Paper:
    """As it was sent, or as it would be sent now."""
    state = f"{chinese_moment(package.sent_at)}报送" if package.sent_at else "未报送"
    receipt = f"，签收号{package.receipt_number}" if package.receipt_number else ""
    sections = [Section("综述", tuple(package.summary.split("\n")))] if package.summary else []
    sections += [
        Section("征集情况", (_digest(contents),)),
        Section("对策建议", tuple(_proposals(contents)) or ("没有已提交的建议。",)),
    ]
    return Paper(
        title=(package.unit.name, "意见建议报送材料"),
        subtitle=f"报送“双高计划”工作组，{state}{receipt}",
        sections=tuple(sections),
        pictures=(),
        tables=_tables(contents),
        signed_by=package.unit.name,
        signed_on=timezone.localdate(package.sent_at or now),
        note=f"数据汇编于{contents.compiled_at}",
    )


def _digest(contents: Contents) -> str:
    return (
        f"截至{contents.compiled_at}，共开展活动{counted(contents.activities, '场')}，"
        f"参与{counted(contents.attendances, '人次')}；"
        f"征集意见建议{counted(len(contents.opinions), '条')}，"
        f"梳理问题{counted(len(contents.problems), '个')}，"
        f"形成对策建议{counted(len(contents.proposals), '件')}。"
    )


def _proposals(contents: Contents) -> Iterable[str]:
    for number, row in enumerate(contents.proposals, start=1):
        yield f"{number}. {row.title}（{row.number}，{row.unit}，{row.kind}，{row.theme}）"
        yield f"发现的问题：{row.problem}"
        yield f"建议措施：{row.measures}"


def _tables(contents: Contents) -> tuple[Table, ...]:
    opinions = Table(
        "征求意见汇总表",
        (
            Column("序号", 7),
            Column("意见内容", 37),
            Column("提出单位", 14),
            Column("来源群体", 11),
            Column("主题", 13),
            Column("处理结果", 18),
        ),
        tuple(
            (n, row.text, row.unit, row.group or None, row.theme or None, _result(row))
            for n, row in enumerate(contents.opinions, start=1)
        ),
        is_wide=True,
    )
    problems = Table(
        "问题清单",
        (
            Column("序号", 7),
            Column("表现", 45),
            Column("单位", 14),
            Column("主题", 14),
            Column("处理结果", 20),
        ),
        tuple(
            (n, row.text, row.unit, row.theme, _result(row))
            for n, row in enumerate(contents.problems, start=1)
        ),
        is_wide=True,
    )
    return tuple(table for table in (opinions, problems) if table.rows)


def _result(row: Any) -> str:
    return f"{row.result}：{row.reason}" if row.reason else str(row.result)


# --- Table of revisions ------------------------------------------------------------------


def revision_pdf(
    document: PlanDocument, old: int, new: int, rows: Sequence[ClauseChange], on: date
) -> bytes:
    """修订对照表 as PDF. Raises PaperNotMade."""
    return print_at_the_screen(_revision_paper(document, old, new, rows, on))


def print_at_the_screen(paper: Paper) -> bytes:
    """The paper as PDF, what is read in its tables flush left. Raises PaperNotMade."""
    check_fonts()
    html = to_html(paper).replace("</style>", f"{_READ_FROM_THE_LEFT}</style>", 1)
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
