"""Doorways for the worker."""

from celery import shared_task


@shared_task
def scan_locked_files() -> int:
    from seminars.services.files import scan_locked

    return scan_locked()
