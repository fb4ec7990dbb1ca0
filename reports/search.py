"""One search across records, opinions, proposals and clauses, each as far as one may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from campaign.models import Clause
from core.chinese_text import chinese_date, excerpt
from proposals.models import Proposal
from seminars.models import Activity, Opinion

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign

#: Nobody searches for more; a longer text would only cost.
LONGEST = 60
#: How many of each kind are shown; the list of the kind shows the rest.
SHOWN = 5
_EXCERPT = 60


@dataclass(frozen=True)
class Hit:
    title: str
    meta: str
    #: Route and key of its page; an opinion has none of its own.
    route: str = ""
    key: int = 0


@dataclass(frozen=True)
class Group:
    """What was found of one kind, newest first, and the route of the list with all of it."""

    id: str
    title: str
    hits: tuple[Hit, ...]
    route: str = ""


def find(user: User, campaign: Campaign, text: str) -> list[Group]:
    """Four queries, whatever is found; kinds of which nothing was found are left out."""
    groups = (
        Group(
            "found-activities", "活动记录", _activities(user, campaign, text), "seminars:activities"
        ),
        Group("found-opinions", "意见", _opinions(user, campaign, text), "seminars:opinions"),
        Group("found-proposals", "对策建议", _proposals(user, campaign, text), "proposals:list"),
        Group("found-clauses", "方案条款", _clauses(campaign, text)),
    )
    return [group for group in groups if group.hits]


def _activities(user: User, campaign: Campaign, text: str) -> tuple[Hit, ...]:
    rows = Activity.objects.visible_to(user).logged().in_campaign(campaign).matching(text)
    return tuple(
        Hit(
            row.title,
            f"{row.unit.short_name}，{chinese_date(row.held_on)}",
            "seminars:activity",
            row.pk,
        )
        for row in rows.newest_first().select_related("unit")[:SHOWN]
    )


def _opinions(user: User, campaign: Campaign, text: str) -> tuple[Hit, ...]:
    rows = Opinion.objects.visible_to(user).filter(campaign=campaign).matching(text)
    return tuple(
        Hit(excerpt(row.text, _EXCERPT), f"{row.unit.short_name}，{row.get_status_display()}")
        for row in rows.newest_first().select_related("unit")[:SHOWN]
    )


def _proposals(user: User, campaign: Campaign, text: str) -> tuple[Hit, ...]:
    rows = Proposal.objects.visible_to(user).in_campaign(campaign).matching(text)
    return tuple(
        Hit(
            row.title or "未命名的建议",
            "，".join(filter(None, (row.number, row.unit.short_name, row.get_status_display()))),
            "proposals:detail",
            row.pk,
        )
        for row in rows.newest_first().select_related("unit")[:SHOWN]
    )


def _clauses(campaign: Campaign, text: str) -> tuple[Hit, ...]:
    """Clauses whose number, title or wording in any version holds every word."""
    rows = Clause.objects.filter(document__campaign=campaign)
    for word in text.split():
        said = Q(wordings__text__icontains=word)
        rows = rows.filter(Q(number=word) | Q(title__icontains=word) | said)
    return tuple(
        Hit(str(row), f"《{row.document.title}》", "proposals:clause", row.pk)
        for row in rows.select_related("document").distinct()[:SHOWN]
    )
