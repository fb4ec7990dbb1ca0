"""The papers that tell records rather than progress: digest, evidence pack, activity book."""

from collections.abc import Iterator

from core.chinese_text import chinese_date, counted, joined, share_of
from reports import sentences
from reports.choices import NarrativePart
from reports.composition import paper_of
from reports.dossier import Dossier
from reports.listings import TOLD_IN_FULL, ActivityRow, ResultCount
from reports.paper import Block, Paper, Section, Subheading
from reports.record_tables import (
    activities_table,
    measures_table,
    opinion_results_table,
    opinions_table,
    outcomes_table,
    packages_table,
    problems_table,
    proposals_table,
    revisions_table,
)
from reports.tables import groups_table, themes_table
from seminars.choices import OpinionStatus

# --- 意见建议汇总 (S21) ---------------------------------------------------------------------


def compose_submission_digest(dossier: Dossier) -> Paper:
    """Everything that was voiced and proposed, as it goes before the plan group."""
    facts, lists, figures = dossier.progress, dossier.lists, dossier.progress.figures
    sections = (
        Section("总体情况", (sentences.overall(facts), _packages(dossier))),
        Section("意见建议", _opinion_blocks(dossier)),
        Section("问题清单", (_problems(dossier),)),
        Section("对策建议", (sentences.verdicts(facts),)),
    )
    return paper_of(
        facts,
        "意见建议汇总报告",
        sections,
        tables=(
            packages_table(lists.packages),
            themes_table(facts),
            groups_table(facts),
            opinion_results_table(lists.opinion_results, figures.opinions.now),
            opinions_table(lists.opinions, figures.opinions.now),
            problems_table(lists.problems, figures.problems.now),
            proposals_table(lists.proposals, figures.proposals.now),
        ),
    )


def _packages(dossier: Dossier) -> str:
    sent = dossier.lists.packages
    if not sent:
        return "尚无单位报送汇总材料。"
    received = sum(1 for row in sent if row.receipt_number)
    return (
        f"已有{counted(len(sent), '个单位')}报送汇总材料，其中签收{counted(received, '份')}"
        f"（{share_of(received, len(sent), '已报送')}）。"
    )


def _opinion_blocks(dossier: Dossier) -> tuple[Block, ...]:
    facts = dossier.progress
    if not facts.figures.opinions.now:
        return ("尚无意见建议。",)
    said = (sentences.by_theme(facts), sentences.by_group(facts), _results(dossier))
    return tuple(filter(None, said))


def _results(dossier: Dossier) -> str:
    """How the opinions ended; the parts add up to all of them."""
    rows = [row for row in dossier.lists.opinion_results if row.count]
    total = counted(dossier.progress.figures.opinions.now, "条")
    return f"{total}意见建议中，{joined(map(_result, rows))}。"


def _result(row: ResultCount) -> str:
    return f"{row.label}{counted(row.count, '条')}"


def _problems(dossier: Dossier) -> str:
    count = dossier.progress.figures.problems.now
    if not count:
        return "尚未列出问题。"
    listed = {row.status: row.count for row in dossier.lists.opinion_results}
    sources = counted(listed.get(OpinionStatus.PROBLEM, 0), "条")
    return f"列入问题清单{counted(count, '项')}，涉及意见建议{sources}。"


# --- 考核佐证材料 (S42) ---------------------------------------------------------------------


def compose_evidence_pack(dossier: Dossier) -> Paper:
    """What a unit achieved, with the records that show it: no score and no rank (S42).

    What was adopted and realised comes first; how many activities there were is context.
    """
    facts, lists, figures = dossier.progress, dossier.lists, dossier.progress.figures
    written = {passage.part: passage.paragraphs for passage in dossier.narrative}
    sections = (
        Section(
            "建议采纳和条款修订",
            (sentences.verdicts(facts), _revised(dossier)),
        ),
        Section(
            "举措和成果",
            (sentences.results(facts), *written.get(NarrativePart.EFFECT, ())),
        ),
        Section(
            "开展情况",
            (sentences.overall(facts), *written.get(NarrativePart.DONE, ())),
        ),
        Section("说明", ("本材料只列事实和成果，供考核参考，不评分、不排名。",)),
    )
    adopted = figures.adopted + figures.partly_adopted
    return paper_of(
        facts,
        "考核佐证材料",
        sections,
        tables=(
            proposals_table(lists.adopted, adopted, title="采纳和部分采纳的对策建议"),
            revisions_table(lists.revisions, figures.clauses_revised.now),
            measures_table(lists.measures, figures.measures),
            outcomes_table(lists.outcomes, figures.outcomes.now),
            problems_table(lists.problems, figures.problems.now),
        ),
    )


def _revised(dossier: Dossier) -> str:
    rows = dossier.lists.revisions
    if not rows:
        return "尚无因本单位建议修订的条款。"
    clauses = joined((f"{row.document}{row.clause}" for row in rows), most=5, measure="处")
    return f"因本单位建议修订的条款有{clauses}。"


# --- 活动记录册 ----------------------------------------------------------------------------


def compose_activity_book(dossier: Dossier) -> Paper:
    """A unit's activities in the order of their days, each as its minutes, then the ledger."""
    facts, rows = dossier.progress, dossier.lists.activities
    told = rows[:TOLD_IN_FULL]
    sections = [Section("概况", tuple(filter(None, (sentences.overall(facts), _untold(rows)))))]
    if told:
        blocks = tuple(block for row in told for block in _minutes(row))
        sections.append(Section("活动记录", blocks))
    return paper_of(
        facts,
        "活动记录册",
        tuple(sections),
        tables=(activities_table(rows, facts.figures.activities.now),),
    )


def _untold(rows: tuple[ActivityRow, ...]) -> str:
    if len(rows) <= TOLD_IN_FULL:
        return ""
    return f"以下记录前{counted(TOLD_IN_FULL, '场')}活动的内容，其余见活动台账。"


def _minutes(row: ActivityRow) -> Iterator[Block]:
    yield Subheading(row.title)
    when = f"{chinese_date(row.held_on)}{row.hours}"
    yield "；".join(filter(None, (f"时间：{when}", row.place and f"地点：{row.place}"))) + "。"
    people = (
        row.host and f"主持人：{row.host}",
        row.recorder and f"记录人：{row.recorder}",
        _attendance(row),
    )
    yield "；".join(filter(None, (f"单位：{row.unit}", f"形式：{row.kind}", *people))) + "。"
    if row.themes:
        yield f"研讨主题：{row.themes}。"
    for label, text in (("主要内容", row.content), ("议定事项", row.decisions)):
        paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
        yield from (f"{label}：{line}" if not at else line for at, line in enumerate(paragraphs))
    if row.opinions:
        yield f"形成意见{counted(row.opinions, '条')}。"


def _attendance(row: ActivityRow) -> str:
    if row.present is None:
        return ""
    expected = f"应到{counted(row.expected, '人')}，" if row.expected is not None else ""
    absent = f"，缺席{counted(row.absent, '人')}" if row.absent else ""
    reason = f"（{row.reasons}）" if absent and row.reasons else ""
    others = f"，列席{counted(row.sitting_in, '人')}" if row.sitting_in else ""
    return f"{expected}实到{counted(row.present, '人')}{absent}{reason}{others}"
