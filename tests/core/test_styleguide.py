"""The style guide and, through it, the whole component set in a real browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from tests import browser
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def test_only_staff_see_the_style_guide(client):
    client.force_login(UserFactory.create())
    assert client.get(reverse("styleguide")).status_code == 403

    client.force_login(UserFactory.create(is_staff=True))
    assert client.get(reverse("styleguide")).status_code == 200


@pytest.fixture
def guide(page: Page, live_server) -> Page:
    browser.sign_in(page, live_server.url, UserFactory.create(is_staff=True))
    page.goto(live_server.url + reverse("styleguide"))
    return page


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", browser.WIDTHS)
def test_the_components_are_accessible_and_fit_the_window(guide, width, dark):
    browser.show(guide, width=width, dark=dark)
    browser.keep_picture(guide, f"styleguide-{width}-{'dark' if dark else 'light'}")

    assert browser.violations(guide) == []
    assert browser.overflow(guide) == 0
