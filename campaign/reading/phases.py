"""Phases: staged headings, dated headings under a schedule, sub-campaigns, tables, lines.

Each way of writing a schedule is a function that returns drafts. Staged groups win; the others
are asked in turn until one answers, and a plan with one period for everything is one phase.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from campaign.reading.activities import openings, steps_between, steps_of_sections, strand_of
from campaign.reading.dates import PlanDates
from campaign.reading.departments import closing_parenthesis, departments_between
from campaign.reading.lines import PlanText
from campaign.reading.organisations import read_organisations
from campaign.reading.outline import Section
from campaign.reading.proposal import Found, Phase, Step, found
from campaign.reading.schedule import Period, as_period, opening_period, period_of
from campaign.reading.tables import Table
from core.chinese_dates import read_date

_STAGE = re.compile(r"[^主要个各]{2}(?:阶段|环节)(?:[（：:，—\s]|$)")
_SCHEDULE = re.compile(
    r"时间(?:安排|步骤|节点|计划|进度)|步骤|进度|日程|阶段(?:安排|划分)|实施安排|推进(?:计划|安排)|时间与|时间及"
    r"|工作安排|活动安排|具体安排|学习安排|安排(?:及|与|和)|计划安排|活动流程|工作流程|流程|实施过程|组织实施|行动安排"
)
_OVERALL = re.compile(
    r"^(?:活动|征集|实施|开展|学习|起止|征稿|征文|教育|行动|总体|评选|推荐|报名|培训|排查|自查|工作|整治|宣传|主题党日)?"
    r"(?:的)?(?:起止)?时间(?:安排)?(?:及(?:地点|形式|方式|范围|对象))?$"
)
_OVERALL_LINE = re.compile(
    r"(?:^|\n)(?P<name>(?:活动|征集|实施|开展|起止|征稿|征文|行动|总体|工作)?时间(?:安排)?)\s?[：]"
)
_NOT_PHASES = re.compile(
    r"联系|要求|保障|组织领导|目标|指导思想|意义|背景|附件|说明|经费|奖项|主题|对象|范围"
)
_ORDINAL = re.compile(r"第\s?[一二三四五六七八九十0-9]{1,2}\s?个?(?:阶段|环节|步骤?)")
_INLINE_STAGE = re.compile(r"第\s?([一二三四五六七八九1-9])\s?个?(?:阶段|环节|步)(?!性)")
_BRACKETED = re.compile(r"([^，。；：、（）\n]{2,24})（([^（）\n]{2,40})）")
_NAME_EDGE = "。；：，、 —-（）()【】:,;\n"
_RUNS = re.compile(r"^.{0,25}?(?:开展|进行|举办|举行|实施|组织)")
_LONGEST_NAME = 40
#: Headings of a plan's ordinary sections; a date under one of them makes no sub-campaign.
_IS_NO_CAMPAIGN = re.compile(
    r"(?:要求|组织领导|保障(?:措施)?|指导思想|目标|意义|背景|附件|说明|步骤|安排|进度|日程|流程|联系方式|其他(?:事项)?)$"
    rf"|^(?:活动)?(?:主题|对象|范围)$|{_OVERALL.pattern}"
)
_HALF_A_YEAR = 180
_SEVERAL = 2
_NEAR = 6
_NAMED_DATE = re.compile(r"([^，。；：\n]{2,20})：\s?(?=[0-9一二三四五六七八九十]|即日|20)")
_TIME_HEADING = re.compile("时间|日期|起止|时段|进度")
_TASK_TIME = re.compile("时限|截止|完成|节点|报送|提交")


@dataclass(frozen=True, slots=True)
class Draft:
    """A phase before its year is settled. [start, end) is all the text that belongs to it."""

    name: str
    period: Period | None
    start: int
    end: int
    name_start: int
    body_start: int
    departments: tuple[str, ...] | None = None
    section: Section | None = None
    is_staged: bool = False


def read_phases(
    plan: PlanText, root: Section, tables: tuple[Table, ...], dates: PlanDates
) -> tuple[tuple[Found[Phase], ...], tuple[Draft, ...]]:
    """The phases in the plan's order, and the drafts they were made from."""
    drafts = _drafts(plan, root, tables, dates)
    phases: list[Found[Phase]] = []
    earlier: tuple[str, ...] = ()
    for draft in _with_years(plan, drafts, dates):
        phase = _finish(plan, draft, earlier)
        earlier = phase.opens
        phases.append(found(plan, phase, draft.name_start, draft.end))
    return tuple(phases), tuple(drafts)


def _drafts(
    plan: PlanText, root: Section, tables: tuple[Table, ...], dates: PlanDates
) -> list[Draft]:
    families = [
        (parent, [_draft(plan, child, dates) for child in parent.children])
        for parent in root.walk()
        if parent.children
    ]
    staged = _groups(families, _staged)
    if any(draft.period for draft in staged):
        return [draft for draft in staged if draft.period] if _is_mixed(staged) else staged
    ways: tuple[Callable[[], list[Draft]], ...] = (
        lambda: _groups(families, _scheduled),
        lambda: _from_tables(plan, tables, dates),
        lambda: _inline_stages(plan, dates),
        lambda: _bracketed_stages(plan, dates),
        lambda: _groups(families, _dated),
        lambda: _dated_lines(plan, root, dates),
        lambda: staged,
        lambda: _overall(plan, root, dates),
    )
    return next((drafts for drafts in (way() for way in ways) if drafts), [])


def _is_mixed(staged: list[Draft]) -> bool:
    """The same stages told twice, once with dates (时间安排) and once without (活动内容)."""
    dated = sum(draft.period is not None for draft in staged)
    return 0 < dated <= len(staged) // 2


# --- Groups of headings ---------------------------------------------------------------


_Family = tuple[Section, list[Draft]]
_Choice = Callable[[Section, list[Draft]], list[Draft]]


def _groups(families: list[_Family], choose: _Choice) -> list[Draft]:
    """What `choose` takes from the children of each section; nothing inside what is taken."""
    drafts: list[Draft] = []
    taken_until = -1
    for parent, children in families:
        chosen = choose(parent, children) if parent.start >= taken_until else []
        if chosen:
            drafts += chosen
            taken_until = max(draft.end for draft in chosen)
    return drafts


def _staged(parent: Section, children: list[Draft]) -> list[Draft]:
    """Headings that call themselves stages: several, or one with a date."""
    staged = [draft for draft in children if draft.is_staged]
    if len(staged) == 1 and (staged[0].period is None or parent.kind == "attachment"):
        return []
    return staged


def _scheduled(parent: Section, children: list[Draft]) -> list[Draft]:
    """Dated headings under 时间安排, 实施步骤 and the like."""
    dated = _with_period(children)
    is_schedule = parent.kind != "root" and _SCHEDULE.search(parent.title) is not None
    return dated if is_schedule and len(dated) > 1 and 2 * len(dated) >= len(children) else []


def _dated(parent: Section, children: list[Draft]) -> list[Draft]:
    """Two or more sub-campaigns, each with its own time."""
    del parent
    dated = _with_period(children)
    named = [draft for draft in dated if not _IS_NO_CAMPAIGN.search(draft.name)]
    return named if len(named) >= _SEVERAL else []


def _with_period(drafts: list[Draft]) -> list[Draft]:
    """Drafts with a period of their own; 6月底前 alone is a deadline."""
    return [draft for draft in drafts if draft.period and not draft.period.is_due]


def _draft(plan: PlanText, section: Section, dates: PlanDates) -> Draft:
    period = period_of(plan, section, dates)
    is_staged = (
        section.kind == "ordinal"
        or _STAGE.search(plan.even[section.title_start : section.title_end]) is not None
    ) and not _NOT_PHASES.search(section.title)
    return Draft(
        name=_section_name(plan, section, period),
        period=period,
        start=section.start,
        end=section.end,
        name_start=section.title_start,
        body_start=section.title_end,
        section=section,
        is_staged=is_staged,
    )


def _section_name(plan: PlanText, section: Section, period: Period | None) -> str:
    """The heading without its date; else the first words of the body; else the mark itself."""
    name = _without(plan, section.title_start, section.title_end, period)
    if name:
        return name
    body = plan.even[section.body_start : section.end]
    if period and period.start >= section.body_start:
        body = plan.even[period.end : section.end]
        lead = len(body) - len(body.lstrip(_NAME_EDGE))
        start = period.end + lead
    else:
        lead = len(body) - len(body.lstrip(_NAME_EDGE))
        start = section.body_start + lead
    stop = re.search("[。；：，\n（]", plan.even[start : section.end])
    words = plan.text[start : start + stop.start()] if stop else plan.text[start : section.end]
    return words.strip() if 0 < len(words) <= _LONGEST_NAME else section.mark


def _without(plan: PlanText, start: int, end: int, period: Period | None) -> str:
    """The words of [start, end) without the period, its brackets, and anything after ，时间…"""
    text = plan.text[start:end]
    if period and start <= period.start < end:
        first, last = period.start - start, min(period.end, end) - start
        text = text[:first] + "\x00" + text[last:]
        text = re.sub(
            r"[（(【\[][^（(【\[]{0,8}\x00[^）)】\]]{0,12}[）)】\]]|(?:时间|从|自|于)?[：:]?\x00",
            "\x00",
            text,
        )
        before, _, after = text.partition("\x00")
        text = before.strip(_NAME_EDGE) or after.strip(_NAME_EDGE)
    text = re.sub(r"[，,]\s?(?:时间|为期|自|从|用时).{0,60}$", "", text)
    text = re.sub(r"^(?:为|是|即)(?=.{2,}阶段)", "", text.strip(_NAME_EDGE_OUTER))
    ordinal = _ORDINAL.match(text)
    if ordinal and len(text) > ordinal.end() + 1:
        text = text[ordinal.end() :]
    return _balanced(text.strip(_NAME_EDGE_OUTER))


_NAME_EDGE_OUTER = "。；：，、 —-:,;\n"


def _balanced(text: str) -> str:
    """`text` without a bracket or quotation mark at its edge that has no partner."""
    for pair in ("（）", "()", "“”", "【】"):
        opening, closing = pair[0], pair[1]
        if text.count(opening) != text.count(closing):
            text = text.strip(pair)
    return text


# --- Other forms ----------------------------------------------------------------------


def _from_tables(plan: PlanText, tables: tuple[Table, ...], dates: PlanDates) -> list[Draft]:
    drafts = []
    for table in tables:
        when = _time_column(plan, table, dates)
        name = table.column("阶段", "环节", "步骤", "活动", "内容", "项目", "任务", "工作", "主题")
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
    return re.split("[，。；：,;:]", name)[0][:_LONGEST_NAME] if len(name) > _LONGEST_NAME else name


def _time_column(plan: PlanText, table: Table, dates: PlanDates) -> int | None:
    """Of the columns about time the one with most dates in it; 完成时限 is about deadlines."""
    counts = {
        column: sum(
            opening_period(plan, row[column].start, row[column].end, dates) is not None
            for row in table.rows
        )
        for column, heading in enumerate(table.header)
        if _TIME_HEADING.search(heading) and not _TASK_TIME.search(heading)
    }
    best = max(counts, key=lambda column: counts[column], default=None)
    return best if best is not None and counts[best] else None


def _inline_stages(plan: PlanText, dates: PlanDates) -> list[Draft]:
    """第一阶段…第二阶段… running on inside a paragraph."""
    drafts = []
    for start, end in _paragraphs(plan):
        marks = [match.span() for match in _INLINE_STAGE.finditer(plan.even, start, end)]
        if len(marks) < _SEVERAL:
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
    name = _without(plan, after, min(name_end, after + _LONGEST_NAME * 2), period)
    name = re.split("[，,：:]", name)[0].strip(_NAME_EDGE)
    return Draft(
        name=name if 0 < len(name) <= _LONGEST_NAME else plan.text[first:after],
        period=period,
        start=first,
        end=end,
        name_start=first,
        body_start=period.end if period and period.end > after else after,
    )


def _bracketed_stages(plan: PlanText, dates: PlanDates) -> list[Draft]:
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


def _dated_lines(plan: PlanText, root: Section, dates: PlanDates) -> list[Draft]:
    """Under a schedule heading, lines such as 3月1日—10日：动员部署 or 报名：3月1日—10日."""
    for section in root.walk():
        if section.kind == "root" or not _SCHEDULE.search(section.title):
            continue
        lines = _paragraphs(plan, section.body_start, section.end)
        drafts = [_dated_line(plan, start, end, dates) for start, end in lines]
        found_here = [draft for draft in drafts if draft is not None]
        if len(found_here) >= _SEVERAL:
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
        while name_start < end and plan.even[name_start] in _NAME_EDGE:
            name_start += 1
        stop = re.search("[，。；：（]", plan.even[name_start:end])
        name_end = name_start + stop.start() if stop else end
    else:
        return None
    name = plan.text[name_start:name_end].strip()
    if not 0 < len(name) <= _LONGEST_NAME:
        return None
    return Draft(name, period, start, end, name_start, period.end)


def _overall(plan: PlanText, root: Section, dates: PlanDates) -> list[Draft]:
    """One period for the whole campaign: 活动时间, or 将于3月1日至20日开展 in the opening."""
    for section in root.walk():
        if section.kind != "root" and _OVERALL.match(section.title.strip()):
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
    first_heading = next((section.start for section in root.walk() if section.kind == "cn"), 0)
    limit = max(first_heading, min(len(plan.even), 800))
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


# --- From draft to phase --------------------------------------------------------------


def _with_years(plan: PlanText, drafts: list[Draft], dates: PlanDates) -> Iterator[Draft]:
    """Settle years that are not printed.

    Phases follow each other, so one that seems to begin half a year before the last has
    begun in a new year.
    """
    year = dates.context.year
    previous: date | None = None
    for draft in drafts:
        period = draft.period
        if period is None:
            yield draft
            continue
        if not period.has_year and year is not None:
            period = _in_year(plan, period, year, dates)
            first = period.starts_on or period.ends_on
            if previous and first and (previous - first).days > _HALF_A_YEAR:
                period = _in_year(plan, period, year + 1, dates)
        first = period.starts_on or period.ends_on
        if first:
            previous, year = first, first.year
        yield replace(draft, period=period)


def _in_year(plan: PlanText, period: Period, year: int, dates: PlanDates) -> Period:
    if period.starts_on is None and period.ends_on is None:
        return period
    span = read_date(plan.text[period.start : period.end], replace(dates.context, year=year))
    if span is None:
        return period
    first = None if period.is_due else span.first
    return replace(period, starts_on=first, ends_on=span.last)


def _finish(plan: PlanText, draft: Draft, earlier: tuple[str, ...]) -> Phase:
    departments = draft.departments
    if departments is None:
        departments = departments_between(plan, draft.start, draft.end)
    steps, prose = _steps(plan, draft)
    period = draft.period
    return Phase(
        name=draft.name,
        label=period.label if period else None,
        starts_on=period.starts_on if period else None,
        ends_on=period.ends_on if period else None,
        departments=departments,
        strand=strand_of(draft.name),
        opens=openings(plan.text[draft.start : draft.end], earlier),
        text=prose,
        steps=steps,
    )


def _steps(plan: PlanText, draft: Draft) -> tuple[tuple[Step, ...], str]:
    section = draft.section
    start = draft.body_start
    end = draft.end if section is None else section.body_end
    if section is not None and section.children:
        prose = plan.text[section.body_start : section.body_end].strip("。；：， \n")
        return steps_of_sections(plan, section.children), prose
    closing = closing_parenthesis(plan, start, end)
    end = closing[0] if closing else end
    while start < end and plan.even[start] in "。；：，、） \n":
        start += 1
    return steps_between(plan, start, end)
