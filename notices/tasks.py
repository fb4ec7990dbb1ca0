"""Doorways for the worker."""

from celery import shared_task
from django.utils import timezone

#: A pass ends before the scheduler asks for the next one.
SWEEP_SECONDS = 45


@shared_task
def deliver_one(delivery_id: int) -> bool:
    from notices.outbox import deliver

    return deliver(delivery_id, now=timezone.now())


@shared_task
def sweep_deliveries() -> int:
    from notices.outbox import deliver_due

    return deliver_due(now=timezone.now(), seconds_at_most=SWEEP_SECONDS)
