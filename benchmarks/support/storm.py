"""Workers that are killed while they send, run as a program of its own by `benchmarks.faults`.

    python -m benchmarks.support.storm WORKERS KILLS SEED

Starts so many workers on the outbox, kills one after another with signal 9 and starts another in
its place; then lets the rest finish, with the clock put forward past every waiting time.
"""

import os
import random
import signal
import sys
import time
from datetime import timedelta

import django

#: Beyond the time a claim lasts and the longest wait between attempts, again and again.
LATER = tuple(timedelta(hours=hours) for hours in (1, 2, 3, 9, 18, 36))


def main(workers: int, kills: int, seed: int) -> None:
    django.setup()
    dice = random.Random(seed)  # noqa: S311 - decides whom to kill, keeps no secret
    children = [_start() for _ in range(workers)]
    for _ in range(kills):
        _wait_until_something_is_on_its_way()
        time.sleep(dice.uniform(0, 0.03))
        victim = dice.randrange(workers)
        os.kill(children[victim], signal.SIGKILL)
        os.waitpid(children[victim], 0)
        children[victim] = _start()
    for child in children:
        os.waitpid(child, 0)
    _finish()


def _wait_until_something_is_on_its_way() -> None:
    """A worker killed before it has begun proves nothing.

    Gives up when nothing is due: what the server refused waits a minute, longer than any worker.
    """
    from django.utils import timezone

    from notices.models import Delivery

    seen = set(_claimed())
    while Delivery.objects.due(timezone.now()).exists():
        if set(_claimed()) - seen:
            return
        time.sleep(0.002)


def _claimed() -> list[int]:
    from notices.choices import DeliveryStatus
    from notices.models import Delivery

    return list(Delivery.objects.filter(status=DeliveryStatus.CLAIMED).values_list("pk", flat=True))


def _start() -> int:
    """A worker that sends until nothing is due; its process number."""
    from django.db import connections

    connections.close_all()  # a connection shared by two processes serves neither
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _work()
        status = 0
    finally:
        os._exit(status)


def _work() -> None:
    from django.utils import timezone

    from notices.outbox import deliver_due

    while deliver_due(timezone.now(), seconds_at_most=600):
        pass


def _finish() -> None:
    from django.utils import timezone

    from notices.outbox import deliver_due

    for wait in LATER:
        deliver_due(timezone.now() + wait, seconds_at_most=600)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
