"""Whether this process is alive, and whether the portal can do its work."""

import logging
import time
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Queue
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

#: The scheduler asks for a heartbeat every 15 seconds; six missed ones are a fault.
HEARTBEAT_LIMIT_SECONDS = 90


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database, broker and worker all answer, else 503; says which one does not."""
    faults = {name: probe() for name, probe in PROBES.items()}
    return JsonResponse(
        {name: fault or "ok" for name, fault in faults.items()},
        status=503 if any(faults.values()) else 200,
    )


def record_heartbeat() -> None:
    """Run by a worker: scheduler, broker and worker are all alive at this moment."""
    settings.HEARTBEAT_FILE.touch()


def _database_fault() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.warning("readyz: database: %s", error)
        return "unreachable"
    return ""


def _broker_fault() -> str:
    with current_app.connection_for_write() as broker:
        faults: tuple[type[BaseException], ...] = (
            OperationalError,
            *broker.connection_errors,
            *broker.channel_errors,
        )
        try:
            Queue(settings.QUEUE_TASK_DEFAULT_QUEUE)(broker.default_channel).queue_declare()
        except faults as error:
            logger.warning("readyz: broker: %s", error)
            return "unreachable"
    return ""


def _worker_fault() -> str:
    try:
        silent_seconds = time.time() - settings.HEARTBEAT_FILE.stat().st_mtime
    except FileNotFoundError:
        return "no heartbeat yet"
    if silent_seconds > HEARTBEAT_LIMIT_SECONDS:
        return f"silent for {silent_seconds:.0f} s"
    return ""


#: Each gives an empty text, or in a word what is wrong.
PROBES: dict[str, Callable[[], str]] = {
    "database": _database_fault,
    "broker": _broker_fault,
    "worker": _worker_fault,
}
