"""Doorways for the worker."""

from celery import shared_task


@shared_task
def seal_trail() -> int:
    from accounts.audit import seal

    return seal()
