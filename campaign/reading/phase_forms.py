"""Schedules that no heading carries: tables, running text, lines, one period for everything."""

import re
from collections.abc import Iterator

from campaign.reading.dates import PlanDates
from campaign.reading.drafts import (
    LONGEST_NAME,
    NAME_EDGE,
    ORDINAL,
    OVERALL,
    SCHEDULE,
    SEVERAL,
    Draft,
    without_period,
)
from campaign.reading.lines import PlanText
from campaign.reading.organisations import read_organisations
from campaign.reading.outline import Section
from campaign.reading.schedule import Period, as_period, opening_period
from campaign.reading.tables import Table

_OVERALL_LINE = re.compile(
    r"(?:^|\n)(?P<name>(?:活动|征集|实施|开展|起止|征稿|征文|行动|总体|工作)?时间(?:安排)?)\s?[：]"
)
_INLINE_STAGE = re.compile(r"第\s?([一二三四五六七八九1-9])\s?个?(?:阶段|环节|步)(?!性)")
_BRACKETED = re.compile(r"([^，。；：、（）\n]{2,24})（([^（）\n]{2,40})）")
_NUMBERED = frozenset({"cn", "cn_paren", "num", "part"})
_IS_STAGE = re.compile(r"(?:为|是)([^，。；：、（）\n]{2,24}?(?:阶段|环节))(?=[，。；、（\n]|$)")
#: 学习阶段从3月1日至…: what stands between the name and the date.
_STAGE_RUNS = re.compile(
    r"(?:(?<=[。；：，\n])|^)(?:其中，?)?(?P<name>[^，。；：、（）“”\n]{2,20}?(?:阶段|环节))"
    r"(?:的?(?:时间|起止时间))?(?:，?(?:从|自|为|是|安排在|定在|定于|在|于)|：)?\s?(?=[0-9一二三四五六七八九十即二])"
)
_BEFORE_STAGE = 40
_RUNS = re.compile(r"^.{0,25}?(?:开展|进行|举办|举行|实施|组织)")
_NEAR = 6
_NAMED_DATE = re.compile(r"([^，。；：\n]{2,20})：\s?(?=[0-9一二三四五六七八九十]|即日|20)")
_TIME_HEADING = re.compile("时间|日期|起止|时段|进度|节点|时限|月份")
_RANGE = re.compile("[—至到~-]")
_TASK_TIME = re.compile("时限|截止|完成|报送|提交")


def from_tables(plan: PlanText, tables: tuple[Table, ...], dates: PlanDates) -> list[Draft]:
    drafts = []
    for table in tables:
        when = _time_column(plan, table, dates)
        name = table.column(
            "阶段",
            "环节",
            "步骤",
            "活动",
            "内容",
            "项目",
            "任务",
            "工作",
            "主题",
            "专题",
            "事项",
            "安排",
        )
        who = table.column("牵头", "责任", "负责", "部门", "单位", "组织")
        if when is None or name is None or when == name:
            continue
        for row in table.rows:
            period = opening_period(plan, row[when].start, row[when].end, dates)
            if period is None or not row[name].text:
                continue
            owner = row[who].text if who is not None else ""
            drafts.append(
                Draft(
                    name=_short(row[name].text),
                    period=period,
                    start=row[0].start,
                    end=row[-1].end,
                    name_start=row[name].start,
                    body_start=row[0].start,
                    departments=read_organisations(f"责任单位：{owner}") if owner else (),
                )
            )
    return drafts


def _short(name: str) -> str:
    """The cell's words, or the first of them where the cell tells a story."""
    return re.split("[，。；：,;:]", name)[0][:LONGEST_NAME] if len(name) > LONGEST_NAME else name


def _time_column(plan: PlanText, table: Table, dates: PlanDates) -> int | None:
    """Of the columns about time the one with most dates in it."""
    counts: dict[int, int] = {}
    for column, heading in enumerate(table.header):
        if _TIME_HEADING.search(heading):
            cells = [
                opening_period(plan, row[column].start, row[column].end, dates)
                for row in table.rows
            ]
            periods = [cell for cell in cells if cell]
            if not _tells_when_due(heading, periods):
                counts[column] = len(periods)
    best = max(counts, key=lambda column: counts[column], default=None)
    return best if best is not None and counts[best] else None


def _tells_when_due(heading: str, periods: list[Period]) -> bool:
    """完成时限 does, unless most of its cells run from one day to another."""
    lasting = sum(
        period.starts_on is not None and period.starts_on != period.ends_on for period in periods
    )
    if _TASK_TIME.search(heading):
        ranges = sum(bool(_RANGE.search(period.label)) for period in periods)
        return 2 * ranges <= len(periods)
    return "节点" in heading and 2 * lasting < len(periods)


def inline_stages(plan: PlanText, dates: PlanDates) -> list[Draft]:
    """第一阶段…第二阶段… running on inside a paragraph."""
    drafts = []
    for start, end in _paragraphs(plan):
        marks = [match.span() for match in _INLINE_STAGE.finditer(plan.even, start, end)]
        if len(marks) < SEVERAL:
            continue
        drafts += [
            _inline_draft(plan, mark, following[0], dates)
            for mark, following in zip(marks, [*marks[1:], (end, end)], strict=True)
        ]
    return drafts if any(draft.period for draft in drafts) else []


def _inline_draft(plan: PlanText, mark: tuple[int, int], end: int, dates: PlanDates) -> Draft:
    first, after = mark
    span = dates.first_between(after, min(end, after + 100))
    period = as_period(plan, span) if span else None
    stop = re.search(r"[。；\n]", plan.even[after:end])
    name_end = after + stop.start() if stop else end
    name = without_period(plan, after, min(name_end, after + LONGEST_NAME * 2), period)
    name = re.split("[，,：:]", name)[0].strip(NAME_EDGE)
    return Draft(
        name=name if 0 < len(name) <= LONGEST_NAME else plan.text[first:after],
        period=period,
        start=first,
        end=end,
        name_start=first,
        body_start=period.end if period and period.end > after else after,
    )


def bracketed_stages(plan: PlanText, dates: PlanDates) -> list[Draft]:
    """分为学习动员（3月1日—10日）、查摆问题（3月11日—20日）两个阶段."""
    for sentence in plan.sentences:
        even = plan.even[sentence.start : sentence.end]
        if "阶段" not in even and "环节" not in even and "步骤" not in even:
            continue
        drafts = []
        for match in _BRACKETED.finditer(even):
            first, last = (sentence.start + place for place in match.span(2))
            span = dates.first_between(first, last)
            if span is None:
                continue
            period = as_period(plan, span)
            name = re.sub(
                "^(?:分为?|按照?|包括|经过|和|以及)", "", sentence.text[slice(*match.span(1))]
            )
            start = sentence.start + match.start()
            drafts.append(Draft(name, period, start, sentence.start + match.end(), start, start))
        if len(drafts) > 1:
            return drafts
    return []


def stages_told(plan: PlanText, dates: PlanDates) -> list[Draft]:
    """7月10日至20日为学习动员阶段，7月21日至8月5日为讨论查摆阶段."""
    drafts = []
    for match in _IS_STAGE.finditer(plan.even):
        sentence = plan.sentence_at(match.start())
        before = dates.between(max(sentence.start, match.start() - _BEFORE_STAGE), match.start())
        if not before or plan.even[before[-1].end : match.start()].strip("，起止期间 "):
            continue
        period, name = as_period(plan, before[-1]), plan.text[slice(*match.span(1))]
        drafts.append(Draft(name, period, period.start, match.end(), match.start(1), match.end()))
    return drafts if len(drafts) >= SEVERAL else _stages_running(plan, dates)


def _stages_running(plan: PlanText, dates: PlanDates) -> list[Draft]:
    """学习领会阶段从3月1日至20日，主要任务是…. Each goes on to the next one or its line's end."""
    dated = [
        (match, as_period(plan, span))
        for match in _STAGE_RUNS.finditer(plan.even)
        if (span := dates.first_between(match.end(), match.end() + 1))
    ]
    drafts = []
    for at, (match, period) in enumerate(dated):
        line_end = plan.even.find("\n", period.end)
        ends = [line_end] if line_end >= 0 else []
        ends += [dated[at + 1][0].start()] if at + 1 < len(dated) else []
        start, name_end = match.span("name")
        name = ORDINAL.sub("", plan.text[start:name_end]).strip(NAME_EDGE)
        end = min(ends, default=len(plan.even))
        drafts.append(Draft(name or match["name"], period, start, end, start, period.end))
    return drafts if len(drafts) >= SEVERAL else []


def dated_lines(plan: PlanText, root: Section, dates: PlanDates) -> list[Draft]:
    """Under a schedule heading, lines such as 3月1日—10日：动员部署 or 报名：3月1日—10日."""
    for section in root.walk():
        if section.kind == "root" or not SCHEDULE.search(section.title):
            continue
        lines = _paragraphs(plan, section.body_start, section.end)
        drafts = [_dated_line(plan, start, end, dates) for start, end in lines]
        found_here = [draft for draft in drafts if draft is not None]
        if len(found_here) >= SEVERAL:
            return found_here
    return []


def _dated_line(plan: PlanText, start: int, end: int, dates: PlanDates) -> Draft | None:
    named = _NAMED_DATE.match(plan.even, start, end)
    period = opening_period(plan, named.end() if named else start, end, dates)
    if period is None or period.is_due:
        return None
    if named:
        name_start, name_end = named.span(1)
    elif period.start <= start + _NEAR:
        name_start = period.end
        while name_start < end and plan.even[name_start] in NAME_EDGE:
            name_start += 1
        stop = re.search("[，。；：（]", plan.even[name_start:end])
        name_end = name_start + stop.start() if stop else end
    else:
        return None
    name = plan.text[name_start:name_end].strip()
    if not 0 < len(name) <= LONGEST_NAME or "截止" in name:
        return None
    return Draft(name, period, start, end, name_start, period.end)


def overall(plan: PlanText, root: Section, dates: PlanDates) -> list[Draft]:
    """One period for the whole campaign: 活动时间, or 将于3月1日至20日开展 in the opening."""
    for section in root.walk():
        if section.kind != "root" and OVERALL.match(section.title.strip()):
            period = _only_period(plan, section, dates)
            if period:
                return [_whole(section.title, period, section.start, section.end)]
    for match in _OVERALL_LINE.finditer(plan.even):
        period = opening_period(plan, match.end(), match.end() + 80, dates)
        if period and not period.is_due:
            return [_whole(match["name"], period, match.start("name"), period.end)]
    return _announced(plan, root, dates)


def _only_period(plan: PlanText, section: Section, dates: PlanDates) -> Period | None:
    period = opening_period(plan, section.body_start, section.end, dates)
    if period is None:
        stop = min(section.end, section.body_start + 200)
        spans = dates.between(section.body_start, stop)
        ranges = [span for span in spans if span.is_range] or spans
        period = as_period(plan, ranges[0]) if ranges else None
    return period if period and not period.is_due else None


def _announced(plan: PlanText, root: Section, dates: PlanDates) -> list[Draft]:
    headings = (section.start for section in root.walk() if section.kind in _NUMBERED)
    limit = next((start for start in headings if start), min(len(plan.even), 800))
    for sentence in plan.sentences_between(0, limit):
        for span in dates.between(sentence.start, sentence.end):
            after = plan.even[span.end : min(span.end + 40, sentence.end)]
            if (span.is_range or "旬" in span.label) and _RUNS.match(after):
                period = as_period(plan, span)
                return [_whole("活动时间", period, sentence.start, sentence.end)]
    return []


def _whole(name: str, period: Period, start: int, end: int) -> Draft:
    return Draft(name.strip(), period, start, end, start, end, departments=())


def _paragraphs(
    plan: PlanText, start: int = 0, end: int | None = None
) -> Iterator[tuple[int, int]]:
    end = len(plan.even) if end is None else end
    while start < end:
        stop = plan.even.find("\n", start, end)
        stop = end if stop < 0 else stop
        if stop > start:
            yield start, stop
        start = stop + 1
