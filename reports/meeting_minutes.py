"""The minutes of a meeting of the plan group as a paper: what it looked over on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.chinese_text import chinese_date, counted
from proposals.sheets import MASK
from reports.paper import Paper, Section, Subheading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from proposals.models import ClauseRevision
    from proposals.views.table import Item
    from reports.paper import Block


def meeting_paper(items: Sequence[Item], on: date) -> Paper:
    """As the page shows them to one reader; what that reader stays out of is masked (N11)."""
    blocks = [block for item in items for block in _blocks(item)]
    return Paper(
        title=("“双高计划”工作组", "会议纪要"),
        subtitle=chinese_date(on),
        sections=(
            Section("", (f"会议审议对策建议{counted(len(items), '件')}。",)),
            Section("审议事项", tuple(blocks) or ("这一天没有过会的决定。",)),
        ),
        pictures=(),
        tables=(),
        signed_by="“双高计划”工作组",
        signed_on=on,
    )


def _blocks(item: Item) -> Iterable[Block]:
    decision, proposal = item.decision, item.decision.proposal
    yield Subheading(f"{proposal.title}（{proposal.number}）")
    if item.is_masked:
        yield MASK
        return
    mean = f"加权平均{item.mean:.1f}分。" if item.mean is not None else ""
    yield f"提出单位：{proposal.unit.name}。{mean}"
    referred = f"，转{decision.referred_to.name}办理" if decision.referred_to else ""
    yield f"会议决定：{decision.get_verdict_display()}{referred}。"
    yield f"理由：{decision.reasons}"
    for revision in item.revisions:
        yield from _revision(revision)


def _revision(revision: ClauseRevision) -> Iterable[str]:
    if revision.clause is None:
        yield f"不改条文的理由：{revision.no_change_reason}"
        return
    yield f"修订条款：《{revision.clause.document.title}》{revision.clause}"
    if revision.base_text:
        yield f"原条文：{revision.base_text}"
    yield f"修订后条文：{revision.new_text}"
