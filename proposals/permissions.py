"""Who may do what with a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.choices import CampaignState
from campaign.permissions import can_steer
from proposals.choices import Conflict, PackageStatus
from proposals.models import Proposal
from units.choices import LEADING_POSITIONS
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign
    from proposals.models import Decision, Reply, SubmissionPackage
    from units.models import Unit


def can_draft_for(user: User, unit: Unit) -> bool:
    """Secretaries and liaisons write for their unit and the units below it."""
    return standing_of(user).reports_for(unit)


def can_write(user: User, proposal: Proposal) -> bool:
    """The author while still in the unit, and whoever reports for the unit now."""
    standing = standing_of(user)
    is_author = proposal.author_id == user.pk and standing.is_within(proposal.unit)
    return is_author or standing.reports_for(proposal.unit)


def is_in_plan_group(user: User, campaign: Campaign) -> bool:
    group = campaign.plan_group_id
    return group is not None and standing_of(user).belongs_to(group)


def can_set_rules(user: User, campaign: Campaign) -> bool:
    """Chairs and deputies of the plan group, and whoever steers the campaign."""
    leads = any(
        post.unit_id == campaign.plan_group_id and post.position in LEADING_POSITIONS
        for post in standing_of(user).posts
    )
    is_running = campaign.state == CampaignState.RUNNING
    return is_running and (leads or can_steer(user, campaign))


def conflict_of(user: User, proposal: Proposal) -> Conflict | None:
    """Why `user` stays out of the deliberation, None if nothing keeps them from it.

    One query, unless the proposal was read with `with_conflict_of(user)`.
    """
    if getattr(proposal, "conflict_reader_id", None) != user.pk:
        proposal = Proposal.objects.with_conflict_of(user).get(pk=proposal.pk)
    conflict: str = getattr(proposal, "conflict")  # noqa: B009 - an annotation, unknown to types
    return Conflict(conflict) if conflict else None


def can_review(user: User, proposal: Proposal) -> bool:
    """Members of the plan group review, but never what they or their own unit wrote (N11)."""
    return is_in_plan_group(user, proposal.campaign) and conflict_of(user, proposal) is None


def can_publish(user: User, proposal: Proposal) -> bool:
    """Publishing is no deliberation: of conflicts only authorship stands in its way."""
    in_group = is_in_plan_group(user, proposal.campaign)
    return in_group and conflict_of(user, proposal) is not Conflict.AUTHOR


def can_declare_recusal(user: User, proposal: Proposal) -> bool:
    """A reviewer for themselves; the author's side for a reviewer they hold to be biased."""
    return is_in_plan_group(user, proposal.campaign) or can_write(user, proposal)


def can_co_sign(user: User, proposal: Proposal) -> bool:
    """Anyone who may read it, except the author and those who will judge it."""
    is_judge = is_in_plan_group(user, proposal.campaign)
    return proposal.author_id != user.pk and not is_judge


def can_rate(user: User, reply: Reply) -> bool:
    return reply.recipient_id == user.pk


def can_answer_again(user: User, reply: Reply) -> bool:
    """Members of the plan group, except for what they wrote or were answered themselves."""
    proposal = reply.decision.proposal
    is_concerned = user.pk in {reply.recipient_id, proposal.author_id}
    return is_in_plan_group(user, proposal.campaign) and not is_concerned


def can_report_back(user: User, decision: Decision) -> bool:
    """Whoever reports for the department a published decision passed the matter on to."""
    if decision.published_at is None or decision.referred_to is None:
        return False
    is_running = decision.proposal.campaign.state == CampaignState.RUNNING
    return is_running and standing_of(user).reports_for(decision.referred_to)


def can_compile(user: User, unit: Unit) -> bool:
    """Whoever reports for a unit puts its submission package together."""
    return standing_of(user).reports_for(unit)


def can_receive(user: User, package: SubmissionPackage) -> bool:
    """Members of the plan group, but not for a unit they report for themselves."""
    in_group = is_in_plan_group(user, package.campaign)
    is_sent = package.status == PackageStatus.SENT
    return in_group and is_sent and not standing_of(user).reports_for(package.unit)
