"""Facts become a paper: which headings, sentences, pictures and tables, in which order."""

from collections.abc import Callable, Iterable

from core.chinese_text import chinese_date, chinese_moment, date_range
from core.local_time import local_day
from reports import drawings, sentences
from reports.choices import NarrativePart
from reports.dossier import Dossier
from reports.facts import ProgressFacts
from reports.narratives import Passage
from reports.paper import Paper, Picture, Section, Table
from reports.record_tables import (
    activities_table,
    measures_table,
    outcomes_table,
    problems_table,
    proposals_table,
    revisions_table,
)
from reports.tables import (
    groups_table,
    kinds_table,
    matrix_table,
    themes_table,
    units_table,
    waiting_table,
    weeks_table,
)
from reports.titles import break_by_sense

_TITLE_WIDTH = 20  # characters of 二号 in the type area
DEMO_NOTE = "演示数据，不代表任何学校的真实情况。"


def compose_progress(facts: ProgressFacts, narrative: tuple[Passage, ...] = ()) -> Paper:
    """The progress report of the school, of a unit or of a theme."""
    return paper_of(
        facts,
        "进展情况报告",
        body_of(facts, narrative),
        pictures=_pictures(facts),
        tables=figures_tables(facts),
    )


def compose_progress_report(dossier: Dossier) -> Paper:
    return compose_progress(dossier.progress, dossier.narrative)


def compose_phase_summary(dossier: Dossier) -> Paper:
    """What one phase brought, from its first day to its last or to the day of the data."""
    facts = dossier.progress
    return paper_of(
        facts,
        f"{dossier.phase_name}总结报告",
        body_of(facts, dossier.narrative),
        pictures=_pictures(facts),
        tables=(
            *figures_tables(facts),
            revisions_table(dossier.lists.revisions, facts.figures.clauses_revised.now),
            outcomes_table(dossier.lists.outcomes, facts.figures.outcomes.now),
        ),
    )


#: Of each kind of record a report to be signed lists so many; the activity book, the digest and
#: the data package have all.
RECORDS_SHOWN = 18


def compose_unit_report(dossier: Dossier) -> Paper:
    """A unit and everything below it: figures, then the records behind them."""
    return _with_records(dossier, "工作情况报告")


def compose_theme_report(dossier: Dossier) -> Paper:
    """One theme across the school."""
    return _with_records(dossier, "主题研讨情况报告")


def _with_records(dossier: Dossier, ending: str) -> Paper:
    facts, lists, figures = dossier.progress, dossier.lists, dossier.progress.figures
    return paper_of(
        facts,
        ending,
        body_of(facts, dossier.narrative),
        pictures=_pictures(facts),
        tables=(
            units_table(facts),
            themes_table(facts),
            matrix_table(facts),
            activities_table(lists.activities[:RECORDS_SHOWN], figures.activities.now),
            problems_table(lists.problems[:RECORDS_SHOWN], figures.problems.now),
            proposals_table(lists.proposals[:RECORDS_SHOWN], figures.proposals.now),
            revisions_table(lists.revisions[:RECORDS_SHOWN], figures.clauses_revised.now),
            measures_table(lists.measures[:RECORDS_SHOWN], figures.measures),
            outcomes_table(lists.outcomes[:RECORDS_SHOWN], figures.outcomes.now),
        ),
    )


# --- The frame of every report ------------------------------------------------------------


def paper_of(
    facts: ProgressFacts,
    ending: str,
    sections: tuple[Section, ...],
    *,
    pictures: tuple[Picture, ...] = (),
    tables: Iterable[Table] = (),
) -> Paper:
    """A report with its title, its moment and its signature; tables without rows are left out."""
    lines = (*break_by_sense(facts.campaign.short_title, _TITLE_WIDTH), ending)
    scope = () if facts.scope.is_school else break_by_sense(facts.scope.name, _TITLE_WIDTH)
    return Paper(
        title=(*scope, *lines),
        subtitle=_subtitle(facts),
        sections=sections,
        pictures=pictures,
        tables=tuple(table for table in tables if table.rows),
        signed_by=facts.campaign.signed_by,
        signed_on=facts.as_of,
        note=DEMO_NOTE if facts.holds_demo else "",
    )


def _subtitle(facts: ProgressFacts) -> str:
    if facts.since:
        return f"数据期间{date_range(facts.since, facts.as_of)}"
    return f"数据截至{moment_of(facts)}"


def moment_of(facts: ProgressFacts) -> str:
    """The moment of the data; a past day is counted to its end and needs no hour."""
    if local_day(facts.as_of_at) > facts.as_of:
        return chinese_date(facts.as_of)
    return chinese_moment(facts.as_of_at)


Rule = Callable[[ProgressFacts], str]

#: Each heading with its sentences in order, the one that stands there if all are empty, and
#: the part a person may add below them.
_BODY: tuple[tuple[str, tuple[Rule, ...], Rule, str], ...] = (
    (
        "总体进展",
        (sentences.standing, sentences.overall, sentences.attendance, sentences.last_week),
        sentences.overall,
        "",
    ),
    (
        "主要做法和特点",
        (sentences.by_phase, sentences.by_kind, sentences.by_theme, sentences.by_group),
        sentences.no_activity,
        NarrativePart.DONE,
    ),
    (
        "取得成效",
        (sentences.verdicts, sentences.results),
        sentences.results,
        NarrativePart.EFFECT,
    ),
    (
        "存在问题",
        (
            sentences.units_without_activity,
            sentences.blank_themes,
            sentences.blank_spots,
            sentences.unanswered,
            sentences.overdue,
        ),
        sentences.no_problem,
        NarrativePart.PROBLEM,
    ),
    (
        "下一步安排",
        (
            sentences.phase_ahead,
            sentences.deadlines_ahead,
            sentences.answers_ahead,
            sentences.measures_ahead,
            sentences.fill_blanks,
        ),
        sentences.nothing_ahead,
        NarrativePart.NEXT,
    ),
)


def body_of(facts: ProgressFacts, narrative: tuple[Passage, ...] = ()) -> tuple[Section, ...]:
    """The five sections of the field; what a person wrote follows what the figures say."""
    written = {passage.part: passage.paragraphs for passage in narrative}
    return tuple(
        Section(heading, _said(facts, rules) + written.get(part, ()) or (empty(facts),))
        for heading, rules, empty, part in _BODY
    )


def _said(facts: ProgressFacts, rules: tuple[Rule, ...]) -> tuple[str, ...]:
    return tuple(said for rule in rules if (said := rule(facts)))


def _pictures(facts: ProgressFacts) -> tuple[Picture, ...]:
    pictures = [Picture("从意见到成果", drawings.funnel(facts))]
    if facts.weeks:
        pictures.append(Picture("每周新增活动、意见建议和对策建议", drawings.weekly(facts)))
    return tuple(pictures)


def figures_tables(facts: ProgressFacts) -> tuple[Table, ...]:
    tables = (
        units_table,
        themes_table,
        kinds_table,
        groups_table,
        weeks_table,
        waiting_table,
        matrix_table,
    )
    return tuple(table(facts) for table in tables)
