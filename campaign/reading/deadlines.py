"""What is due when: 于10月15日前报送, 10月底前, 会后10个工作日内, 每月25日前."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from campaign.reading.dates import PlanDates
from campaign.reading.lines import PlanText, Sentence
from campaign.reading.passages import past_heading, trimmed
from campaign.reading.places import Places
from campaign.reading.proposal import Deadline, Found, found
from campaign.reading.tables import Table
from core.chinese_dates import DateContext, DateSpan, read_date
from core.chinese_numerals import NUMERAL_CHARS

_BEFORE = re.compile(
    r"(?:下班|上班|中午)?\s?(?:（[^（）]{1,10}）)?\s?(?:之前|以前|前(?!后|期|往|提(?![交出供报升])|一|面|来|进|沿|言|述|景)|截止|为止|止(?!境))"
)
_DUE_LABEL = re.compile(
    r"(?:截止|截至|报送|提交|上报|申报|截稿|完成|报名|交稿|投稿|上交|反馈|材料报送|作品提交)(?:时间|日期|时限|期限)?(?:为|是|：|到|于|至)?\s?(?:（[^（）]{1,8}）)?$"
)
_SUBMIT = re.compile(
    r"报送|提交|上报|报至|交至|发送|发至|送交|报到|报党|报组|报宣|报校|上交|反馈至|汇总"
)
_AT_LATEST = re.compile("(?:最迟|最晚|不迟于|不晚于)(?:于|在)?$")
_DONE = re.compile("(?:内|底)?(?:分别|统一|集中)?(?:完成|办结|报送|提交|上报)")
#: 10月31日，成果提交截止
_CLOSES = re.compile("，?[^，。；]{0,10}截止(?:$|[，。；])")
_HANDED_IN = re.compile("(?:期间|内)?(?:集中)?(?:报送|提交|上报)")
_ON = re.compile(r"(?:于|在|请|务必|须|截至|截止到?|定于)\s?$")
_NUMBER = rf"[{NUMERAL_CHARS}]{{1,4}}"
_CLOCK = "(?:上午|下午|中午|晚上?)?(?:[0-9]{1,2}[:：点时][0-9]{0,2}分?)?(?:下班|放学|上班)?"
_BY = f"{_CLOCK}(?:之前|以前|前(?!后))"
_WITHIN = "(?:之内|以内|内)"
_TERM = rf"(?:第)?{_NUMBER}\s?(?:个)?(?:工作日|天|日|周|个?月|小时)"
_PERIOD = "每(?:个)?(?:半月|半年|学期|学年|季度?|月|周|年)"
_DAY_OF_PERIOD = (
    rf"(?:{_NUMBER}[日号]|月?底|末月|末|[上中下]旬|初|最后一(?:个工作)?[日天周]|第{_NUMBER}周"
    "|周?[一二三四五六日]|结束)"
)
_EVENT_OVER = (
    "(?:结束|完成|交办|反馈|受理|验收|启动|召开|印发|下发|发布|公布|举办|开展|公示|立项|闭幕|开学|放假|学习|会议|会|收到|之日)"
    "(?:之)?(?:后|起)"
)
_HOLIDAY = (
    "(?:(?:寒假|暑假|学期)?(?:开学|放假)|寒假|暑假|离校|国庆节?|五一|“?七一”?|“?五四”?"
    "|教师节|元旦|春节|“十一”|校庆日?)"
)
_AFTER = (
    rf"(?:[^，。；：（）、\s“”]{{0,14}}?{_EVENT_OVER}|[会课赛事]后|活动后"
    "|收到[^，。；：（）]{0,12}?[后起])"
)
_RELATIVE = tuple(
    re.compile(pattern)
    for pattern in (
        # 每月25日前, 每季度末
        rf"{_PERIOD}(?:的)?(?:{_DAY_OF_PERIOD}的?){{0,2}}(?:{_BY}|底前|{_WITHIN}|末)",
        # 每年12月15日前
        rf"每(?:学)?年(?:的)?{_NUMBER}月(?:{_NUMBER}[日号]|[初底末]|[上中下]旬)?{_BY}",
        # 次月5日前
        rf"(?:次|下|当|翌)(?:月|季度|年|周|日)(?:{_NUMBER}[日号]|[初底末])?(?:{_BY}|{_WITHIN})",
        # 自反馈之日起20个工作日内
        rf"[自从][^，。；：（）]{{2,14}}?之日起?，?\s?{_TERM}(?:{_WITHIN}|前)?",
        # 会后10个工作日内, 活动结束后一周内, 收到通知之日起5日内
        rf"{_AFTER}的?，?\s?{_TERM}(?:{_WITHIN}|前)?",
        # 提前5个工作日, 会前3天, 10个工作日内
        rf"(?:至少)?提前\s?{_TERM}(?:以上)?",
        rf"(?:会议?|活动|开班|上课|举办|学习|培训|考试|开课|召开|比赛|研讨)前\s?{_TERM}",
        rf"(?:在|于)?\s?{_NUMBER}\s?个?工作日{_WITHIN}",
        # 新学期开学两周内
        rf"(?:新?学期)?(?:开学|放假)(?:之?后)?(?:的)?\s?{_TERM}{_WITHIN}",
        # 学期末前, 放假前, 第8周前: moments a calendar alone cannot place
        rf"(?:本|每|下)?(?:学期|学年|期)(?:开学初|结束|中期|末|初|中)?{_BY}",
        rf"{_HOLIDAY}(?:放假)?{_BY}",
        rf"(?:教学)?第\s?{_NUMBER}\s?(?:教学)?周(?:周?[一二三四五六日])?(?:结束)?(?:{_BY}|{_WITHIN}|末)",
    )
)
#: What may stand before 会后 or 活动结束后 without being part of the label.
_LEAD_WORDS = re.compile(r"^.{0,14}(?:[于在请须应将由并]|务必)(?=.+[后起])")
_LEADING = re.compile("^(?:[0-9]{1,2}[.、])?[在于]?")
_STOP = re.compile(r"[。；！？\n]")
_TRAILING = 4
#: Plans are issued after their first days have passed, but not this long after.
_LATE_ISSUE_DAYS = 45
_AND = frozenset("、和及")
_EMPTY_ENDS = frozenset({"", "内", "止", "之前"})
_LEAD = 16
_LONGEST_TEXT = 90
_LONGEST_TASK = 40
_TASK_LABEL = re.compile("(?:完成|办结)?(?:时间|时限|期限)：$")
_TABLE_DUE = ("完成时限", "时限", "完成时间", "截止", "时间节点", "节点", "报送时间", "提交时间")
_TASK_COLUMNS = ("任务", "工作内容", "内容", "事项", "工作", "活动", "项目", "材料", "举措", "措施")
_PLANNED = re.compile("(?:定|拟|计划)[于在]?$")
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
    taken: Places,
    dates: PlanDates,
    begins_on: date | None,
) -> tuple[Found[Deadline], ...]:
    """Deadlines in the plan's order; dates that label a phase (`taken`) are left out.

    `begins_on` is the campaign's first day, where the plan tells one: nothing is due long before.
    """
    context = replace(dates.context, issued_on=dates.context.issued_on or begins_on)
    deadlines: dict[tuple[str, date | None, str | None], Found[Deadline]] = {}
    rows = _tasks_of_rows(tables, dates)
    for due in sorted(
        [*_in_sentences(plan, dates, context), *_in_tables(plan, tables, dates, context)],
        key=lambda due: due.start,
    ):
        if taken.touch(due.start, due.end):
            continue
        first, last = rows.get(due.start) or _task(plan, due) or _clause(plan, due)
        text = plan.text[first:last]
        key = (text, due.due_on, due.relative)
        value = Deadline(text, due.due_on, due.relative)
        place = min(first, due.start), max(last, due.end)
        deadlines.setdefault(key, found(plan, value, *place))
    return tuple(deadlines.values())


def _in_sentences(plan: PlanText, dates: PlanDates, context: DateContext) -> Iterator[_Due]:
    for sentence in plan.sentences:
        even = plan.even[sentence.start : sentence.end]
        relatives = list(_relatives(plan, sentence.start, even))
        yield from relatives
        known = Places((due.start, due.end) for due in relatives)
        following: _Due | None = None
        for span in reversed(dates.between(sentence.start, sentence.end)):
            if known.touch(span.start, span.end):
                continue
            due = _dated(plan, sentence, span, context)
            if due is None and following and span.is_day:  # 3月25日、6月5日、10月10日前
                is_listed = plan.even[span.end : following.start].strip() in _AND
                due = _due(plan, span, span.end, context) if is_listed else None
            following = due
            if due:
                yield due


def _relatives(plan: PlanText, begin: int, even: str) -> Iterator[_Due]:
    if not re.search("内|前|末|每|提前|后", even):
        return
    taken = bytearray(len(even))
    for pattern in _RELATIVE:
        for match in pattern.finditer(even):
            start, end = match.span()
            if any(taken[start:end]) or _PLANNED.search(even[max(0, start - 3) : start]):
                continue
            taken[start:end] = b"\1" * (end - start)
            words = "".join(plan.text[begin + start : begin + end].split())
            words = _LEADING.sub("", _LEAD_WORDS.sub("", words))
            yield _Due(begin + start, begin + end, None, words)


def _dated(plan: PlanText, sentence: Sentence, span: DateSpan, context: DateContext) -> _Due | None:
    even = plan.even
    lead = even[max(sentence.start, span.start - _LEAD) : span.start]
    if _PAST.search(lead):
        return None
    before = _BEFORE.match(even, span.end, sentence.end)
    if before and not span.is_range:
        return _due(plan, span, before.end(), context)
    if _DUE_LABEL.search(lead) or _AT_LATEST.search(lead):
        return _due(plan, span, span.end, context)
    following = _STOP.split(even[span.end : min(span.end + 40, sentence.end)])[0]
    is_handed_in = span.is_day and _ON.search(lead) and _SUBMIT.search(following)
    is_handed_in = is_handed_in or (span.is_day and _CLOSES.match(following))
    if is_handed_in or (_DONE if not span.is_range else _HANDED_IN).match(following):
        return _due(plan, span, span.end, context)
    return None


def _due(plan: PlanText, span: DateSpan, end: int, context: DateContext) -> _Due:
    words = "".join(plan.text[span.start : end].split())
    return _Due(span.start, end, _not_past(span, context), None if span.last else words)


def _not_past(span: DateSpan, context: DateContext) -> date | None:
    """The due day; one without a year that lies long before the issue date is next year's."""
    if span.last is None or span.has_year or context.issued_on is None or context.year is None:
        return span.last
    if (context.issued_on - span.last).days <= _LATE_ISSUE_DAYS:
        return span.last
    later = read_date(span.label, replace(context, year=span.last.year + 1))
    return later.last if later else span.last


def _in_tables(
    plan: PlanText, tables: tuple[Table, ...], dates: PlanDates, context: DateContext
) -> Iterator[_Due]:
    """A column 完成时限: every date in it is due, with or without 前."""
    for table in tables:
        column = table.column(*_TABLE_DUE)
        if column is None:
            continue
        for row in table.rows:
            cell = row[column]
            span = dates.first_between(cell.start, cell.end)
            if span and not _BEFORE.match(plan.even, span.end):  # with 前 it is found already
                yield _due(plan, span, span.end, context)


def _tasks_of_rows(tables: tuple[Table, ...], dates: PlanDates) -> dict[int, tuple[int, int]]:
    """For each date in a table, by where it begins: the cell that says what is to be done."""
    tasks = {}
    for table in tables:
        column = table.column(*_TASK_COLUMNS)
        if column is None:
            continue
        for row in table.rows:
            task = row[column]
            for cell in row:
                for span in dates.between(cell.start, cell.end) if cell is not task else ():
                    if task.text:
                        tasks[span.start] = (task.start, task.end)
    return tasks


def _task(plan: PlanText, due: _Due) -> tuple[int, int] | None:
    """What （9月底前） or （完成时间：9月底前） behind a paragraph speaks of: how it begins."""
    is_labelled = _TASK_LABEL.search(plan.even, max(0, due.start - _LEAD), due.start)
    is_bracketed = plan.even[due.start - 1 : due.start] + plan.even[due.end : due.end + 1] == "（）"
    if not (is_labelled or is_bracketed):
        return None
    line_start = plan.even.rfind("\n", 0, due.start) + 1
    sentence = plan.sentence_at(line_start)
    first, last = trimmed(plan, line_start, min(sentence.end, due.start))
    return (first, last) if first < last <= first + _LONGEST_TASK else None


def _clause(plan: PlanText, due: _Due) -> tuple[int, int]:
    """The clause around a deadline, with a neighbour when it would be little but a date."""
    sentence = plan.sentence_at(due.start)
    breaks = [sentence.start - 1, *plan.clause_breaks(sentence), sentence.end]
    before = max(n for n, place in enumerate(breaks) if place < due.start)
    after = next((n for n, place in enumerate(breaks) if place >= due.end), len(breaks) - 1)
    first = past_heading(plan, breaks[before] + 1, due.start)
    says_nothing = breaks[after] - due.end <= _TRAILING
    is_bare = says_nothing and due.start - first <= _TRAILING
    says_nothing = says_nothing and plan.even[due.end : breaks[after]].strip() in _EMPTY_ENDS
    if (is_bare or says_nothing) and after + 1 < len(breaks):
        after += 1
    elif is_bare and before > 0:
        first = breaks[before - 1] + 1
    last = breaks[after]
    line_start = plan.even.rfind("\n", 0, first) + 1
    if last - first <= due.end - due.start + _TRAILING and due.start - line_start <= _LONGEST_TASK:
        first = line_start  # 讲一堂党课。6月底前。
    if last - first > _LONGEST_TEXT:
        first = max(first, due.start - _LONGEST_TEXT // 2)
        last = min(last, due.end + _LONGEST_TEXT // 2)
    return trimmed(plan, first, last)
