"""Sealing a campaign: nothing is recorded in it any more, once everyone has been answered (N2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from campaign.choices import CampaignState
from campaign.models import Campaign
from campaign.permissions import can_seal
from proposals.choices import Status
from proposals.models import Decision, Reply
from seminars.choices import OpinionStatus, ProblemStatus

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User


@dataclass(frozen=True)
class Unanswered:
    """So many of one kind still wait for an answer; `route` and `query` lead to them."""

    title: str
    count: int
    word: str
    route: str
    query: str = ""


class StillUnanswered(Exception):
    """Somebody said something and has not been told what became of it."""

    def __init__(self, left: list[Unanswered]) -> None:
        super().__init__(f"{sum(one.count for one in left)} answers are missing")
        self.left = left


class NotRunning(Exception):
    """It is sealed already, or has not begun."""


def unanswered(campaign: Campaign) -> list[Unanswered]:
    """What keeps the campaign from being sealed, in the order of the chain; five queries."""
    opinions = campaign.opinions.filter(status=OpinionStatus.NEW).count()
    problems = campaign.problems.filter(status=ProblemStatus.OPEN).count()
    proposals = campaign.proposals.filter(status=Status.SUBMITTED).count()
    referrals = Decision.objects.published().unreported().filter(proposal__campaign=campaign)
    complaints = Reply.objects.in_campaign(campaign).unhappy().count()
    found = [
        Unanswered("没有处理结果的意见", opinions, "条", "seminars:opinions", "?status=new"),
        Unanswered("没有办结的问题", problems, "个", "seminars:problems"),
        Unanswered("没有答复的建议", proposals, "件", "proposals:list", "?status=submitted"),
        Unanswered("没有反馈办理情况的转办事项", referrals.count(), "件", "supervision:owed_list"),
        Unanswered("等待再次答复的不满意评价", complaints, "条", "supervision:owed_list"),
    ]
    return [one for one in found if one.count]


@transaction.atomic
def seal_campaign(by: User, campaign: Campaign, now: datetime) -> None:
    """Close the campaign for good. Raises PermissionDenied, StillUnanswered or NotRunning.

    The row is held first: records that are being written to the campaign are waited for, so none
    of them slips in between the look and the seal.
    """
    if not can_seal(by, campaign):
        raise PermissionDenied
    held = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if held.state != CampaignState.RUNNING:
        raise NotRunning(held.slug)
    if left := unanswered(held):
        raise StillUnanswered(left)
    held.state, held.sealed_at = CampaignState.SEALED, now
    held.save(update_fields=["state", "sealed_at"])
    record(by, "supervision.seal_campaign", held, after={"state": held.state})
