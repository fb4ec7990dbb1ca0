"""Tell a worker that there is something to do.

The row in the database is the job; the message is only a hint that makes it quick. When
the broker is away the request goes on, and the sweeper finds the row.
"""

import logging
import time
from dataclasses import dataclass
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

#: After a failure no hint is tried for so long: a request that gives five waits once.
PAUSE_SECONDS = 10.0


@dataclass
class _Pause:
    until: float = 0.0  # on the monotonic clock


_pause = _Pause()


def hint(task: "Task[..., Any]", *args: str | int) -> None:
    """Ask a worker to run `task` once the current transaction is committed.

    Never raises: losing the hint only means that the sweeper runs the job later.
    """

    def send() -> None:  # not a partial: Django cannot name one when it logs its failure
        _send(task, args)

    transaction.on_commit(send, robust=True)


def _send(task: "Task[..., Any]", args: tuple[str | int, ...]) -> None:
    if time.monotonic() < _pause.until:
        return
    try:
        task.apply_async(args=args, retry=False)
    except OperationalError as error:
        _pause.until = time.monotonic() + PAUSE_SECONDS
        logger.warning("broker: no hint for %s%r: %s", task.name, args, error)
