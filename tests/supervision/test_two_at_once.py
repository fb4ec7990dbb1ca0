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
from supervision.burden import OverBudget
from supervision.models import BurdenRule, LadderStep
from supervision.services import sendings
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


def test_two_notices_at_once_do_not_both_find_room_in_a_week(school: School):
    BurdenRule.objects.create(campaign=school.campaign, weekly_requests=1)
    now = at(9, on=YELLOW)
    [topic] = sendings.topics(school.campaign, YELLOW)
    drafts = [
        sendings.write(
            school.campaign,
            school.organiser,
            about=topic,
            positions=[Position.SECRETARY],
            title=title,
            body="谢谢。",
            now=now,
        )
        for title in ("第一份", "第二份")
    ]
    waiting, refused = iter(drafts), []

    def send() -> None:
        try:
            sendings.send(next(waiting), school.organiser, {school.secretary.pk}, now)
        except OverBudget as fault:
            refused.append(fault)

    at_once(2, send)

    assert len(refused) == 1
    assert Notice.objects.count() == 1
