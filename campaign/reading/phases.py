"""Phases: staged headings, dated headings under a schedule, sub-campaigns, tables, lines.

Each way of writing a schedule is a function that returns drafts. Staged groups win; the others
are asked in turn until one answers, and a plan with one period for everything is one phase.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from campaign.reading import phase_forms
from campaign.reading.activities import openings, steps_between, steps_of_sections, strand_of
from campaign.reading.dates import PlanDates
from campaign.reading.departments import closing_parenthesis, departments_between
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
from campaign.reading.outline import Section
from campaign.reading.proposal import Found, Phase, Step, found
from campaign.reading.schedule import Period, period_of
from campaign.reading.tables import Table
from core.chinese_dates import read_date

_STAGE = re.compile(r"[^主要个各]{2}(?:阶段|环节)(?:[（：:，—\s]|$)")
_NOT_PHASES = re.compile(
    r"联系|要求|保障|组织领导|目标|指导思想|意义|背景|附件|说明|经费|奖项|主题|对象|范围"
)
#: Headings of a plan's ordinary sections; a date under one of them makes no sub-campaign.
_IS_NO_CAMPAIGN = re.compile(
    r"(?:要求|组织领导|保障(?:措施)?|指导思想|目标|意义|背景|附件|说明|步骤|安排|进度|日程|流程|联系方式|其他(?:事项)?)$"
    rf"|^(?:活动)?(?:主题|对象|范围)$|{OVERALL.pattern}"
)
_HALF_A_YEAR = 180


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
        lambda: phase_forms.from_tables(plan, tables, dates),
        lambda: phase_forms.inline_stages(plan, dates),
        lambda: phase_forms.bracketed_stages(plan, dates),
        lambda: phase_forms.stages_told(plan, dates),
        lambda: _groups(families, _dated),
        lambda: phase_forms.dated_lines(plan, root, dates),
        lambda: staged,
        lambda: phase_forms.overall(plan, root, dates),
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
    is_schedule = (
        parent.kind != "root"
        and not _are_tasks(children)
        and SCHEDULE.search(parent.title) is not None
    )
    return dated if is_schedule and len(dated) > 1 and 2 * len(dated) >= len(children) else []


def _dated(parent: Section, children: list[Draft]) -> list[Draft]:
    """Two or more sub-campaigns, each with its own time; 6月28日，召开… is told, not scheduled."""
    del parent
    if _are_tasks(children):
        return []
    dated = [draft for draft in _with_period(children) if not draft.is_told]
    named = [draft for draft in dated if not _is_no_campaign(draft)]
    return named if len(named) >= SEVERAL else _one_after_the_other(children)


def _one_after_the_other(children: list[Draft]) -> list[Draft]:
    """（一）学习。5月上旬，…（二）讨论。5月中旬至6月上旬，…: every heading a stretch, in order."""
    periods = [draft.period for draft in children]
    firsts = [period.starts_on for period in periods if period and period.starts_on]
    are_stretches = all(period and period.starts_on != period.ends_on for period in periods)
    in_order = firsts == sorted(firsts) and len(firsts) == len(children) > SEVERAL
    is_campaign = not any(_is_no_campaign(draft) for draft in children)
    return children if in_order and are_stretches and is_campaign else []


def _are_tasks(drafts: list[Draft]) -> bool:
    """11月3日前，各班…: a list of things to do by their days, not of phases."""
    return any(draft.period and draft.period.is_due and draft.is_told for draft in drafts)


def _is_no_campaign(draft: Draft) -> bool:
    """An ordinary section of a plan, or a month under which something is listed."""
    is_month = draft.section is not None and draft.section.kind == "date"
    return is_month or _IS_NO_CAMPAIGN.search(draft.name) is not None


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
        is_told=period is not None and plan.even[period.end : period.end + 1] == "，",
    )


def _section_name(plan: PlanText, section: Section, period: Period | None) -> str:
    """The heading without its date; else the first words of the body; else the mark itself."""
    name = without_period(plan, section.title_start, section.title_end, period)
    if section.kind == "date":
        return section.title.strip(NAME_EDGE)
    if name and not ORDINAL.fullmatch(name):
        leads = period is not None and period.start <= section.title_start + 1
        return re.split("[，；]", name)[0] if leads else name
    body = plan.even[section.body_start : section.end]
    if period and period.start >= section.body_start:
        body = plan.even[period.end : section.end]
        lead = len(body) - len(body.lstrip(NAME_EDGE))
        start = period.end + lead
    else:
        lead = len(body) - len(body.lstrip(NAME_EDGE))
        start = section.body_start + lead
    stop = re.search("[。；：，\n（]", plan.even[start : section.end])
    words = plan.text[start : start + stop.start()] if stop else plan.text[start : section.end]
    return words.strip() if 0 < len(words) <= LONGEST_NAME else name or section.mark


# --- From draft to phase --------------------------------------------------------------


def _with_years(plan: PlanText, drafts: list[Draft], dates: PlanDates) -> Iterator[Draft]:
    """Settle years that are not printed.

    Phases follow each other, so one that seems to begin half a year before the last has
    begun in a new year.
    """
    year = _first_year(drafts, dates)
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


def _first_year(drafts: list[Draft], dates: PlanDates) -> int | None:
    """The document's year, or the next one when all phases would be over before it was issued."""
    year, issued_on = dates.context.year, dates.context.issued_on
    periods = [draft.period for draft in drafts if draft.period]
    lasts = [period.ends_on or period.starts_on for period in periods]
    known = [last for last in lasts if last]
    is_dated = any(period.has_year for period in periods)
    if year and issued_on and known and not is_dated and max(known) < issued_on:
        return year + 1
    return year


def _in_year(plan: PlanText, period: Period, year: int, dates: PlanDates) -> Period:
    if period.starts_on is None and period.ends_on is None:
        return period
    span = read_date(plan.text[period.start : period.end], replace(dates.context, year=year))
    if span is None:
        return period
    first = None if period.is_due else span.first
    return replace(period, starts_on=first, ends_on=None if period.is_open else span.last)


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
