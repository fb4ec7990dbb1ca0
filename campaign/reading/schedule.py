"""When a part of the plan takes place: the date in its heading, or the one it opens with."""

import re
from dataclasses import dataclass, replace
from datetime import date

from campaign.reading.dates import PlanDates
from campaign.reading.lines import PlanText
from campaign.reading.outline import Section
from core.chinese_dates import DateSpan

_BRACKETS = re.compile(r"[（【]([^（）【】]{2,40})[）】]")
_TIME_WORDS = re.compile(
    r"(?:(?:具体|活动|实施|开展|完成|起止|举办|学习|集中|总体|研讨|征集|主要|拟定?)?"
    r"(?:时间|日期)(?:安排|节点|范围|为|是|定为|拟定于)?[：]?|从|自|于|在|拟于|定于|计划于?|计划在|[，、：\s—])"
)
_TIME_LINE = re.compile(
    r"(?:^|\n)(?:[（]?[0-9一二三四五]{1,2}[）.、]{1,2}\s?)?"
    r"(?:具体|活动|实施|开展|起止|举办|学习|总体|研讨|征集|比赛|培训|展示|评选|集中)?"
    r"(?:时间|日期)(?:安排)?[：\s]\s{0,2}"
)
_BEFORE = re.compile(r"\s?(?:（[^（）]{1,8}）)?\s?(?:之前|以前|前(?!后)|止|为止|截止)")
_ONWARDS = re.compile(r"(?:起|以后|之后)(?![草源点步止动]|，?(?:至|到|—))")
_WITHOUT_DATE = re.compile(
    r"长期|持续|常态|全程|贯穿|另行通知|待定|[0-9一二三四五六七八九十Xx×几数]{1,4}\s?(?:天|周|个?月|日|学期|年)"
)
_HISTORY = re.compile("习近平|总书记|讲话|中共中央|国务院")
_PARTED = "：，、 —（）【】:至前于从在"
_OPEN_END = re.compile("[—至到-]{1,2}.")
_OPENING = 60
_LEAD = 3


@dataclass(frozen=True, slots=True)
class Period:
    """A label as printed and what it resolves to.

    `is_due` when only an end is given (…前), `is_open` when only a beginning is (…起).
    """

    label: str
    starts_on: date | None
    ends_on: date | None
    start: int
    end: int
    is_due: bool = False
    is_open: bool = False
    has_year: bool = False


def period_of(plan: PlanText, section: Section, dates: PlanDates) -> Period | None:
    """The period a section names, or None: in its heading, its opening, or a 时间： line."""
    return (
        _in_heading(plan, section, dates)
        or _in_opening(plan, section, dates)
        or _in_time_line(plan, section, dates)
    )


def as_period(plan: PlanText, span: DateSpan) -> Period:
    """`span` as a period; 3月10日前 has no start."""
    start, end = span.start, span.end
    before = _BEFORE.match(plan.even, end)
    onwards = None if before or span.is_range else _ONWARDS.match(plan.even, end)
    after = before or onwards
    label = span.label + ("".join(after[0].split()) if after else "")
    is_due = before is not None and not span.is_range
    return Period(
        label=label,
        starts_on=None if is_due else span.first,
        ends_on=None if onwards else span.last,
        start=start,
        end=after.end() if after else end,
        is_due=is_due,
        is_open=onwards is not None,
        has_year=span.has_year,
    )


def opening_period(plan: PlanText, start: int, end: int, dates: PlanDates) -> Period | None:
    """The date a passage begins with, after at most a few words such as 时间： or 从."""
    stop = min(end, start + 2 * _OPENING)
    span = dates.first_between(start, stop)
    if span is None or span.start - start > _OPENING // 2:
        return None
    lead = plan.even[start : span.start].strip("（ \n")
    return None if _TIME_WORDS.sub("", lead).strip() else as_period(plan, span)


def _in_heading(plan: PlanText, section: Section, dates: PlanDates) -> Period | None:
    title = plan.even[section.title_start : section.title_end]
    offset = section.title_start
    spans = dates.between(offset, section.title_end)
    for match in _BRACKETS.finditer(title):
        for span in spans:
            if match.start(1) <= span.start - offset < match.end(1):
                period = as_period(plan, span)
                covered = min(period.end, offset + match.end(1)) - span.start
                rest = plan.even[period.end : offset + match.end(1)].strip()
                if _OPEN_END.match(rest):
                    label = "".join(plan.text[period.start : offset + match.end(1)].split())
                    return replace(period, label=label, ends_on=None)
                if 2 * covered >= len(match[1]) or section.kind == "ordinal":
                    return period
        if _WITHOUT_DATE.search(match[1]) and not spans:
            first, last = (offset + place for place in match.span(1))
            return Period("".join(plan.text[first:last].split()), None, None, first, last)
    for span in spans:
        first, last = span.start - offset, span.end - offset
        leads = first <= _LEAD and (not title[last:] or title[last] in _PARTED)
        closes = last >= len(title) - _LEAD and (not first or title[first - 1] in _PARTED)
        if (leads or closes or "时间" in title) and not _HISTORY.search(title):
            return as_period(plan, span)
    return None


def _in_opening(plan: PlanText, section: Section, dates: PlanDates) -> Period | None:
    start, end = section.body_start, section.body_end
    while start < end and plan.even[start] in "\n ":
        start += 1
    period = opening_period(plan, start, end, dates)
    if period:
        return period
    sentence = plan.even[start : min(end, start + 3 * _OPENING)]
    stop = re.search("[。\n]", sentence)
    if stop:
        sentence = sentence[: stop.start()]
    for span in dates.between(start, start + len(sentence)):
        lead = plan.even[max(start, span.start - 8) : span.start]
        if (span.is_range or span.first is None) and re.search(
            "(?:时间|从|自|于|为|在|：|，|（)$", lead
        ):
            return as_period(plan, span)
    return None


def _in_time_line(plan: PlanText, section: Section, dates: PlanDates) -> Period | None:
    """时间：3月1日 on a line of its own, in the section or as a subsection of it."""
    for match in _TIME_LINE.finditer(plan.even, section.body_start, section.end):
        period = opening_period(plan, match.end(), min(section.end, match.end() + 80), dates)
        if period:
            return period
    return None
