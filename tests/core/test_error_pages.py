"""What people read when something goes wrong."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import permission_denied

from core.errors import bad_request
from tests import browser
from tests.factories import UserFactory


@pytest.mark.django_db
def test_an_unknown_address_says_what_may_be_the_matter(client):
    client.force_login(UserFactory.create())

    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "没有找到这个页面" in answer.content.decode()


@pytest.mark.django_db
def test_the_not_found_page_is_the_same_whatever_was_asked_for(client):
    client.force_login(UserFactory.create())

    assert client.get("/nowhere/").content == client.get("/elsewhere/7/").content


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused_and_its_texts_are_shown_again():
    text = "<b>学分银行要有专人负责</b>"

    answer = Client(enforce_csrf_checks=True).post(
        reverse("accounts:sign_in"), {"text": text, "password": "correct horse battery"}
    )

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "这一页放得太久了" in page
    assert "&lt;b&gt;学分银行要有专人负责" in page
    assert "correct horse" not in page


@pytest.mark.django_db
def test_a_form_sent_after_the_session_ended_gives_its_texts_back(client):
    answer = client.post(reverse("accounts:password"), {"text": "学分银行要有专人负责此事"})

    page = answer.content.decode()
    assert answer.status_code == 401
    assert "登录已过期" in page
    assert "学分银行要有专人负责此事" in page


@pytest.mark.django_db
def test_a_fragment_asked_for_after_the_session_ended_moves_the_whole_window(client):
    answer = client.get(
        reverse("notices:inbox"),
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/units/?q=1"},
    )

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer["HX-Redirect"] == "/sign-in/?next=%2Funits%2F%3Fq%3D1"


@pytest.mark.django_db
def test_a_page_asked_for_without_a_session_leads_to_the_sign_in_page(client):
    answer = client.get(reverse("notices:inbox"))

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/notices/")


@pytest.mark.django_db
def test_no_browser_keeps_a_private_page(client):
    client.force_login(UserFactory.create())

    assert client.get(reverse("notices:inbox"))["Cache-Control"] == "private, no-store"
    assert client.get("/nowhere/")["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_a_request_above_the_limit_is_called_too_large(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = client.post(reverse("accounts:sign_in"), {"username": "长" * 200})

    assert answer.status_code == 413
    assert "发送的内容太大" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_an_absent_database_is_told_from_a_mistake_of_ours(client, monkeypatch, fault):
    client.raise_request_exception = False
    monkeypatch.setattr("accounts.views.SignInView.dispatch", failing_with(fault))

    answer = client.get(reverse("accounts:sign_in"))

    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "系统暂时无法使用" in answer.content.decode()


def failing_with(fault: type[Exception]) -> Any:
    def fail(*_args: object, **_more: object) -> None:
        raise fault

    return fail


@pytest.mark.django_db
def test_a_view_that_fails_answers_plainly(client, monkeypatch):
    client.force_login(UserFactory.create())
    client.raise_request_exception = False
    monkeypatch.setattr("config.frame.build_frame", failing_with(ZeroDivisionError))

    answer = client.get(reverse("notices:inbox"))

    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()


def test_a_refusal_with_a_reason_shows_it_escaped():
    request = RequestFactory().get("/")

    page = permission_denied(request, PermissionDenied("<b>本人不能审自己的建议。</b>"))

    assert "&lt;b&gt;本人不能审自己的建议。" in page.content.decode()


def test_a_broken_request_is_answered_plainly():
    answer = bad_request(RequestFactory().get("/"), SuspiciousOperation())

    assert (answer.status_code, "这个请求看不懂" in answer.content.decode()) == (400, True)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/units/%00/", "/people/?q=a%00b"])
def test_an_address_with_a_nul_is_refused_on_either_database(client, address):
    client.force_login(UserFactory.create(is_superuser=True))

    answer = client.get(address)

    assert (answer.status_code, "这个请求看不懂" in answer.content.decode()) == (400, True)


@pytest.mark.browser
@pytest.mark.django_db
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_error_page_is_accessible(page, live_server, width, dark):
    browser.show(page, width=width, dark=dark)
    page.goto(live_server.url + "/nowhere/")
    browser.keep_picture(page, f"not-found-{width}-{'dark' if dark else 'light'}")

    assert browser.violations(page) == []
    assert browser.overflow(page) == 0
