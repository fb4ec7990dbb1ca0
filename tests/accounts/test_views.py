import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from tests.factories import UserFactory, at

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse 电池 订书钉"


@pytest.fixture
def person():
    user = UserFactory(username="linzhiqiu")
    user.set_password(PASSWORD)
    user.save()
    return user


def try_in(username, password, address="10.0.0.1", **headers):
    return Client(REMOTE_ADDR=address).post(
        reverse("accounts:sign_in"), {"username": username, "password": password}, **headers
    )


def test_the_right_password_signs_in_and_leaves_a_line_with_the_address(person):
    answer = try_in("linzhiqiu", PASSWORD, address="10.0.0.7")

    entry = AuditEntry.objects.get(action="accounts.sign_in")
    assert (answer.status_code, entry.actor, entry.address) == (302, person, "10.0.0.7")


def test_the_session_id_changes_at_sign_in(person, client):
    client.get(reverse("accounts:sign_in"))
    session = client.session
    session["before"] = True
    session.save()
    before = session.session_key

    client.post(reverse("accounts:sign_in"), {"username": "linzhiqiu", "password": PASSWORD})

    assert client.session.session_key != before


@time_machine.travel(at(9), tick=False)  # the form carries the moment it was shown
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(person):
    wrong, unknown = (
        re.sub(rf'{name}|csrfmiddlewaretoken" value="\w+"', "·", try_in(name, "x").content.decode())
        for name in ("linzhiqiu", "nobody-here")
    )

    assert "用户名或密码不正确" in wrong
    assert wrong == unknown


def test_a_disabled_person_gets_the_answer_of_a_wrong_password(person):
    person.is_active = False
    person.save()

    assert "用户名或密码不正确" in try_in("linzhiqiu", PASSWORD).content.decode()


def test_two_hundred_tries_from_many_addresses_check_at_most_ten_passwords(person, monkeypatch):
    checked = []
    for hasher in (PBKDF2PasswordHasher, *PBKDF2PasswordHasher.__subclasses__()):
        monkeypatch.setattr(hasher, "verify", lambda self, *a: checked.append(a))  # noqa: ARG005
    person.password = PBKDF2PasswordHasher().encode("secret", "salt")
    person.save()

    for number in range(200):
        answer = try_in("linzhiqiu", "x", address=f"10.0.{number // 50}.{number % 50}")

    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert len(checked) <= 10


def test_a_forged_forwarding_header_does_not_make_a_new_address(person):
    for number in range(12):
        answer = try_in(f"name{number}", "x", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")

    assert answer.status_code == 429


def test_after_a_quarter_of_an_hour_the_right_password_works_again(person):
    with time_machine.travel(timezone.now() - timedelta(minutes=16), tick=False):
        for _ in range(12):
            try_in("linzhiqiu", "x")

    assert try_in("linzhiqiu", PASSWORD, address="10.0.0.9").status_code == 302


def test_tries_during_the_lock_do_not_lengthen_it(person):
    with time_machine.travel(timezone.now() - timedelta(minutes=16), tick=False):
        for _ in range(11):
            try_in("linzhiqiu", "x")
    with time_machine.travel(timezone.now() - timedelta(minutes=5), tick=False):
        assert try_in("linzhiqiu", "x").status_code == 429

    assert try_in("linzhiqiu", PASSWORD).status_code == 302


def test_a_session_does_not_outlive_signing_out(person, client):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies["sessionid"].value
    client.post(reverse("accounts:sign_out"))
    replay = Client()
    replay.cookies["sessionid"] = cookie

    assert replay.get(reverse("units:me")).status_code == 302


def test_a_new_password_ends_the_other_sessions(person, client):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    client.post(
        reverse("accounts:password"),
        {
            "old_password": PASSWORD,
            "new_password1": "春眠不觉晓 2019",
            "new_password2": "春眠不觉晓 2019",
        },
    )

    statuses = [browser.get(reverse("units:me")).status_code for browser in (client, elsewhere)]
    assert statuses == [200, 302]
    assert AuditEntry.objects.filter(action="accounts.change_password", actor=person).exists()


@pytest.mark.parametrize("password", ["12345678", "password123", "linzhiqiu"])
def test_a_common_password_or_ones_own_name_is_refused(person, client, password):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(
        reverse("accounts:password"),
        {"old_password": PASSWORD, "new_password1": password, "new_password2": password},
    )

    person.refresh_from_db()
    assert (answer.status_code, person.check_password(PASSWORD)) == (422, True)


def test_disabling_a_person_ends_their_session_on_the_next_request(person, client):
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    person.is_active = False
    person.save()

    assert client.get(reverse("units:me")).status_code == 302
