"""The shipped plan moved to today, with a fictional construction plan to revise."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from campaign.choices import ActivityKind, DemandKind, DocumentKind
from campaign.definition import read_definition
from campaign.models import (
    Campaign,
    Clause,
    ClauseWording,
    Demand,
    PlanDocument,
    PlanVersion,
)
from campaign.services import load_campaign
from core.chinese_text import ordinal
from units.choices import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from units.demo import DemoSchool

SHIPPED = Path(__file__).parent / "data" / "jinzhi-2019-68.toml"
SLUG = "demo"
#: The demo stands on this day of the second phase.
DAY_OF_PHASE_TWO = 20

_STUDY = (ActivityKind.CENTRAL_GROUP_STUDY, ActivityKind.THEMED_PARTY_DAY,
          ActivityKind.STAFF_POLITICAL_STUDY)  # fmt: skip
_DISCUSSION = (ActivityKind.FORUM, ActivityKind.SEMINAR, ActivityKind.EXCHANGE_MEETING,
               ActivityKind.FIELD_VISIT, ActivityKind.QUESTIONNAIRE)  # fmt: skip


class Wish(NamedTuple):
    """A proposal of the demo and what it hangs together with.

    `answers` and `clause` count the opinions and clauses of its theme from 1; `indicator` is how
    its measure is told to be done.
    """

    title: str
    problem: str
    measures: str
    answers: int
    clause: int
    indicator: str


class ThemeTexts(NamedTuple):
    """What the fictional school says about one theme."""

    clauses: list[tuple[str, str]]
    opinions: list[str]
    proposals: list[Wish]


@cache
def texts() -> tuple[ThemeTexts, ...]:
    """One entry per theme of the shipped plan, in its order."""
    data = tomllib.loads((SHIPPED.parent / "demo.toml").read_text(encoding="utf-8"))
    return tuple(
        ThemeTexts(
            [(heading, text) for heading, text in theme["clauses"]],
            theme["opinions"],
            [Wish(**wish) for wish in theme["proposals"]],
        )
        for theme in data["themes"]
    )


@cache
def wishes() -> dict[str, tuple[int, Wish]]:
    """By the words of the opinion it answers: the order of its theme, and the proposal."""
    return {
        content.opinions[wish.answers - 1]: (order, wish)
        for order, content in enumerate(texts(), start=1)
        for wish in content.proposals
    }


def make_campaign(on: date, school: DemoSchool) -> Campaign:
    """The issued plan with every date moved so that `on` is day 20 of the second phase.

    Labels in 旬 would no longer be true, so the moved phases carry their dates as labels.
    """
    definition = read_definition(SHIPPED)
    shift = on - timedelta(days=DAY_OF_PHASE_TWO - 1) - definition.phases[1].starts_on
    phases = [
        msgspec.structs.replace(
            phase,
            starts_on=phase.starts_on + shift,
            ends_on=phase.ends_on + shift,
            label=_label(phase.starts_on + shift, phase.ends_on + shift),
        )
        for phase in definition.phases
    ]
    campaign = load_campaign(msgspec.structs.replace(definition, slug=SLUG, phases=phases))
    Campaign.objects.filter(pk=campaign.pk).update(
        is_demo=True, plan_group=school.plan_group, campaign_group=school.campaign_group
    )
    campaign.refresh_from_db()
    _set_demands(campaign)
    _write_documents(campaign)
    return campaign


def _label(first: date, last: date) -> str:
    return f"{first.month}月{first.day}日—{last.month}月{last.day}日"


def _set_demands(campaign: Campaign) -> None:
    """What the (fictional) work group set; the plan itself names no day and no number."""
    first, second, _ = campaign.phases.all()
    grassroots = [UnitKind.GENERAL_BRANCH, UnitKind.BRANCH]
    start = campaign.demands.count()
    rows = [
        (DemandKind.KICK_OFF, "召开动员部署会", [UnitKind.GENERAL_BRANCH],
         [ActivityKind.KICK_OFF], 1, first.starts_on, first.ends_on),
        (DemandKind.ACTIVITY, "集中学习不少于2次", grassroots, _STUDY, 2,
         second.starts_on, second.starts_on + timedelta(days=DAY_OF_PHASE_TWO + 3)),
        (DemandKind.ACTIVITY, "组织研讨不少于1次", grassroots, _DISCUSSION, 1,
         second.starts_on, second.starts_on + timedelta(days=DAY_OF_PHASE_TWO + 8)),
        (DemandKind.PROPOSAL, "提出对策建议不少于1条", grassroots, [], 1,
         second.starts_on, second.ends_on - timedelta(days=5)),
    ]  # fmt: skip
    Demand.objects.bulk_create(
        Demand(
            campaign=campaign,
            order=start + number,
            kind=kind,
            title=title,
            text="由工作组设定，非方案原文（演示数据）。",
            unit_kinds=list(unit_kinds),
            activity_kinds=list(activity_kinds),
            quota=quota,
            opens_on=opens_on,
            due_on=due_on,
        )
        for number, (kind, title, unit_kinds, activity_kinds, quota, opens_on, due_on) in enumerate(
            rows, start=1
        )
    )


def _write_documents(campaign: Campaign) -> None:
    """Both target documents (S23), a clause per theme and three below it, version 1."""
    titles = {
        DocumentKind.CONSTRUCTION_PLAN: "建设方案（演示文本）",
        DocumentKind.TASK_BOOK: "建设任务书（演示文本）",
    }
    clauses = list(_clauses(campaign))
    for kind, title in titles.items():
        document = PlanDocument.objects.create(campaign=campaign, kind=kind, title=title)
        version = PlanVersion.objects.create(
            document=document, number=1, made_on=campaign.phases.all()[0].starts_on
        )
        rows = Clause.objects.bulk_create(
            Clause(document=document, order=order, number=number, depth=depth, title=heading)
            for order, (number, depth, heading, _) in enumerate(clauses, start=1)
        )
        ClauseWording.objects.bulk_create(
            ClauseWording(clause=row, version=version, text=text)
            for row, (*_, text) in zip(rows, clauses, strict=True)
        )


def _clauses(campaign: Campaign) -> Iterator[tuple[str, int, str, str]]:
    """Number, depth, heading and text of every clause: a heading per theme, three under each."""
    for chapter, (theme, content) in enumerate(
        zip(campaign.themes.all(), texts(), strict=True), start=1
    ):
        yield ordinal(chapter), 1, theme.title, theme.title + "。"
        for number, (heading, text) in enumerate(content.clauses, start=1):
            yield f"{chapter}.{number}", 2, heading, text
