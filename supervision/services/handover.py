"""From one secretary or liaison to the next: the post, and everything left open with it.

What was recorded keeps its author; what is not finished yet goes to the successor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from outcomes.choices import MeasureStatus
from outcomes.models import Measure
from proposals.choices import Status
from proposals.models import Proposal
from seminars.choices import ActivityStatus
from seminars.models import Activity
from units.permissions import can_manage_organisation
from units.services import IllegalChange, appoint, end_post

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from accounts.models import User
    from units.models import Membership


@dataclass(frozen=True)
class Unfinished:
    """What a person has open in a unit and the units below it."""

    activities: QuerySet[Activity]
    proposals: QuerySet[Proposal]
    measures: QuerySet[Measure]

    def counts(self) -> dict[str, int]:
        return {
            "activities": self.activities.count(),
            "proposals": self.proposals.count(),
            "measures": self.measures.count(),
        }


def unfinished(post: Membership) -> Unfinished:
    """Drafts of activities, drafts and returned proposals, and open measures of the person."""
    within: dict[str, Any] = {"unit__path__startswith": post.unit.path}
    return Unfinished(
        Activity.objects.filter(
            created_by=post.user, status=ActivityStatus.DRAFT, **within
        ).order_by("pk"),
        Proposal.objects.filter(
            author=post.user, status__in=[Status.DRAFT, Status.RETURNED], **within
        ).order_by("pk"),
        Measure.objects.filter(
            owner=post.user, status__in=[MeasureStatus.DRAFT, MeasureStatus.OPEN], **within
        ).order_by("pk"),
    )


@transaction.atomic
def hand_over(by: User, post: Membership, to: User, last_day: date) -> dict[str, int]:
    """End `post` on `last_day`, appoint `to` from the next day, pass on what is open.

    Returns how much was passed on. Raises IllegalChange if the successor is the same person, is
    disabled, or the last day lies before the first or after an end that is set already.
    """
    if not can_manage_organisation(by):
        raise PermissionDenied
    _check(post, to, last_day)
    left = unfinished(post)
    counts = left.counts()
    left.activities.update(created_by=to)
    left.proposals.update(author=to)
    left.measures.update(owner=to)
    end_post(by, post, last_day)
    successor = appoint(by, post.unit, to, post.position, last_day + timedelta(days=1))
    facts = {"from": post.user.username, "to": to.username, **counts}
    record(by, "supervision.hand_over", successor, after=facts)
    return counts


def _check(post: Membership, to: User, last_day: date) -> None:
    if to.pk == post.user_id:
        raise IllegalChange("接任的人就是现任，请填写另一个人的用户名。")
    if not to.is_active:
        raise IllegalChange(f"{to.name}的账户已停用，请先恢复账户或另选一个人。")
    if post.ends_on is not None and last_day > post.ends_on:
        raise IllegalChange(f"已登记的离任日期是{post.ends_on}，交接日期不能更晚，请改正。")
