"""Reminder mail is stopped by one click, signed in or not."""

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from notices import outbox
from notices.choices import DeliveryStatus
from notices.models import Delivery, Preference
from notices.services import Message, announce_all
from notices.stopping import stop_path
from tests.factories import UserFactory, at

pytestmark = pytest.mark.django_db

NOW = at(10)


def remind(person: User, key: str = "ladder:1", *, is_automatic: bool = True) -> None:
    message = Message(person, key, "ladder", "临近期限", "正文", "原因", "/", is_automatic)
    announce_all([message], NOW)


def test_a_reminder_mail_says_how_to_stop_it_and_offers_the_programs_own_button():
    person = UserFactory.create()
    remind(person)

    outbox.deliver_due(NOW, seconds_at_most=5)

    [sent] = mail.outbox
    address = f"http://127.0.0.1:8000{stop_path(person)}"
    assert f"不想再收到提醒邮件：{address}" in sent.body
    assert sent.extra_headers["List-Unsubscribe"] == f"<{address}>"
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_what_a_person_sends_cannot_be_stopped_this_way():
    remind(UserFactory.create(), is_automatic=False)

    outbox.deliver_due(NOW, seconds_at_most=5)

    [sent] = mail.outbox
    assert "List-Unsubscribe" not in sent.extra_headers
    assert "不想再收到" not in sent.body


def test_looking_at_the_address_changes_nothing(client: Client):
    person = UserFactory.create()
    remind(person)

    response = client.get(stop_path(person))

    assert response.status_code == 200
    assert not Preference.objects.exists()
    assert Delivery.objects.get().status == DeliveryStatus.PENDING


def test_a_mail_program_stops_it_by_one_post_without_sign_in_or_token():
    person = UserFactory.create()
    remind(person)
    program = Client(enforce_csrf_checks=True)

    response = program.post(stop_path(person), {"List-Unsubscribe": "One-Click"})
    remind(person, "ladder:2")
    outbox.deliver_due(NOW, seconds_at_most=5)

    assert response.status_code == 200
    assert mail.outbox == []
    assert person.notices.count() == 2  # in the portal all stays visible
    assert Delivery.objects.get().status == DeliveryStatus.STOPPED


def test_another_persons_mail_goes_on(client: Client):
    person, other = UserFactory.create_batch(2)
    remind(other)

    client.post(stop_path(person))
    outbox.deliver_due(NOW, seconds_at_most=5)

    assert [sent.to for sent in mail.outbox] == [[other.email]]


@pytest.mark.parametrize("token", ["1", "1:x", "x:y:z", "9" * 2_000])
def test_an_address_nobody_signed_does_not_exist(client: Client, token: str):
    UserFactory.create()

    response = client.post(f"/notices/stop/{token}/")

    assert response.status_code == 404
    assert not Preference.objects.exists()


def test_the_page_of_a_reminder_has_the_button_until_it_was_pressed(client: Client):
    person = UserFactory.create()
    remind(person)
    client.force_login(person)
    address = f"/notices/{person.notices.get().pk}/"

    before = client.get(address).context["stop_path"]
    client.post(before)
    after = client.get(address).context["stop_path"]

    assert (before, after) == (stop_path(person), "")
