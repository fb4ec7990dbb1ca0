"""A plain activity stays below 8 taps and 60 characters (docs/log-inputs.md)."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from seminars.models import Activity
from tests.browser import sign_in
from tests.seminars.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_TAPS = 8
MOST_CHARACTERS = 60


class Thumb:
    """Taps and types as a person does, and counts."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.characters = 0

    def tap(self, selector: str) -> None:
        self.taps += 1
        self.page.locator(selector).first.click()

    def write(self, selector: str, text: str) -> None:
        self.tap(selector)
        self.characters += len(text)
        self.page.keyboard.type(text)


def test_a_plain_activity_takes_few_taps_and_characters(page, live_server, college_today):
    page.set_viewport_size(PHONE)
    sign_in(page, live_server.url, college_today.secretary)
    page.goto(live_server.url + reverse("seminars:activities"))
    thumb = Thumb(page)

    thumb.tap("a.bottombar-log")
    thumb.write("#id_title", "校企合作座谈会")
    thumb.write("#id_present", "26")
    thumb.tap("#id_themes_0")
    thumb.write("#id_content", "讨论产业学院的课程和师资。")
    thumb.write("#id_opinions-0-text", "企业导师的课酬标准要更新")
    thumb.tap(".save-bar .btn-primary")

    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()
    assert Activity.objects.filter(title="校企合作座谈会").count() == 1
    assert (thumb.taps, thumb.characters) == (7, 34)
    assert thumb.taps < MOST_TAPS
    assert thumb.characters < MOST_CHARACTERS
