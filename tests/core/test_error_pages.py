"""What people read when something goes wrong."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import bad_request, permission_denied, server_error

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
def test_a_form_without_its_token_says_the_page_is_too_old():
    answer = Client(enforce_csrf_checks=True).post(reverse("accounts:sign_in"))

    assert answer.status_code == 403
    assert "这一页放得太久了" in answer.content.decode()


def test_a_refusal_with_a_reason_shows_it_escaped():
    request = RequestFactory().get("/")

    page = permission_denied(request, PermissionDenied("<b>本人不能审自己的建议。</b>"))

    assert "&lt;b&gt;本人不能审自己的建议。" in page.content.decode()


@pytest.mark.parametrize(
    ("view", "status", "words"),
    [(server_error, 500, "系统出了问题"), (bad_request, 400, "这个请求看不懂")],
)
def test_the_barest_pages_still_speak_plainly(view, status, words):
    request = RequestFactory().get("/")

    answer = view(request) if view is server_error else view(request, None)

    assert (answer.status_code, words in answer.content.decode()) == (status, True)


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
