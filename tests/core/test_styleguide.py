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


@pytest.mark.browser
def test_the_keyboard_reaches_everything_in_reading_order(guide):
    browser.show(guide, width=1440)

    names = browser.focus_walk(guide)

    assert names[0] == "a 跳到正文"
    assert names[1].startswith("a 三大")
    order = [
        names.index(name) for name in ("a 首页", "a 导出台账", "button 提交建议", "button 保存记录")
    ]
    assert order == sorted(order)


@pytest.mark.browser
def test_the_persons_menu_opens_by_enter_and_closes_by_escape(guide):
    browser.show(guide, width=360)
    menu = guide.locator("summary.menu-button")

    menu.focus()
    guide.keyboard.press("Enter")
    guide.get_by_role("button", name="退出").wait_for(state="visible")
    assert browser.violations(guide) == []
    guide.keyboard.press("Escape")

    assert guide.get_by_role("button", name="退出").is_hidden()
    assert menu.evaluate("summary => summary === document.activeElement")


@pytest.mark.browser
def test_the_question_mark_shows_the_keys_until_they_are_switched_off(guide):
    dialog = guide.locator("#keyboard-help")
    guide.evaluate("document.activeElement.blur()")

    guide.keyboard.press("?")
    assert dialog.is_visible()
    assert browser.violations(guide) == []
    dialog.get_by_label("不使用单键操作").check()
    guide.keyboard.press("Escape")
    guide.keyboard.press("?")

    assert dialog.is_hidden()


@pytest.mark.browser
def test_the_first_mistake_is_announced_and_its_link_leads_to_the_field(guide):
    assert guide.evaluate("document.activeElement.className") == "error-summary"

    guide.get_by_role("link", name="请填写“名称”。").click()

    assert guide.evaluate("document.activeElement.id") == "wrong_title"


@pytest.mark.browser
def test_nothing_is_asked_of_any_other_host_and_the_first_visit_is_light(page, live_server):
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    violations = []
    page.on("console", lambda message: violations.append(message.text))
    browser.sign_in(page, live_server.url, UserFactory.create(is_staff=True))

    page.goto(live_server.url + reverse("styleguide"), wait_until="networkidle")

    assert [url for url in requests if not url.startswith(live_server.url)] == []
    assert len(requests) <= 15
    assert violations == []


@pytest.mark.browser
def test_the_page_works_without_javascript(browser_type, browser_type_launch_args, live_server):
    chromium = browser_type.launch(**browser_type_launch_args)
    page = chromium.new_context(java_script_enabled=False).new_page()
    browser.sign_in(page, live_server.url, UserFactory.create(is_staff=True))
    page.goto(live_server.url + reverse("styleguide"))

    page.locator("summary.menu-button").click()

    assert page.get_by_role("button", name="退出").is_visible()
    chromium.close()
