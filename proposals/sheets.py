"""The columns of the lists that leave as workbooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.chinese_text import joined
from core.spreadsheets import Sheet
from proposals.choices import Status
from proposals.deliberation import weighted_mean
from proposals.permissions import conflict_of
from proposals.services import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from campaign.models import Campaign
    from core.spreadsheets import Value
    from proposals.models import Proposal, ReviewRules
    from proposals.packages import Contents
    from proposals.querysets import ProposalQuerySet

_ROWS_A_CHUNK = 1_000
#: What stands in every cell that the reader must not see, or not see yet.
MASK = "（回避）"
UNSCORED = "（评分后显示）"


def proposal_sheet(rows: ProposalQuerySet) -> Sheet:
    """One row for each proposal; queries do not grow within a chunk of rows."""
    header = (
        "编号", "标题", "单位", "执笔人", "类别", "研讨主题", "发现的问题", "建议措施",
        "建议修改的条款", "来源意见数", "状态", "提交时间", "决定", "理由", "答复时间",
        "答复用时（天）",
    )  # fmt: skip
    widths = (10, 30, 20, 10, 10, 20, 40, 40, 24, 10, 10, 16, 10, 40, 16, 10)
    return Sheet("对策建议", header, _proposal_rows(rows), widths)


def _proposal_rows(rows: ProposalQuerySet) -> Iterator[tuple[Value, ...]]:
    read = rows.with_page_facts().with_opinion_count()
    for proposal in read.iterator(chunk_size=_ROWS_A_CHUNK):
        answered = proposal.merged_into or proposal
        decision = answered.decision if answered.status == Status.DECIDED else None
        yield (
            proposal.number,
            proposal.title,
            proposal.unit.name,
            proposal.author.name,
            proposal.get_kind_display(),
            proposal.theme.title,
            proposal.problem,
            proposal.measures,
            str(proposal.target_clause or proposal.target_document or ""),
            getattr(proposal, "opinion_count"),  # noqa: B009 - an annotation, unknown to types
            proposal.get_status_display(),
            proposal.submitted_at,
            decision.get_verdict_display() if decision else "",
            decision.reasons if decision else "",
            decision.published_at if decision else None,
            decision.days_taken if decision else None,
        )


def review_sheet(rows: ProposalQuerySet, campaign: Campaign, reader: User) -> Sheet:
    """Scores and verdicts, prepared ones included. Every row stays.

    Masked: all of it where the reader stays out (N11), and before their own scores are in.
    """
    header = (
        "编号", "标题", "单位", "状态", "应答复日期", "评分人", "评分人数", "加权平均",
        "拟定或公布的决定", "理由", "是否过会",
    )  # fmt: skip
    widths = (10, 30, 20, 10, 12, 20, 10, 10, 14, 40, 10)
    return Sheet("审议情况", header, _review_rows(rows, campaign, reader), widths)


def _review_rows(
    rows: ProposalQuerySet, campaign: Campaign, reader: User
) -> Iterator[tuple[Value, ...]]:
    rules = rules_of(campaign)
    read = rows.with_page_facts().with_conflict_of(reader)
    read = read.prefetch_related("reviews__reviewer")
    for proposal in read.iterator(chunk_size=_ROWS_A_CHUNK):
        yield (
            proposal.number,
            proposal.title,
            proposal.unit.name,
            proposal.get_status_display(),
            proposal.review_due_on,
            *_deliberation_cells(proposal, rules, reader),
        )


def _deliberation_cells(proposal: Proposal, rules: ReviewRules, reader: User) -> tuple[Value, ...]:
    reviews = list(proposal.reviews.all())
    is_independent_yet = not any(review.reviewer_id == reader.pk for review in reviews)
    waits = proposal.status == Status.SUBMITTED
    if conflict_of(reader, proposal) or (waits and is_independent_yet):
        return (MASK if conflict_of(reader, proposal) else UNSCORED,) * 6
    decision = getattr(proposal, "decision", None)
    scored = [review for review in reviews if not review.is_abstention]
    mean = weighted_mean(scored, rules)
    return (
        joined(review.reviewer.name for review in scored),
        len(scored),
        None if mean is None else round(mean, 2),
        decision.get_verdict_display() if decision else "",
        decision.reasons if decision else "",
        bool(decision and decision.looked_over_at),
    )


def package_sheets(contents: Contents) -> list[Sheet]:
    """The tables of a submission package, each on its own sheet."""
    return [
        Sheet(
            "征求意见汇总表",
            ("序号", "意见内容", "提出单位", "来源群体", "主题", "处理结果", "理由"),
            (
                (n, row.text, row.unit, row.group, row.theme, row.result, row.reason)
                for n, row in enumerate(contents.opinions, start=1)
            ),
            (6, 60, 20, 12, 16, 14, 40),
        ),
        Sheet(
            "问题清单",
            ("序号", "表现", "单位", "主题", "处理结果", "说明"),
            (
                (n, row.text, row.unit, row.theme, row.result, row.reason)
                for n, row in enumerate(contents.problems, start=1)
            ),
            (6, 60, 20, 16, 14, 40),
        ),
        Sheet(
            "对策建议",
            ("序号", "编号", "标题", "单位", "类别", "主题", "发现的问题", "建议措施", "状态"),
            (
                (
                    n, row.number, row.title, row.unit, row.kind, row.theme, row.problem,
                    row.measures, row.status,
                )
                for n, row in enumerate(contents.proposals, start=1)
            ),
            (6, 10, 30, 20, 10, 16, 40, 40, 10),
        ),
    ]  # fmt: skip
