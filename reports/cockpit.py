"""The facts as the cockpit shows them: tiles, graphs, units, what waits for a decision."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from core.chinese_text import counted, month_day
from core.svg import Drawing
from reports import drawings
from reports.composition import moment_of
from reports.facts import DeadlineFacts, Figure, ProgressFacts, Scope, UnitFacts, WaitingProposal
from reports.links import RecordLinks
from reports.paper import Column, Table
from reports.tables import (
    groups_table,
    kinds_table,
    matrix_table,
    themes_table,
    units_table,
    weeks_table,
)

LINES_SHOWN = 5


@dataclass(frozen=True)
class Tile:
    label: str
    figure: Figure
    measure: str
    url: str


@dataclass(frozen=True)
class Graph:
    """A drawing, and where the same figures stand as a table."""

    title: str
    drawing: Drawing
    table_url: str


@dataclass(frozen=True)
class UnitRow:
    unit: UnitFacts
    url: str  # the same page for this unit; empty for the scope's own records


@dataclass(frozen=True)
class WaitingRow:
    title: str
    text: str
    url: str


@dataclass(frozen=True)
class DeadlineRow:
    title: str
    text: str
    is_late: bool


@dataclass(frozen=True)
class Cockpit:
    facts: ProgressFacts
    moment: str
    tiles: tuple[Tile, ...]
    funnel: Graph
    blank_spots_url: str
    weekly: Graph
    coverage: Graph
    units: tuple[UnitRow, ...]
    deadlines: tuple[DeadlineRow, ...]
    deadlines_url: str
    waiting: tuple[WaitingRow, ...]
    waiting_count: str
    waiting_url: str
    tables_url: str


def cockpit_of(facts: ProgressFacts) -> Cockpit:
    link = RecordLinks(facts.scope)
    figures = facts.figures
    tables = address_of("reports:tables", facts.scope)
    return Cockpit(
        facts=facts,
        moment=moment_of(facts),
        tiles=(
            Tile("活动", figures.activities, "场", link("activities")),
            Tile("意见建议", figures.opinions, "条", link("opinions")),
            Tile("对策建议", figures.proposals, "件", link("proposals")),
            Tile("已答复", figures.answered, "件", link("proposals", status="decided")),
        ),
        funnel=Graph("从意见到成果", drawings.funnel(facts, link), f"{tables}#funnel"),
        blank_spots_url=address_of("reports:blanks", facts.scope),
        weekly=Graph("每周新增", drawings.weekly(facts), f"{tables}#weekly"),
        coverage=Graph(*_coverage(facts, link), f"{tables}#coverage"),
        units=tuple(UnitRow(unit, _drill_down(unit)) for unit in facts.units),
        deadlines=tuple(_deadline(one, facts) for one in facts.deadlines if not one.is_review)[
            :LINES_SHOWN
        ],
        deadlines_url=reverse("supervision:owed_list"),
        waiting=tuple(map(_waiting, facts.waiting[:LINES_SHOWN])),
        waiting_count=counted(figures.waiting, "件"),
        waiting_url=link("proposals", status="submitted"),
        tables_url=tables,
    )


def blank_spots_of(facts: ProgressFacts) -> Graph:
    """Units × themes. Half of the cockpit's bytes, so it is a piece of its own."""
    drawing = drawings.blank_spots(facts, RecordLinks(facts.scope))
    return Graph("各单位各主题", drawing, f"{address_of('reports:tables', facts.scope)}#blanks")


def _coverage(facts: ProgressFacts, link: RecordLinks) -> tuple[str, Drawing]:
    """Whose voice was heard; in a part of the school, who took part (see `GroupFacts`)."""
    if facts.scope.is_school:
        return "意见建议来自哪些群体", drawings.voices(facts, link)
    return "各群体参加的活动", drawings.coverage(facts)


def address_of(route: str, scope: Scope) -> str:
    """A page of this app about the same school, unit or theme."""
    query = {"unit": scope.unit_code, "theme": scope.theme_order}
    chosen = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse(route)}?{chosen}" if chosen else reverse(route)


def _drill_down(unit: UnitFacts) -> str:
    return address_of("reports:cockpit", Scope(unit.name, unit_code=unit.code)) if unit.id else ""


def _waiting(item: WaitingProposal) -> WaitingRow:
    due = f"{month_day(item.due_on)}前答复" if item.due_on else "未定答复日期"
    return WaitingRow(
        item.title, f"{item.unit}，{due}", reverse("proposals:detail", args=[item.id])
    )


def _deadline(one: DeadlineFacts, facts: ProgressFacts) -> DeadlineRow:
    is_late = one.due_on < facts.as_of
    word = "已到期" if is_late else "截止"
    text = f"{month_day(one.due_on)}{word}，还差{counted(one.missing, one.measure)}"
    return DeadlineRow(one.title, f"{text}（共{counted(one.needed, one.measure)}）", is_late)


def tables_of(facts: ProgressFacts) -> list[tuple[str, Table]]:
    """Every table behind the graphs, with the name of its place on the page."""
    tables = [
        ("funnel", _funnel_table(facts)),
        ("units", units_table(facts)),
        ("blanks", matrix_table(facts)),
        ("themes", themes_table(facts)),
        ("weekly", weeks_table(facts)),
        ("coverage", groups_table(facts)),
        ("kinds", kinds_table(facts)),
    ]
    return [(place, table) for place, table in tables if table.rows]


def _funnel_table(facts: ProgressFacts) -> Table:
    rows = tuple(
        (stage.label, stage.value, stage.measure) for stage in drawings.funnel_stages(facts)
    )
    columns = (Column("环节", 50), Column("数量", 30), Column("单位", 20))
    return Table("从意见到成果", columns, rows)
