"""修订对照表 as a report: what changed between two versions of a plan document.

What a revision took out is struck through and what it put in underlined.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from campaign.models import PlanVersion
from core.chinese_text import chinese_date, counted, joined
from core.wording_diff import changes
from proposals.plan_text import compare_versions
from reports.paper import Column, Marked, Paper, Section, Table

if TYPE_CHECKING:
    from accounts.models import User
    from reports.dossier import Wish
    from reports.paper import Cell


@dataclass(frozen=True)
class RevisedClause:
    """`numbers` are those of the proposals that brought the change."""

    clause: str
    old_text: str
    new_text: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class RevisionFacts:
    document: str
    old: int
    new: int
    clauses: tuple[RevisedClause, ...]
    as_of_at: datetime


def may_have_revisions(user: User, wish: Wish) -> bool:
    """Whoever is signed in: the plan and what became of it are open to all of the school."""
    asked = (wish.subject_id, wish.compared_with_id)
    versions = PlanVersion.objects.filter(pk__in=[key or 0 for key in asked])
    known = versions.filter(document__campaign=wish.campaign).values_list("document", flat=True)
    return user.is_active and len(known) == len(asked) and len(set(known)) == 1


def revision_facts(wish: Wish, now: datetime, _lists: frozenset[str]) -> RevisionFacts:
    new = PlanVersion.objects.select_related("document").get(pk=wish.subject_id or 0)
    old = PlanVersion.objects.get(pk=wish.compared_with_id or 0)
    rows = compare_versions(new.document, old.number, new.number)
    return RevisionFacts(
        new.document.title,
        old.number,
        new.number,
        tuple(
            RevisedClause(str(row.clause), row.old_text, row.new_text, tuple(row.numbers))
            for row in rows
            if row.is_changed
        ),
        now,
    )


def compose_revisions(facts: RevisionFacts) -> Paper:
    on = timezone.localdate(facts.as_of_at)
    return Paper(
        title=(f"《{facts.document}》", "修订对照表"),
        subtitle=f"第{facts.old}版与第{facts.new}版，修改{counted(len(facts.clauses), '条')}",
        sections=(
            Section(
                "说明",
                (
                    "左栏为原条文，右栏为修订后条文；删去的文字加删除线，新增的文字加下划线。",
                    "最后一栏是修订所依据的对策建议编号，凭编号可在平台上查看来龙去脉。",
                ),
            ),
        ),
        tables=(_table(facts),),
        signed_by="“双高计划”工作组",
        signed_on=on,
        note=f"生成于{chinese_date(on)}",
    )


def _table(facts: RevisionFacts) -> Table:
    columns = (
        Column("条款", 14),
        Column(f"原条文（第{facts.old}版）", 37),
        Column(f"修订后（第{facts.new}版）", 37),
        Column("建议编号", 12),
    )
    return Table("修订对照表", columns, tuple(map(_row, facts.clauses)), is_wide=True)


def _row(clause: RevisedClause) -> tuple[Cell, ...]:
    pieces = changes(clause.old_text, clause.new_text)
    old = Marked(tuple(piece for piece in pieces if piece.kind != "ins"))
    new = Marked(tuple(piece for piece in pieces if piece.kind != "del"))
    return (
        clause.clause,
        old if clause.old_text else None,
        new if clause.new_text else None,
        joined(clause.numbers) or None,
    )
