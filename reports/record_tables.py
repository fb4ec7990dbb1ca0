"""The tables of records: the column sets offices use, in the order of days."""

from collections.abc import Sequence

from core.chinese_text import EMPTY, excerpt, number
from reports.listings import (
    ActivityRow,
    MeasureRow,
    OpinionRow,
    OutcomeRow,
    PackageRow,
    ProblemRow,
    ProposalRow,
    ResultCount,
    RevisionRow,
)
from reports.paper import Column, Table

#: Of a long text a table shows so many characters; the record itself has all of it.
_EXCERPT = 120


def _first_of(rows: Sequence[object], whole: int, measure: str) -> str:
    """Says so when the table does not hold all there is."""
    if len(rows) >= whole:
        return ""
    return (
        f"按先后列出前{number(len(rows))}{measure}，共{number(whole)}{measure}，"
        "其余见系统“数据下载”。"
    )


def activities_table(rows: Sequence[ActivityRow], whole: int) -> Table:
    return Table(
        title="活动台账",
        columns=(
            Column("序号", 5),
            Column("时间", 14),
            Column("单位", 12),
            Column("形式", 9),
            Column("主题", 18),
            Column("地点", 10),
            Column("主持人", 8),
            Column("应到", 6, "人"),
            Column("实到", 6, "人"),
            Column("缺席", 6, "人"),
            Column("意见", 6, "条"),
        ),
        rows=tuple(
            (
                place,
                row.held_on,
                row.unit,
                row.kind,
                row.title,
                row.place,
                row.host,
                row.expected,
                row.present,
                row.absent,
                row.opinions,
            )
            for place, row in enumerate(rows, start=1)
        ),
        note=_first_of(rows, whole, "场"),
        is_wide=True,
    )


def opinions_table(rows: Sequence[OpinionRow], whole: int) -> Table:
    return Table(
        title="征求意见汇总表",
        columns=(
            Column("序号", 6),
            Column("意见内容", 40),
            Column("提出单位", 15),
            Column("主题", 12),
            Column("处理情况", 11),
            Column("说明", 16),
        ),
        rows=tuple(
            (
                place,
                excerpt(row.text, _EXCERPT),
                row.unit,
                row.theme or EMPTY,
                row.result,
                excerpt(row.reason, _EXCERPT),
            )
            for place, row in enumerate(rows, start=1)
        ),
        note=_first_of(rows, whole, "条"),
        is_wide=True,
    )


def opinion_results_table(rows: Sequence[ResultCount], whole: int) -> Table:
    return Table(
        title="意见建议处理情况",
        columns=(Column("处理情况", 60), Column("意见建议", 40, "条")),
        rows=tuple((row.label, row.count) for row in rows if whole),
        total=("合计", whole) if whole else (),
    )


def problems_table(rows: Sequence[ProblemRow], whole: int) -> Table:
    return Table(
        title="问题清单",
        columns=(
            Column("序号", 7),
            Column("表现", 37),
            Column("单位", 15),
            Column("主题", 13),
            Column("状态", 10),
            Column("说明", 18),
        ),
        rows=tuple(
            (
                place,
                excerpt(row.text, _EXCERPT),
                row.unit,
                row.theme,
                row.result,
                excerpt(row.reason, _EXCERPT),
            )
            for place, row in enumerate(rows, start=1)
        ),
        note=_first_of(rows, whole, "项"),
    )


def proposals_table(rows: Sequence[ProposalRow], whole: int, title: str = "对策建议一览") -> Table:
    return Table(
        title=title,
        columns=(
            Column("编号", 9),
            Column("标题", 24),
            Column("单位", 12),
            Column("主题", 10),
            Column("提交日期", 14),
            Column("结果", 9),
            Column("理由", 22),
        ),
        rows=tuple(
            (
                row.number,
                row.title,
                row.unit,
                row.theme,
                row.submitted_on,
                row.fate,
                excerpt(row.reasons, _EXCERPT),
            )
            for row in rows
        ),
        note=_first_of(rows, whole, "件"),
        is_wide=True,
    )


def revisions_table(rows: Sequence[RevisionRow], whole: int) -> Table:
    return Table(
        title="条款修订对照表",
        columns=(
            Column("条款", 16),
            Column("原条文", 30),
            Column("修订后条文", 30),
            Column("来源建议", 10),
            Column("公布日期", 14),
        ),
        rows=tuple(
            (
                f"{row.document}{row.clause}",
                row.old_text,
                row.new_text,
                row.proposal,
                row.published_on,
            )
            for row in rows
        ),
        note=_first_of(rows, whole, "处"),
        is_wide=True,
    )


def measures_table(rows: Sequence[MeasureRow], whole: int) -> Table:
    return Table(
        title="举措一览",
        columns=(
            Column("序号", 7),
            Column("举措", 24),
            Column("责任单位", 14),
            Column("责任人", 10),
            Column("指标", 15),
            Column("完成时限", 19),
            Column("状态", 11),
        ),
        rows=tuple(
            (place, row.title, row.unit, row.owner, row.indicator, row.due_on, row.status)
            for place, row in enumerate(rows, start=1)
        ),
        note=_first_of(rows, whole, "项"),
    )


def outcomes_table(rows: Sequence[OutcomeRow], whole: int) -> Table:
    return Table(
        title="成果一览",
        columns=(
            Column("序号", 7),
            Column("成果", 22),
            Column("类别", 12),
            Column("单位", 14),
            Column("形成日期", 19),
            Column("来源", 17),
            Column("典型案例", 9),
        ),
        rows=tuple(
            (
                place,
                row.title,
                row.kind,
                row.unit,
                row.achieved_on,
                row.source,
                row.case or EMPTY,
            )
            for place, row in enumerate(rows, start=1)
        ),
        note=_first_of(rows, whole, "项"),
    )


def packages_table(rows: Sequence[PackageRow]) -> Table:
    return Table(
        title="各单位报送情况",
        columns=(
            Column("单位", 26),
            Column("状态", 16),
            Column("报送日期", 20),
            Column("签收号", 18),
            Column("签收日期", 20),
        ),
        rows=tuple(
            (row.unit, row.status, row.sent_on, row.receipt_number, row.received_on) for row in rows
        ),
    )
