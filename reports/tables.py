"""The tables of a report, made of counted facts. Their rows are never sorted by a figure."""

from reports.facts import ProgressFacts
from reports.paper import Cell, Column, Table

BLANK = "空白"


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
            Column("研讨主题", 30),
            Column("活动", 9, "场"),
            Column("意见建议", 12, "条"),
            Column("对策建议", 12, "件"),
            Column("已答复", 10, "件"),
            Column("采纳", 10, "件"),
            Column("成果", 10, "项"),
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
        is_matrix=True,
    )
