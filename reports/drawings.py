"""The charts of a report, drawn once and shown on the page and on paper alike.

`link` turns the name of a list and its filters into an address; on paper there are none.
"""

from typing import Protocol

from core import charts
from core.chinese_text import share_of
from core.svg import Drawing
from reports.facts import ProgressFacts

_SUNDAY = 7


class Link(Protocol):
    def __call__(self, records: str, /, **filters: object) -> str: ...


def no_link(_records: str, /, **_filters: object) -> str:
    return ""


def funnel(facts: ProgressFacts, link: Link = no_link) -> Drawing:
    """From what was voiced to what became of it."""
    return charts.funnel("从意见到成果", funnel_stages(facts, link))


def funnel_stages(facts: ProgressFacts, link: Link = no_link) -> tuple[charts.Stage, ...]:
    figures = facts.figures
    answered = figures.answered.now
    note = share_of(answered, figures.proposals.now, "建议") if figures.proposals.now else ""
    return (
        charts.Stage("意见建议", figures.opinions.now, "条", href=link("opinions")),
        charts.Stage("问题清单", figures.problems.now, "项", href=link("problems")),
        charts.Stage("对策建议", figures.proposals.now, "件", href=link("proposals")),
        charts.Stage("已答复", answered, "件", note, link("proposals", status="decided")),
        charts.Stage("修订条款", figures.clauses_revised.now, "处", href=link("revisions")),
        charts.Stage("举措", figures.measures, "项", href=link("measures")),
        charts.Stage("成果", figures.outcomes.now, "项", href=link("outcomes")),
    )


def blank_spots(facts: ProgressFacts, link: Link = no_link) -> Drawing:
    """Units × themes; what nobody has taken up is hatched."""
    themes = [theme for theme in facts.themes if theme.id is not None]
    rows = [
        charts.HeatRow(
            unit.name,
            tuple(
                charts.Cell(
                    count, link("activities", unit=unit.id, theme=theme.id) if count else ""
                )
                for theme, count in zip(themes, unit.by_theme, strict=True)
            ),
        )
        for unit in facts.units
        if not unit.is_base
    ]
    return charts.heat_map("各单位各主题活动", [theme.short_title for theme in themes], rows, "场")


def weekly(facts: ProgressFacts) -> Drawing:
    """Activities, opinions and proposals week by week; an unfinished week says so."""
    weeks = facts.weeks
    return charts.trend(
        "每周新增",
        [week.starts_on for week in weeks],
        (
            charts.Series("活动", tuple(week.activities for week in weeks)),
            charts.Series("意见建议", tuple(week.opinions for week in weeks)),
            charts.Series("对策建议", tuple(week.proposals for week in weeks)),
        ),
        "场/条/件",
        ongoing=bool(weeks) and facts.as_of.isoweekday() != _SUNDAY,
    )


def coverage(facts: ProgressFacts) -> Drawing:
    """Activities each audience group took part in."""
    rows = [
        charts.Bar(group.name, group.activities) for group in facts.groups if group.id is not None
    ]
    return charts.bars("各群体参加活动", rows, "场")


def voices(facts: ProgressFacts, link: Link = no_link) -> Drawing:
    """Opinions by audience group; only for the whole school (see `GroupFacts.opinions`)."""
    rows = [
        charts.Bar(
            group.name,
            group.opinions or 0,
            link("opinions", audience_group=group.id) if group.opinions and group.id else "",
        )
        for group in facts.groups
    ]
    return charts.bars("意见建议来源", rows, "条")
