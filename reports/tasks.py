"""Doorways for the worker."""

from celery import shared_task
from django.utils import timezone


@shared_task
def render(job_id: int) -> bool:
    from reports.services import make

    return make(job_id)


@shared_task
def sweep() -> int:
    from reports.services import sweep as sweep_jobs

    return sweep_jobs(timezone.now())
