"""The first draft of a bulletin: what the period's records say, in the order of days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.chinese_text import excerpt, month_day, ordinal
from reports import sentences
from reports.choices import ReportKind
from reports.dossier import Wish, assemble_dossier

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from campaign.models import Campaign
    from outcomes.models import News
    from reports.dossier import Dossier
    from reports.listings import ActivityRow, MeasureRow, OutcomeRow, ProposalRow

_TOLD = 8
_EXCERPT = 80
_LISTS = frozenset({"activities", "adopted", "measures", "outcomes"})


def draft_text(campaign: Campaign, since: date, until: date, now: datetime) -> str:
    """The text a person goes on from; a heading stands on a line of its own."""
    wish = Wish(ReportKind.PROGRESS, campaign, as_of=until, since=since)
    dossier = assemble_dossier(wish, now, _LISTS)
    news = campaign.news.published_between(since, until).select_related("unit")[:_TOLD]
    told = [*_parts(dossier, since, until), ("动态选登", [_news(one) for one in news])]
    parts = [(heading, [line for line in lines if line]) for heading, lines in told]
    written = [(heading, lines) for heading, lines in parts if lines]
    return "\n".join(
        "\n".join([f"{ordinal(number)}{heading}", *lines])
        for number, (heading, lines) in enumerate(written, start=1)
    )


def _parts(dossier: Dossier, since: date, until: date) -> Iterable[tuple[str, list[str]]]:
    facts, lists = dossier.progress, dossier.lists
    yield "总体进展", [sentences.overall(facts), sentences.by_kind(facts)]
    yield "各单位动态", [_activity(row) for row in _one_a_unit(lists.activities)]
    answered = [sentences.verdicts(facts)] if facts.figures.proposals.now else []
    yield "建议办理", answered + [_adopted(row) for row in lists.adopted[:_TOLD]]
    closed = [row for row in lists.measures if row.closed_on and since <= row.closed_on <= until]
    yield "举措办结", [_closed(row) for row in closed[:_TOLD]]
    yield "成果", [_outcome(row) for row in lists.outcomes[:_TOLD]]


def _news(news: News) -> str:
    said = excerpt(news.text, _EXCERPT).rstrip("。")
    return f"{news.unit.short_name}：{news.title}。{said}。"


def _one_a_unit(rows: Iterable[ActivityRow]) -> list[ActivityRow]:
    """The first activity of each unit that says what was talked about, in the order of days."""
    first: dict[str, ActivityRow] = {}
    for row in rows:
        if row.content:
            first.setdefault(row.unit, row)
    return list(first.values())[:_TOLD]


def _activity(row: ActivityRow) -> str:
    said = excerpt(row.content, _EXCERPT).rstrip("。")
    return f"{row.unit}：{month_day(row.held_on)}开展{row.kind}“{row.title}”。{said}。"


def _adopted(row: ProposalRow) -> str:
    number = f"（{row.number}）" if row.number else ""
    return f"{row.unit}提出的“{row.title}”{number}：{row.fate}。"


def _closed(row: MeasureRow) -> str:
    day = month_day(row.closed_on) if row.closed_on else ""
    return f"{row.unit}：{day}办结举措“{row.title}”（{row.indicator}）。"


def _outcome(row: OutcomeRow) -> str:
    case = f"，并作为典型案例（{row.case}）发布" if row.case else ""
    return f"{row.unit}：{month_day(row.achieved_on)}形成{row.kind}“{row.title}”{case}。"
