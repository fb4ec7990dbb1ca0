"""What several views of proposals look up first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from campaign.models import Campaign
from proposals.models import Proposal
from proposals.permissions import is_in_plan_group

if TYPE_CHECKING:
    from accounts.requests import SignedInRequest


def campaign_or_404() -> Campaign:
    campaign = Campaign.objects.current()
    if campaign is None:
        raise Http404("no campaign runs")
    return campaign


def proposal_or_404(request: SignedInRequest, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(request.user).with_conflict_of(request.user)
    return get_object_or_404(rows.with_page_facts(), pk=pk)


def plan_group_only(request: SignedInRequest) -> Campaign:
    campaign = campaign_or_404()
    if not is_in_plan_group(request.user, campaign):
        raise PermissionDenied(f"{request.user.pk} is not in the plan group")
    return campaign
