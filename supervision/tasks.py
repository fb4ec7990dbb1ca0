"""Doorways for the worker."""

from celery import shared_task
from django.utils import timezone


@shared_task
def send_due() -> int:
    from supervision.services.ladder import send_due as send

    return len(send(timezone.now()).sent)
