"""Who may change a campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from campaign.choices import CampaignState
from units.standing import standing_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from campaign.models import Campaign
    from units.models import Unit


def can_set_up(user: User | AnonymousUser) -> bool:
    """Members of a campaign group, and administrators, may set up a further campaign."""
    standing = standing_of(user)
    return standing.is_organiser or standing.is_administrator


def can_steer(user: User | AnonymousUser, campaign: Campaign) -> bool:
    """Members of the campaign's own group, and administrators; nobody once it is sealed."""
    standing = standing_of(user)
    is_theirs = campaign.campaign_group_id is not None and standing.belongs_to(
        campaign.campaign_group_id
    )
    return campaign.state != CampaignState.SEALED and (is_theirs or standing.is_administrator)


def can_seal(user: User | AnonymousUser, campaign: Campaign) -> bool:
    """Chairs of the campaign's group, and administrators, while it runs."""
    standing = standing_of(user)
    steers = can_steer(user, campaign) and (standing.is_leader or standing.is_administrator)
    return campaign.state == CampaignState.RUNNING and steers


def can_set_topics(user: User | AnonymousUser, unit: Unit, campaign: Campaign) -> bool:
    """Whoever reports for the unit, until the campaign is sealed."""
    return campaign.state != CampaignState.SEALED and standing_of(user).reports_for(unit)


def can_load_document(user: User | AnonymousUser, campaign: Campaign) -> bool:
    """Those who steer the campaign, and members of its plan group, who revise the documents."""
    revises = campaign.plan_group_id is not None and standing_of(user).belongs_to(
        campaign.plan_group_id
    )
    return can_steer(user, campaign) or (revises and campaign.state != CampaignState.SEALED)
