"""What was read, in Chinese, each finding beside its sentence, for a person to check."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from campaign.reading.proposal import Deadline, Found, Phase, PlanProposal, Quota

_LONGEST_QUOTATION = 60


def summary(proposal: PlanProposal) -> str:
    """Sections in a fixed order; an empty one says 未提及, so that nothing is silently missing."""
    return "\n".join(_lines(proposal)) + "\n"


def _lines(proposal: PlanProposal) -> Iterator[str]:
    head = proposal.head
    yield from _single("标题", head.title)
    yield from _single("文号", head.doc_number)
    yield from _single("发文机关", head.issuer)
    yield from _single("主送", head.recipients)
    yield from _single("年份", head.year)
    yield from _single("目标", proposal.goal)
    yield from _several("阶段", proposal.phases, _phase)
    yield from _several("研讨主题", proposal.themes, str)
    yield from _several("学习文件", proposal.study_documents, lambda title: f"《{title}》")
    yield from _several("任务量", proposal.quotas, _quota)
    yield from _several("时限", proposal.deadlines, _deadline)
    yield from _several("应做事项", proposal.demands, lambda demand: demand.text)
    yield from _several(
        "建设目标",
        proposal.targets,
        lambda target: f"{target.level}{target.subject} {target.count} 个",
    )
    yield from _several("结合的工作", proposal.linked_works, str)
    yield from _several("保障措施", proposal.safeguards, str)
    yield "【未能理解，请人工核对】"
    if not proposal.not_understood:
        yield "  无"
    for source in proposal.not_understood:
        yield f"  · {source.sentence}"


def _single(name: str, item: Found[Any] | None) -> Iterator[str]:
    yield f"【{name}】{item.value if item else '未提及'}"
    if item:
        yield _quotation(item)


def _several(name: str, items: tuple[Found[Any], ...], show: Any) -> Iterator[str]:
    yield f"【{name}】" + (f"{len(items)} 项" if items else "未提及")
    for number, item in enumerate(items, 1):
        yield f"  {number}. {show(item.value)}"
        yield _quotation(item)


def _quotation(item: Found[Any]) -> str:
    words = item.source.sentence
    if len(words) > _LONGEST_QUOTATION:
        words = f"{words[:_LONGEST_QUOTATION]}……"
    return f"      原文：{words}"


def _phase(phase: Phase) -> str:
    departments = "、".join(phase.departments) or "未提及责任部门"
    dates = f"{_day(phase.starts_on)}至{_day(phase.ends_on)}"
    return f"{phase.name}（{phase.label or '未提及时间'}，即{dates}）{departments}"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "未定"


def _quota(quota: Quota) -> str:
    least = f"至少 {quota.least}" if quota.least is not None else ""
    most = f"至多 {quota.most}" if quota.most is not None else ""
    amount = f"正好 {quota.least}" if quota.least == quota.most else f"{least} {most}".strip()
    return f"{quota.unit or '未指明单位'}：{amount} {quota.measure_word}（{quota.text}）"


def _deadline(deadline: Deadline) -> str:
    when = _day(deadline.due_on) if deadline.due_on else deadline.relative
    return f"{when}：{deadline.text}"
