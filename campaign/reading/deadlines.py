"""What is due when: 于10月15日前报送, 10月底前, 会后10个工作日内, 每月25日前."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from campaign.reading.lines import PlanText
from campaign.reading.proposal import Deadline, Found, found
from campaign.reading.tables import Table
from core.chinese_dates import DateContext, DateSpan, find_dates
from core.chinese_numerals import NUMERAL_CHARS

_BEFORE = re.compile(r"\s?(?:（[^（）]{1,10}）)?\s?(?:之前|以前|前(?!后|期|往|提|一|面|来|进|沿|言|述|景)|截止|为止|止(?!境))")
_DUE_LABEL = re.compile(
    r"(?:截止|截至|报送|提交|上报|申报|截稿|完成|报名|交稿|投稿|上交|反馈|材料报送|作品提交)(?:时间|日期|时限|期限)?(?:为|是|：|到|于|至)?\s?(?:（[^（）]{1,8}）)?$"
)
_SUBMIT = re.compile(r"报送|提交|上报|报至|交至|发送|发至|送交|报到|报党|报组|报宣|报校|上交|反馈至|汇总")
_ON = re.compile(r"(?:于|在|请|务必|须|截至|截止到?|定于)\s?$")
_NUMBER = f"[{NUMERAL_CHARS}]{{1,4}}"
_RELATIVE = tuple(
    re.compile(pattern)
    for pattern in (
        # 每月25日前, 每季度末, 每学期第一周
        rf"每(?:个)?(?:月|季度?|学期|年|周|学年|半年|半月)(?:的)?(?:{_NUMBER}[日号]|月?底|末|末月|上旬|中旬|下旬|初|最后一(?:个工作)?[日天周]|第{_NUMBER}周|周?[一二三四五六日]|结束)?(?:以前|之前|前(?!后)|底前|内|末)",
        rf"(?:次|下|当|翌)(?:月|季度|年|周|日)(?:{_NUMBER}[日号]|[初底末])?(?:以前|之前|前(?!后)|内)",
        # 会后10个工作日内, 活动结束后一周内, 收到通知之日起5日内
        rf"(?:[^，。；：（）\s“”]{{1,14}}?(?:结束|完成|召开|印发|下发|发布|举办|开展|收到|公示|立项|闭幕|学习|会议|会|之日)(?:之)?(?:后|起)|会后|活动后|课后|赛后|事后|收到[^，。；：（）]{{0,12}}?(?:后|起))"
        rf"的?[，]?\s?(?:第)?{_NUMBER}\s?(?:个)?(?:工作日|天|日|周|个?月|小时|学时)(?:之内|以内|内|前)?",
        # 提前5个工作日, 会前3天
        rf"(?:提前|至少提前)\s?{_NUMBER}\s?(?:个)?(?:工作日|天|日|周|小时)(?:以上)?",
        rf"(?:会|活动|开班|上课|举办|开会)前\s?{_NUMBER}\s?(?:个)?(?:工作日|天|日|周)",
        rf"(?:在|于)?\s?{_NUMBER}\s?个?工作日(?:之内|以内|内)",
        rf"(?:自|从)?(?:本)?(?:通知|方案|文件|意见)(?:印发|下发|发布|公布)之日起\s?{_NUMBER}\s?(?:个)?(?:工作日|日|天|周|个月)(?:之内|以内|内)",
        # 学期末, 放假前, 年底前 without a year is a date; these are not
        r"(?:本|每|下)?(?:学期|学年|期)(?:末|结束|初|开学初|中|期末)?前(?!后)",
        r"(?:寒假|暑假|放假|开学|离校|国庆节|五一|“七一”|七一|“五四”|教师节|元旦|春节|“十一”|校庆日?)(?:放假)?(?:之前|以前|前(?!后))",
        rf"(?:教学)?第\s?{_NUMBER}\s?(?:教学)?周(?:周[一二三四五六日])?(?:结束)?(?:之前|以前|前(?!后)|内|末)",
    )
)
_CLAUSE_BREAK = re.compile(r"[，。；！？\n]")
_STOP = re.compile(r"[。；！？\n]")
_SHORT_CLAUSE = 16
_LONGEST_TEXT = 90
_TABLE_DUE = ("完成时限", "时限", "完成时间", "截止", "时间节点", "节点", "报送时间", "提交时间")
_PAST = re.compile(r"(?:^|[，。；])[^，。；]{0,10}(?:已|曾)(?:于|在)?[^，。；]{0,4}$")


@dataclass(frozen=True, slots=True)
class _Due:
    start: int
    end: int
    due_on: date | None
    relative: str | None


def read_deadlines(
    plan: PlanText,
    tables: tuple[Table, ...],
    taken: list[tuple[int, int]],
    context: DateContext,
) -> tuple[Found[Deadline], ...]:
    """Deadlines in the plan's order; dates that label a phase (`taken`) are left out."""
    deadlines: dict[tuple[str, date | None, str | None], Found[Deadline]] = {}
    for due in sorted([*_in_sentences(plan, context), *_in_tables(plan, tables, context)], key=lambda due: due.start):
        if any(first < due.end and due.start < last for first, last in taken):
            continue
        first, last = _clause(plan, due)
        text = plan.text[first:last].strip("，。；：、 \n")
        key = (text, due.due_on, due.relative)
        deadlines.setdefault(key, found(plan, Deadline(text, due.due_on, due.relative), first, last))
    return tuple(deadlines.values())


def _in_sentences(plan: PlanText, context: DateContext) -> Iterator[_Due]:
    for sentence in plan.sentences:
        even = plan.even[sentence.start : sentence.end]
        relatives = list(_relatives(plan, sentence.start, even))
        yield from relatives
        for span in find_dates(sentence.text, context):
            start = sentence.start + span.start
            if any(due.start <= start < due.end for due in relatives):
                continue
            due = _dated(plan, sentence.start, even, span)
            if due:
                yield due


def _relatives(plan: PlanText, begin: int, even: str) -> Iterator[_Due]:
    if not re.search("内|前|末|每|提前|后", even):
        return
    places: list[tuple[int, int]] = []
    for pattern in _RELATIVE:
        for match in pattern.finditer(even):
            start, end = match.span()
            if any(first < end and start < last for first, last in places):
                continue
            places.append((start, end))
            words = "".join(plan.text[begin + start : begin + end].split())
            yield _Due(begin + start, begin + end, None, words)


def _dated(plan: PlanText, begin: int, even: str, span: DateSpan) -> _Due | None:
    start, end = begin + span.start, begin + span.end
    before = _BEFORE.match(even, span.end)
    lead = even[max(0, span.start - 12) : span.start]
    if _PAST.search(even[: span.start]):
        return None
    if before and not span.is_range:
        return _due(plan, start, begin + before.end(), span, plan.text[start : begin + before.end()])
    if _DUE_LABEL.search(lead):
        return _due(plan, start, end, span, plan.text[start:end])
    following = _STOP.split(even[span.end :])[0][:40]
    if span.is_day and _ON.search(lead) and _SUBMIT.search(following):
        return _due(plan, start, end, span, plan.text[start:end])
    return None


def _due(plan: PlanText, start: int, end: int, span: DateSpan, words: str) -> _Due:
    del plan
    return _Due(start, end, span.last, None if span.last else "".join(words.split()))


def _in_tables(plan: PlanText, tables: tuple[Table, ...], context: DateContext) -> Iterator[_Due]:
    """A column 完成时限: every date in it is due, with or without 前."""
    for table in tables:
        column = table.column(*_TABLE_DUE)
        if column is None:
            continue
        for row in table.rows:
            cell = row[column]
            for span in find_dates(cell.text, context)[:1]:
                before = _BEFORE.match(plan.even, cell.start + span.end)
                if before is None:  # with 前 it was already found in its sentence
                    yield _due(plan, cell.start + span.start, cell.start + span.end, span, cell.text)


def _clause(plan: PlanText, due: _Due) -> tuple[int, int]:
    """The clause around a deadline, with the next one when it would be a bare date."""
    sentence = plan.sentence_at(due.start)
    even = plan.even
    breaks = [
        match.start() for match in _CLAUSE_BREAK.finditer(even, sentence.start, due.start)
    ]
    first = breaks[-1] + 1 if breaks else sentence.start
    last = _end_of_clause(even, due.end, sentence.end)
    if due.end - first <= _SHORT_CLAUSE and last - due.end <= 4 and last < sentence.end:
        last = _end_of_clause(even, last + 1, sentence.end)
    if len(breaks) and due.start - first <= 2 and last - first < _SHORT_CLAUSE:
        first = breaks[-2] + 1 if len(breaks) > 1 else sentence.start
    if last - first > _LONGEST_TEXT:
        first = max(first, due.start - _LONGEST_TEXT // 2)
        last = min(last, due.end + _LONGEST_TEXT // 2)
    return first, last


def _end_of_clause(even: str, start: int, limit: int) -> int:
    match = _CLAUSE_BREAK.search(even, start, limit)
    return match.start() if match else limit
