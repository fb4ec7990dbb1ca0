"""Setting up a further campaign from a plan that was read and corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from campaign.choices import CampaignState
from campaign.models import Campaign
from campaign.permissions import can_set_up
from campaign.services import load_campaign
from units.choices import UnitKind
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.definition import Definition


class AlreadySetUp(Exception):
    """A campaign with this address exists; its plan is not overwritten from a page."""


@transaction.atomic
def set_up_campaign(by: User, definition: Definition) -> Campaign:
    """A campaign in preparation, steered by the campaign group of the person who sets it up.

    Raises PermissionDenied, or AlreadySetUp if the definition's slug is taken.
    """
    if not can_set_up(by):
        raise PermissionDenied
    if Campaign.objects.filter(slug=definition.slug).exists():
        raise AlreadySetUp(f"campaign {definition.slug} exists")
    campaign = load_campaign(definition, by=by, state=CampaignState.DRAFT)
    groups = [
        post.unit_id for post in standing_of(by).posts if post.kind == UnitKind.CAMPAIGN_GROUP
    ]
    if groups:
        Campaign.objects.filter(pk=campaign.pk).update(campaign_group_id=groups[0])
        campaign.refresh_from_db()
    return campaign
