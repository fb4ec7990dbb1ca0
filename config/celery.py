"""The queue: workers and scheduler start from here."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready
from django.core.exceptions import ImproperlyConfigured

from core.production import refuse_unsafe_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sanda")
app.config_from_object("django.conf:settings", namespace="QUEUE")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_settings(**_kwargs: Any) -> None:
    try:
        refuse_unsafe_settings()
    except ImproperlyConfigured as error:  # Celery would log it and go on
        raise SystemExit(str(error)) from error


@worker_ready.connect
def _show_life_at_once(**_kwargs: Any) -> None:
    """The scheduler's first heartbeat would keep /readyz waiting for a quarter minute."""
    app.send_task("core.tasks.record_heartbeat")
