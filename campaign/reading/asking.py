"""What units are asked for, put together from demands, quotas and deadlines of one sentence.

各学院提交报告1份（3000字以内），于10月31日前报教务处 is one demand with a number, a length and
a day, not three things.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from campaign.reading.proposal import Deadline, Found, PlanProposal, Quota
from campaign.reading.unit_kinds import unit_kinds_in
from core.chinese_dates import DateContext, read_date

_PAPER = re.compile("篇|论文|心得|体会|报告|材料|案例")
#: What is measured rather than handed in piece by piece: nobody owes 95 of it.
_MEASURED = frozenset(
    {"%", "个百分点", "学时", "课时", "小时", "分钟", "天", "周", "个月", "月", "日", "年"}
)
_WORDS = "字"
_LONGEST_TITLE = 60
_SHORT_HEADING = 24
_SHORT_SENTENCE = 40
_TITLES = re.compile("《[^《》]*》")
_DAY = re.compile(
    r"(?:[0-9〇一二三四五六七八九十]{4}年)?[0-9一二三四五六七八九十]{1,2}月[^，。；：、（）\s]{0,8}?"
    r"(?:之前|以前|前|止|底|截止)"
)
#: 于3月15日前报教务处 names a day and a place, and means what was asked for just before.
_ONLY_WHERE = re.compile(
    r"(?:[并请均统一]*于)?[0-9〇一二三四五六七八九十年]{0,5}[0-9一二三四五六七八九十]{1,2}月"
    r"[^，。；将把]{0,6}?前[统一]{0,2}(?:报|交|发|提交|上报)[^，。；将把]{0,20}"
)
_MARK = re.compile(r"^[（(]?[0-9一二三四五六七八九十]{1,3}[）).、．]\s*")


@dataclass
class _Asked:
    """One demand as it grows; [start, end) is where the plan speaks of it."""

    entry: dict[str, Any]
    start: int
    end: int
    is_counted: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    def touches(self, other: Found[Any]) -> bool:
        return self.start < other.end and other.start < self.end


def what_is_asked(proposal: PlanProposal) -> list[dict[str, Any]]:
    """Entries of the definition, in the plan's order within demands, quotas and deadlines.

    A deadline that no unit is told of (召开全校大会) asks nobody and makes no demand.
    """
    asked: dict[int, list[_Asked]] = defaultdict(list)
    for item in proposal.demands:
        demand = item.value
        entry = {"kind": demand.kind, "unit_kinds": list(demand.unit_kinds), "text": demand.text}
        asked[item.source.start].append(_Asked(entry, item.start, item.end))
    lengths = []
    for quota in proposal.quotas:
        if quota.value.measure_word == _WORDS:
            lengths.append(quota)
        else:
            asked[quota.source.start].append(_counted(proposal.text, quota))
    for deadline in proposal.deadlines:
        _put_day(proposal.text, asked[deadline.source.start], deadline)
    for quota in lengths:
        _put_length(asked[quota.source.start], quota)
    rows = [row for group in asked.values() for row in group]
    return [row.entry | row.more for row in rows]


def _counted(text: str, item: Found[Quota]) -> _Asked:
    quota = item.value
    is_owed = quota.least is not None and quota.measure_word not in _MEASURED
    entry = {
        "kind": _kind_of(quota),
        "unit_kinds": list(unit_kinds_in(quota.unit or "")) if is_owed else [],
        "text": quota.text,
        "title": _title(text, item, quota.text),
        "measure_word": quota.measure_word,
    }
    said = {"min": quota.least if is_owed else None, "max": quota.most if is_owed else None}
    more = {name: value for name, value in said.items() if value is not None}
    return _Asked(entry, item.start, item.end, is_counted=True, more=more)


def _kind_of(quota: Quota) -> str:
    words = _TITLES.sub("", quota.text)
    if "对策建议" in words:
        return "proposal"
    if quota.measure_word in {"次", "场", "场次", "期", "讲", "堂"}:
        return "activity"
    if quota.measure_word == "条" or "意见" in words or "金点子" in words:
        return "opinion"
    return "outcome_paper" if _PAPER.search(words) else "other"


def _title(text: str, item: Found[Any], words: str) -> str:
    """The wording, behind the short heading its line begins with: 专题研讨：每个党总支不少于4次."""
    line_start = text.rfind("\n", 0, item.start) + 1
    heading = _MARK.sub("", text[line_start : item.start]).split("。")[0]
    is_heading = 0 < len(heading) <= _SHORT_HEADING and not re.search("[，：；]", heading)
    words = _MARK.sub("", words)
    title = f"{heading}：{words}" if is_heading else words
    title = "".join(title.split())
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"


def _put_day(text: str, group: list[_Asked], item: Found[Deadline]) -> None:
    """The day of demands of the same words; else of what comes before; else a demand anew."""
    due = item.value
    day = {"due_on": due.due_on, "due_text": _due_text(text, item)}
    day = {name: value for name, value in day.items() if value}
    open_rows = [row for row in group if "due_text" not in row.more]
    beside = [row for row in open_rows if row.touches(item)]
    beside = beside or [row for row in open_rows if not row.is_counted]
    if not beside and _ONLY_WHERE.fullmatch(due.text):
        beside = [row for row in open_rows if row.entry["kind"] in {"outcome_paper", "other"}]
    if beside:
        for row in beside:
            row.more |= day
        return
    kinds = unit_kinds_in(due.text) or unit_kinds_in(_subject(item))
    if kinds:
        is_short = len(item.source.sentence) <= _SHORT_SENTENCE
        title = _title(text, item, item.source.sentence.rstrip("。；") if is_short else due.text)
        entry = {"kind": "report", "unit_kinds": list(kinds), "text": due.text, "title": title}
        group.append(_Asked(entry, item.start, item.end, more=day))


def _subject(item: Found[Deadline]) -> str:
    """The beginning of the sentence, where it says who is to do it."""
    return re.split("[，：；]", item.source.sentence)[0]


def _due_text(text: str, item: Found[Deadline]) -> str:
    """The plan's own words for the time."""
    if item.value.relative:
        return item.value.relative
    due_on = item.value.due_on
    for match in _DAY.finditer(text, item.start, item.end):
        span = read_date(match[0], DateContext(year=due_on.year if due_on else None))
        if span and span.last == due_on:
            return match[0]
    return ""


def _put_length(group: list[_Asked], item: Found[Quota]) -> None:
    """不超过2000字 speaks of what the same words ask for, else of what was last named before."""
    touching = [row for row in group if row.touches(item)]
    before = [row for row in group if row.start < item.start]
    if group:
        least, most = item.value.least, item.value.most
        if least is not None and least == most:  # 3000字左右 is not 3000 to the letter
            least, most = least * 4 // 5, least * 6 // 5
        said = {"words_min": least, "words_max": most}
        row = (touching or before[-1:] or group)[0]
        row.more |= {name: value for name, value in said.items() if value is not None}
