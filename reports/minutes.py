"""The minutes of one activity as a paper: what was recorded, in the order minutes are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.chinese_text import chinese_date
from reports.paper import Paper, Section
from seminars.choices import AWAY, ActivityStatus
from seminars.sheets import sheet_of
from seminars.wording import Fact, attendance, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from seminars.models import Activity, Opinion

#: What gets a heading of its own, in order.
_PASSAGES = ("agenda", "content", "decisions", "takeaway")
#: Said otherwise: in the title, in one sentence, or as the signature.
_TOLD = {*_PASSAGES, "kind", "recorder", "held_on", "starts_at", "ends_at"}
_COUNTS = {"expected", "present", *AWAY, "sitting_in"}


def minutes_of(activity: Activity) -> Paper:
    """The paper of a record, with its opinions; raises ValueError for a draft."""
    if activity.status != ActivityStatus.LOGGED:
        raise ValueError(f"activity {activity.pk} is a draft")
    facts = {fact.name: fact for fact in facts_of(sheet_of(activity)) if fact.text}
    opinions = activity.opinions.select_related("audience_group").order_by("pk")
    return Paper(
        title=(f"{activity.get_kind_display()}记录",),
        subtitle=f"{activity.unit.short_name}，{chinese_date(activity.held_on)}",
        sections=tuple(_sections(activity, facts, opinions)),
        pictures=(),
        tables=(),
        signed_by=f"记录人：{activity.recorder or activity.created_by.name}",
        signed_on=activity.held_on,
    )


def _sections(
    activity: Activity, facts: Mapping[str, Fact], opinions: Iterable[Opinion]
) -> Iterable[Section]:
    yield Section("基本情况", tuple(_particulars(activity, facts)))
    for name in _PASSAGES:
        if fact := facts.get(name):
            yield Section(fact.label, tuple(filter(None, map(str.strip, fact.text.splitlines()))))
    if said := tuple(_said(number, each) for number, each in enumerate(opinions, start=1)):
        yield Section(f"提出的意见（{len(said)}条）", said)


def _particulars(activity: Activity, facts: Mapping[str, Fact]) -> Iterable[str]:
    sentence = attendance(activity)
    left_out = _TOLD | _COUNTS if sentence else _TOLD
    for name in ("title", "unit"):
        yield f"{facts[name].label}：{facts[name].text}"
    yield f"时间：{_time(activity)}"
    if sentence:
        yield f"出席：{sentence}"
    for name, fact in facts.items():
        if name not in left_out and name not in {"title", "unit"}:
            yield f"{fact.label}：{fact.text}"


def _time(activity: Activity) -> str:
    day = chinese_date(activity.held_on)
    if activity.starts_at is None:
        return day
    ends = f"—{activity.ends_at:%H:%M}" if activity.ends_at else ""
    return f"{day}{activity.starts_at:%H:%M}{ends}"


def _said(number: int, opinion: Opinion) -> str:
    group = f"（{opinion.audience_group.name}）" if opinion.audience_group else ""
    return f"{number}. {opinion.text}{group}"
