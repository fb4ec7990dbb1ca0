from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from notices import services, tasks
from notices.models import Delivery, Notice
from notices.services import Message
from tests.factories import UserFactory, at

pytestmark = pytest.mark.django_db

NOW = at(10)


def announce(recipient: User, key: str = "decision:7", **changed: Any) -> bool:
    values: dict[str, Any] = {
        "kind": "decision",
        "title": "您的建议有了答复",
        "body": "建议“实训室晚间开放”已采纳。",
        "reason": "您是这条建议的执笔人。",
        "url": "/proposals/7/",
        "now": NOW,
    }
    return services.announce(recipient, key, **(values | changed))


def message(recipient: User, key: str) -> Message:
    return Message(recipient, key, "reminder", "临近期限", "正文", "原因", "/")


def only_delivery() -> Delivery:
    return Delivery.objects.get()


def test_an_event_is_told_once_to_each_person():
    first, second = UserFactory.create_batch(2)

    answers = [announce(first), announce(first), announce(second)]

    assert answers == [True, False, True]
    assert Notice.objects.filter(recipient=first).count() == 1
    assert Delivery.objects.count() == 2


def test_a_person_without_address_is_told_inside_the_portal_only():
    announce(UserFactory.create(email=""))

    assert Notice.objects.count() == 1
    assert not Delivery.objects.exists()


def test_nothing_is_told_when_the_callers_transaction_fails():
    def announce_and_fail() -> None:
        with transaction.atomic():
            announce(UserFactory.create())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        announce_and_fail()

    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_the_worker_is_told_once_the_notice_is_committed(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    hints: list[Any] = []
    monkeypatch.setattr(
        tasks.deliver_one, "apply_async", lambda args, **_options: hints.append(args)
    )

    with django_capture_on_commit_callbacks(execute=True):
        announce(UserFactory.create())
        told_before_commit = list(hints)

    assert told_before_commit == []
    assert hints == [(only_delivery().pk,)]


def test_many_messages_are_written_once_each():
    first, second = UserFactory.create_batch(2)
    announce(first, key="due:1")
    wanted = [message(first, "due:1"), message(first, "due:2"), message(second, "due:1")]

    fresh = services.announce_all([*wanted, wanted[-1]], NOW)
    again = services.announce_all(wanted, NOW)

    assert {(notice.recipient_id, notice.key) for notice in fresh} == {
        (first.pk, "due:2"),
        (second.pk, "due:1"),
    }
    assert again == []
    assert Notice.objects.count() == 3
    assert Delivery.objects.count() == 3


@pytest.mark.parametrize("count", [1, 3])
def test_many_messages_cost_the_same_queries(
    count: int, django_assert_num_queries: Callable[[int], Any]
):
    messages = [message(person, "due:1") for person in UserFactory.create_batch(count)]

    with django_assert_num_queries(6):  # 4 statements and a savepoint
        services.announce_all(messages, NOW)
