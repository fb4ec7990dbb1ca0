"""A unit's submission package as a report (S21): what stands on its page, as a paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from core.chinese_text import chinese_moment, counted
from proposals.models import SubmissionPackage
from proposals.packages import Contents, contents_of
from reports.paper import Column, Paper, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from reports.dossier import Wish


@dataclass(frozen=True)
class PackageFacts:
    """`as_of_at` is the moment it was looked at; a package that was sent stands as it was then."""

    unit: str
    summary: str
    sent_at: datetime | None
    receipt_number: str
    contents: Contents
    as_of_at: datetime


def may_have_package(user: User, wish: Wish) -> bool:
    return SubmissionPackage.objects.visible_to(user).filter(pk=wish.subject_id or 0).exists()


def package_facts(wish: Wish, now: datetime, _lists: frozenset[str]) -> PackageFacts:
    package = SubmissionPackage.objects.with_page_facts().get(pk=wish.subject_id or 0)
    return PackageFacts(
        package.unit.name,
        package.summary,
        package.sent_at,
        package.receipt_number,
        contents_of(package, now),
        now,
    )


def compose_package(facts: PackageFacts) -> Paper:
    """As it was sent, or as it would be sent now."""
    contents = facts.contents
    state = f"{chinese_moment(facts.sent_at)}报送" if facts.sent_at else "未报送"
    receipt = f"，签收号{facts.receipt_number}" if facts.receipt_number else ""
    sections = [Section("综述", tuple(facts.summary.split("\n")))] if facts.summary else []
    sections += [
        Section("征集情况", (_digest(contents),)),
        Section("对策建议", tuple(_proposals(contents)) or ("没有已提交的建议。",)),
    ]
    return Paper(
        title=(facts.unit, "意见建议报送材料"),
        subtitle=f"报送“双高计划”工作组，{state}{receipt}",
        sections=tuple(sections),
        pictures=(),
        tables=_tables(contents),
        signed_by=facts.unit,
        signed_on=timezone.localdate(facts.sent_at or facts.as_of_at),
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
