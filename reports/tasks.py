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


@shared_task
def purge() -> int:
    from reports.services import purge as purge_jobs

    return purge_jobs(timezone.now())


@shared_task
def run_schedules() -> int:
    from reports.schedules import run_schedules as run_due

    return run_due(timezone.now())


@shared_task
def refresh(snapshot_id: int) -> None:
    from reports.snapshots import refresh_one

    refresh_one(snapshot_id, timezone.now())


@shared_task
def refresh_school() -> None:
    from reports.snapshots import refresh_school as refresh_all

    refresh_all(timezone.now())
