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
from units.models import Unit
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.definition import Definition


class AlreadySetUp(Exception):
    """A campaign with this address exists; its plan is not overwritten from a page."""


@transaction.atomic
def set_up_campaign(by: User, definition: Definition) -> Campaign:
    """A campaign in preparation, steered by the campaign group of the person who sets it up.

    Where the school has only one body of a kind, that is the campaign's.
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
    Campaign.objects.filter(pk=campaign.pk).update(
        campaign_group_id=groups[0] if groups else _only(UnitKind.CAMPAIGN_GROUP),
        plan_group_id=_only(UnitKind.PLAN_GROUP),
    )
    campaign.refresh_from_db()
    return campaign


def _only(kind: UnitKind) -> int | None:
    """The key of the school's one open body of this kind; None if there are several or none."""
    keys = list(Unit.objects.open().of_kind(kind).values_list("pk", flat=True)[:2])
    return keys[0] if len(keys) == 1 else None
