"""A session lives on while it is used, and costs a write only now and then."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, time_machine):
    time_machine.move_to("2019-10-10T10:00:00+08:00", tick=False)
    client.force_login(UserFactory(), backend="django.contrib.auth.backends.ModelBackend")
    client.get("/")
    return client


def test_a_page_soon_after_another_writes_no_session(signed_in, time_machine, settings):
    ends_at = Session.objects.get().expire_date
    time_machine.move_to("2019-10-10T10:00:50+08:00", tick=False)

    answer = signed_in.get("/")

    assert settings.SESSION_COOKIE_NAME not in answer.cookies
    assert Session.objects.get().expire_date == ends_at


def test_a_session_in_use_never_ends_early(signed_in, time_machine, settings):
    settings.SESSION_COOKIE_AGE = 30 * 60
    for minutes in (25, 50, 75):
        time_machine.move_to(f"2019-10-10T{10 + minutes // 60}:{minutes % 60}:00+08:00", tick=False)
        assert signed_in.get("/").status_code == 200

    left = Session.objects.get().expire_date - timezone.now()
    assert left == timedelta(minutes=30)


def test_a_session_ends_with_the_idle_time_although_it_was_used_between_two_writes(
    signed_in, time_machine, settings
):
    settings.SESSION_COOKIE_AGE = 30 * 60
    time_machine.move_to("2019-10-10T10:00:50+08:00", tick=False)
    signed_in.get("/")
    time_machine.move_to("2019-10-10T10:31:00+08:00", tick=False)

    assert signed_in.get("/").status_code == 302


def test_who_never_signed_in_gets_no_session(client):
    client.get("/")

    assert not Session.objects.exists()
