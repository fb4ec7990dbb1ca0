"""Two schedulers and three workers at the same moment (safety 32)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection

from notices.choices import DeliveryStatus
from notices.models import Delivery, Notice
from notices.outbox import deliver_due
from supervision.models import LadderStep
from supervision.services.ladder import send_due
from tests.factories import MembershipFactory, UnitFactory, at
from tests.supervision.conftest import School
from units.choices import Position

YELLOW = date(2019, 10, 9)
BRANCHES = 5

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(times: int, work: Callable[[], object]) -> None:
    """Run `work` in so many threads, all let go at the same moment; raises what they raise."""
    barrier = Barrier(times)

    def start() -> None:
        try:
            barrier.wait(timeout=20)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        for running in [pool.submit(start) for _ in range(times)]:
            running.result(timeout=60)


@pytest.fixture
def many(school: School) -> School:
    """Five branches, each with a secretary who is to be reminded."""
    for _ in range(BRANCHES - 1):
        branch = UnitFactory.create(parent=school.committee)
        MembershipFactory.create(unit=branch, position=Position.SECRETARY)
    return school


def test_two_schedulers_tell_everyone_once(many: School):
    at_once(2, lambda: send_due(at(9, on=YELLOW)))

    assert Notice.objects.count() == BRANCHES
    assert LadderStep.objects.count() == BRANCHES
    assert Delivery.objects.count() == BRANCHES


def test_three_workers_send_every_mail_once(many: School):
    send_due(at(9, on=YELLOW))
    mail.outbox = []

    at_once(3, lambda: deliver_due(at(9, on=YELLOW), seconds_at_most=30))

    assert len({message.to[0] for message in mail.outbox}) == len(mail.outbox) == BRANCHES
    assert set(Delivery.objects.values_list("status", "attempts")) == {(DeliveryStatus.SENT, 1)}
