"""The minutes of a meeting of the plan group as a report: what it looked over on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from core.chinese_text import chinese_date, counted
from core.local_time import local_day
from proposals.meeting import items_for
from proposals.models import Decision
from proposals.permissions import is_in_plan_group
from proposals.sheets import MASK
from reports.paper import Paper, Section, Subheading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from proposals.meeting import Item
    from proposals.models import ClauseRevision
    from reports.dossier import Wish
    from reports.paper import Block


@dataclass(frozen=True)
class Minute:
    """One proposal of the meeting; of a masked one nothing but its title and number is known."""

    title: str
    number: str
    lines: tuple[str, ...]
    is_masked: bool


@dataclass(frozen=True)
class MinutesFacts:
    on: date
    minutes: tuple[Minute, ...]
    as_of_at: datetime


def may_have_minutes(user: User, wish: Wish) -> bool:
    return is_in_plan_group(user, wish.campaign)


def minutes_facts(wish: Wish, now: datetime, _lists: frozenset[str]) -> MinutesFacts:
    """As the page shows them to the reader; what that reader stays out of is masked (N11).

    Raises ValueError without a reader.
    """
    if wish.reader is None:
        raise ValueError("minutes are made for a reader")
    on = wish.as_of or local_day(now)
    rows = Decision.objects.looked_over_on(on).filter(proposal__campaign=wish.campaign)
    items = items_for(rows, wish.campaign, wish.reader)
    return MinutesFacts(on, tuple(map(_minute, items)), now)


def _minute(item: Item) -> Minute:
    proposal = item.decision.proposal
    lines = () if item.is_masked else tuple(_lines(item))
    return Minute(proposal.title, proposal.number, lines, item.is_masked)


def _lines(item: Item) -> Iterable[str]:
    decision = item.decision
    mean = f"加权平均{item.mean:.1f}分。" if item.mean is not None else ""
    yield f"提出单位：{decision.proposal.unit.name}。{mean}"
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


def compose_minutes(facts: MinutesFacts) -> Paper:
    blocks = [block for minute in facts.minutes for block in _blocks(minute)]
    return Paper(
        title=("“双高计划”工作组", "会议纪要"),
        subtitle=chinese_date(facts.on),
        sections=(
            Section("", (f"会议审议对策建议{counted(len(facts.minutes), '件')}。",)),
            Section("审议事项", tuple(blocks) or ("这一天没有过会的决定。",)),
        ),
        signed_by="“双高计划”工作组",
        signed_on=facts.on,
    )


def _blocks(minute: Minute) -> Iterable[Block]:
    yield Subheading(f"{minute.title}（{minute.number}）")
    yield from (MASK,) if minute.is_masked else minute.lines
