from celery import shared_task


@shared_task
def record_heartbeat() -> None:
    from core.health import record_heartbeat as record

    record()
