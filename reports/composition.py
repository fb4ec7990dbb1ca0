"""Facts become a paper: which headings, sentences, pictures and tables, in which order."""

from collections.abc import Callable, Iterable

from core.chinese_text import chinese_date, chinese_moment
from core.local_time import local_day
from reports import drawings, sentences
from reports.facts import ProgressFacts
from reports.paper import Cell, Column, Paper, Picture, Section, Table

BLANK = "空白"
_TITLE_WIDTH = 20  # characters of 二号 in the type area


def compose_progress(facts: ProgressFacts) -> Paper:
    """The progress report of the school, of a unit or of a theme."""
    return Paper(
        title=_title(facts),
        subtitle=_subtitle(facts),
        sections=_sections(facts),
        pictures=_pictures(facts),
        tables=tuple(table for table in _tables(facts) if table.rows),
        signed_by=facts.campaign.signed_by,
        signed_on=facts.as_of,
        note="演示数据，不代表任何学校的真实情况。" if facts.holds_demo else "",
    )


def _title(facts: ProgressFacts) -> tuple[str, ...]:
    lines = break_by_sense(facts.campaign.short_title, _TITLE_WIDTH)
    if facts.scope.is_school:
        return (*lines, "进展情况报告")
    return (facts.scope.name, *lines, "进展情况报告")


def _subtitle(facts: ProgressFacts) -> str:
    return f"数据截至{moment_of(facts)}"


def moment_of(facts: ProgressFacts) -> str:
    """The moment of the data; a past day is counted to its end and needs no hour."""
    if local_day(facts.as_of_at) > facts.as_of:
        return chinese_date(facts.as_of)
    return chinese_moment(facts.as_of_at)


Rule = Callable[[ProgressFacts], str]

#: Each heading with its sentences in order, and the one that stands there if all are empty.
_BODY: tuple[tuple[str, tuple[Rule, ...], Rule], ...] = (
    (
        "总体进展",
        (sentences.standing, sentences.overall, sentences.attendance, sentences.last_week),
        sentences.overall,
    ),
    (
        "主要做法和特点",
        (sentences.by_phase, sentences.by_kind, sentences.by_theme, sentences.by_group),
        sentences.no_activity,
    ),
    ("取得成效", (sentences.verdicts, sentences.results), sentences.results),
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
    ),
)


def _sections(facts: ProgressFacts) -> tuple[Section, ...]:
    return tuple(
        Section(heading, tuple(said for rule in rules if (said := rule(facts))) or (empty(facts),))
        for heading, rules, empty in _BODY
    )


def _pictures(facts: ProgressFacts) -> tuple[Picture, ...]:
    pictures = [Picture("从意见到成果", drawings.funnel(facts))]
    if facts.weeks:
        pictures.append(Picture("每周新增活动、意见建议和对策建议", drawings.weekly(facts)))
    return tuple(pictures)


def _tables(facts: ProgressFacts) -> Iterable[Table]:
    yield units_table(facts)
    yield themes_table(facts)
    yield kinds_table(facts)
    yield groups_table(facts)
    yield weeks_table(facts)
    yield waiting_table(facts)
    yield matrix_table(facts)


def units_table(facts: ProgressFacts) -> Table:
    figures = facts.figures
    return Table(
        title="各单位开展情况",
        columns=(
            Column("序号", 7),
            Column("单位", 20),
            Column("在册", 9, "人"),
            Column("活动", 9, "场"),
            Column("参与", 11, "人次"),
            Column("意见建议", 12, "条"),
            Column("对策建议", 12, "件"),
            Column("已答复", 10, "件"),
            Column("采纳", 10, "件"),
        ),
        rows=tuple(
            (
                number,
                unit.name,
                unit.people,
                unit.activities,
                unit.attendances,
                unit.opinions,
                unit.proposals,
                unit.answered,
                unit.adopted,
            )
            for number, unit in enumerate(facts.units, start=1)
        ),
        total=(
            "",
            "合计",
            figures.people,
            figures.activities.now,
            figures.attendances.now,
            figures.opinions.now,
            figures.proposals.now,
            figures.answered.now,
            figures.adopted,
        ),
        note="按单位序列排列。在册人数与参与人次口径不同，不可相除。",
    )


def themes_table(facts: ProgressFacts) -> Table:
    return Table(
        title="各研讨主题情况",
        columns=(
            Column("序号", 7),
            Column("研讨主题", 34),
            Column("活动", 9, "场"),
            Column("意见建议", 12, "条"),
            Column("对策建议", 12, "件"),
            Column("已答复", 10, "件"),
            Column("采纳", 8, "件"),
            Column("成果", 8, "项"),
        ),
        rows=tuple(
            (
                theme.order,
                theme.title,
                theme.activities,
                theme.opinions,
                theme.proposals,
                theme.answered,
                theme.adopted,
                theme.outcomes,
            )
            for theme in facts.themes
        ),
        note="一场活动涉及多个主题的，在各主题下分别计入，故活动不列合计。",
    )


def kinds_table(facts: ProgressFacts) -> Table:
    figures = facts.figures
    return Table(
        title="各种形式活动情况",
        columns=(Column("形式", 50), Column("活动", 25, "场"), Column("参与", 25, "人次")),
        rows=tuple((kind.label, kind.activities, kind.attendances) for kind in facts.kinds),
        total=("合计", figures.activities.now, figures.attendances.now),
    )


def groups_table(facts: ProgressFacts) -> Table:
    note = "一场活动有多个群体参加的，在各群体下分别计入，故活动不列合计。"
    if facts.scope.is_school:
        return Table(
            title="各群体参与情况",
            columns=(Column("群体", 50), Column("活动", 25, "场"), Column("意见建议", 25, "条")),
            rows=tuple((group.name, group.activities, group.opinions) for group in facts.groups),
            note=note,
        )
    return Table(
        title="各群体参与情况",
        columns=(Column("群体", 60), Column("活动", 40, "场")),
        rows=tuple((group.name, group.activities) for group in facts.groups),
        note=note,
    )


def weeks_table(facts: ProgressFacts) -> Table:
    figures = facts.figures
    return Table(
        title="每周新增情况",
        columns=(
            Column("自", 20),
            Column("至", 20),
            Column("活动", 15, "场"),
            Column("参与", 15, "人次"),
            Column("意见建议", 15, "条"),
            Column("对策建议", 15, "件"),
        ),
        rows=tuple(
            (
                week.starts_on,
                week.ends_on,
                week.activities,
                week.attendances,
                week.opinions,
                week.proposals,
            )
            for week in facts.weeks
        ),
        total=(
            "合计",
            "",
            figures.activities.now,
            figures.attendances.now,
            figures.opinions.now,
            figures.proposals.now,
        ),
    )


def waiting_table(facts: ProgressFacts) -> Table:
    shown, waiting = len(facts.waiting), facts.figures.waiting
    return Table(
        title="待答复的对策建议",
        columns=(
            Column("编号", 16),
            Column("标题", 42),
            Column("提出单位", 22),
            Column("应答复日期", 20),
        ),
        rows=tuple((item.number, item.title, item.unit, item.due_on) for item in facts.waiting),
        note=f"按应答复日期先后列出前{shown}件，共{waiting}件。" if waiting > shown else "",
    )


def matrix_table(facts: ProgressFacts) -> Table:
    themes = [theme for theme in facts.themes if theme.id is not None]
    width = 80 // max(len(themes), 1)
    units = [unit for unit in facts.units if not unit.is_base]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (unit.name, *(count or BLANK for count in unit.by_theme)) for unit in units
    )
    return Table(
        title="各单位各主题活动场次",
        columns=(
            Column("单位", 100 - width * len(themes)),
            *(Column(theme.short_title, width) for theme in themes),
        ),
        rows=rows if len(themes) > 1 else (),
        note=f"“{BLANK}”表示该单位尚未围绕该主题开展活动。",
        is_wide=True,
    )


def break_by_sense(text: str, most: int) -> tuple[str, ...]:
    """A title in lines of at most `most` characters, broken where a reader would pause.

    As few lines as possible, of like length, never inside 《》 if that can be avoided.
    """
    lines = -(-len(text) // most)
    if lines <= 1:
        return (text,)
    aim = len(text) / lines
    reach = range(1, min(most, len(text) - 1) + 1)
    end = max(reach, key=lambda at: _pause(text, at) - abs(at - aim))
    return (text[:end], *break_by_sense(text[end:], most))


#: How good a place it is to break a title after these words or marks.
_PAUSES = (
    ("”建设", 8),
    ("》", 8),
    ("工作", 7),
    ("建设", 7),
    ("，", 6),
    ("、", 4),
    ("的", 3),
    ("和", -4),
)
_OPENING, _CLOSING = "《“（〔", "》”）〕、，。的和与"


def _pause(text: str, at: int) -> int:
    """Higher is better; the inside of 《》 and “” is bad, a line may not start with a mark."""
    before, after = text[:at], text[at:]
    if after[0] in _CLOSING or before[-1] in _OPENING:
        return -100
    inside = sum(before.count(mark) for mark in "《“") - sum(before.count(mark) for mark in "》”")
    best = max((value for word, value in _PAUSES if before.endswith(word)), default=0)
    return best - 20 * (inside > 0)
