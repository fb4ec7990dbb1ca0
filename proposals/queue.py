"""The review queue: what waits, seen by one reviewer, in drawers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Count, Q

from proposals.models import Proposal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from campaign.models import Campaign
    from proposals.querysets import ProposalQuerySet

_FREE = Q(is_free=True)
#: What the drawers ask about.
_FACTS = ("is_free", "is_reviewed", "is_mine", "is_prepared")


@dataclass(frozen=True)
class Drawer:
    """One way to look at the queue. `condition` speaks of `with_review_facts_of`."""

    name: str
    label: str
    condition: Q


DRAWERS = (
    Drawer("todo", "待我评分", _FREE & Q(is_reviewed=False)),
    Drawer("mine", "分给我的", _FREE & Q(is_mine=True)),
    Drawer("undecided", "待拟决定", _FREE & Q(is_prepared=False)),
    Drawer("prepared", "已拟待公布", _FREE & Q(is_prepared=True)),
    Drawer("conflict", "须回避的", ~_FREE),
    Drawer("all", "全部待审议", Q()),
)


def drawer_called(name: str) -> Drawer:
    """The drawer of that name, or the first."""
    return next((drawer for drawer in DRAWERS if drawer.name == name), DRAWERS[0])


def waiting_for(user: User, campaign: Campaign) -> ProposalQuerySet:
    """Everything that waits, with what the drawers ask about; oldest due date first."""
    rows = Proposal.objects.visible_to(user).in_campaign(campaign).waiting()
    return rows.with_review_facts_of(user).oldest_due_first()


def count_drawers(rows: ProposalQuerySet) -> dict[str, int]:
    """How many rows lie in each drawer; one query, which asks each row for its facts once."""
    groups = list(rows.order_by().values(*_FACTS).annotate(rows=Count("pk")))
    return {
        drawer.name: sum(group["rows"] for group in groups if _holds(drawer.condition, group))
        for drawer in DRAWERS
    }


def _holds(condition: Q, facts: Mapping[str, Any]) -> bool:
    """What the database would say of a condition made of facts that are equal to something."""
    parts = [
        _holds(part, facts) if isinstance(part, Q) else _is(facts, *cast("tuple[str, Any]", part))
        for part in condition.children
    ]
    return (any(parts) if condition.connector == Q.OR else all(parts)) != condition.negated


def _is(facts: Mapping[str, Any], name: str, value: object) -> bool:
    return bool(facts[name] == value)
