"""Doorways for the worker."""

from celery import shared_task
from django.utils import timezone


@shared_task
def assign_waiting() -> int:
    """People join and leave the plan group; no proposal waits for somebody who is not there."""
    from campaign.models import Campaign
    from proposals.assignment import assign_waiting as assign

    campaign = Campaign.objects.current()
    return assign(campaign, now=timezone.now()) if campaign else 0
