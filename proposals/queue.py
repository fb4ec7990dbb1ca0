"""The review queue: what waits, seen by one reviewer, in drawers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from proposals.models import Proposal

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign
    from proposals.querysets import ProposalQuerySet

_FREE = Q(is_free=True)


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
    """How many rows lie in each drawer; one query."""
    # The prefix keeps a count from taking the place of the annotation `conflict`.
    counts = {f"in_{drawer.name}": Count("pk", filter=drawer.condition) for drawer in DRAWERS}
    found = rows.order_by().aggregate(**counts)
    return {drawer.name: found[f"in_{drawer.name}"] for drawer in DRAWERS}
