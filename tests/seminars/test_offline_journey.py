"""A secretary on a phone whose network goes away, and a phone that two people share."""

from urllib.parse import quote, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from seminars.choices import ActivityStatus
from seminars.models import Activity
from tests.browser import keep_picture, overflow, sign_in, violations
from tests.seminars.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "service_workers": "allow"}


@pytest.fixture
def address(live_server) -> str:
    """The portal by the name for which browsers run workers without HTTPS."""
    return f"http://localhost:{urlsplit(live_server.url).port}"


def open_the_form(page: Page, address: str, user: User) -> None:
    """The log form with the worker at work, as on the second visit of a phone."""
    page.set_viewport_size(PHONE)
    sign_in(page, address, user)
    page.goto(address + reverse("seminars:log"))
    expect(page.locator("html[data-device=ready]")).to_be_attached(timeout=30_000)


def fill_in(page: Page, title: str) -> None:
    page.locator("#id_title").fill(title)
    page.locator("#id_expected").fill("28")
    page.locator("#id_present").fill("26")
    page.locator("#id_content").fill("讨论产业学院的课程和师资。")
    page.get_by_label("第1条意见").fill("企业导师的课酬标准要更新")


def write_one_more(page: Page, title: str) -> None:
    """On the page the device keeps."""
    page.locator("#device-title").fill(title)
    page.locator("#device-place").fill("实训楼201")
    page.locator("#device-expected").fill("12")
    page.locator("#device-present").fill("11")
    page.locator("#device-content").fill("围绕实训室开放时间交换意见。")
    page.locator("#device-opinions").fill("晚间开放到九点\n周末可以预约")
    page.get_by_role("button", name="保存，联网后发送").click()


def test_what_is_written_without_a_network_is_sent_once_it_is_back(
    page: Page, address, college_today
):
    open_the_form(page, address, college_today.secretary)
    page.context.set_offline(True)
    fill_in(page, "校企合作座谈会")
    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.get_by_role("heading", name="没有网络时记一笔")).to_be_visible()
    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()
    assert Activity.objects.count() == 1
    page.goto(address + reverse("home"))
    expect(page.get_by_role("heading", name="没有网络时记一笔")).to_be_visible()
    assert page.locator("#device-unit").evaluate("box => box.selectedOptions[0].text") == (
        college_today.branch.short_name
    )
    write_one_more(page, "实训室开放研讨")
    expect(page.get_by_role("heading", name="实训室开放研讨")).to_be_visible()
    assert overflow(page) == 0
    keep_picture(page, "device-phone")
    assert violations(page) == []

    page.context.set_offline(False)
    expect(page.get_by_text("已记录：")).to_have_count(2, timeout=30_000)
    expect(page.locator("#device-drafts li")).to_have_count(0)
    records = Activity.objects.exclude(place="教工之家", title="座谈会").filter(
        title__in=["校企合作座谈会", "实训室开放研讨"]
    )
    assert {record.title: record.status for record in records} == {
        "校企合作座谈会": ActivityStatus.LOGGED,
        "实训室开放研讨": ActivityStatus.LOGGED,
    }
    said = records.get(title="实训室开放研讨").opinions.values_list("text", flat=True)
    assert set(said) == {"晚间开放到九点", "周末可以预约"}
    page.get_by_role("link", name="实训室开放研讨").click()
    expect(page.get_by_role("heading", name="实训室开放研讨")).to_be_visible()


def test_what_a_record_cannot_take_becomes_a_draft(page: Page, address, college_today):
    open_the_form(page, address, college_today.secretary)
    page.context.set_offline(True)
    page.goto(address + reverse("seminars:log"))
    page.locator("#device-title").fill("只写了主题")
    page.get_by_role("button", name="保存，联网后发送").click()
    expect(page.get_by_role("heading", name="只写了主题")).to_be_visible()

    page.context.set_offline(False)

    expect(page.get_by_text("已存为草稿，请打开核对：")).to_be_visible(timeout=30_000)
    assert Activity.objects.get(title="只写了主题").status == ActivityStatus.DRAFT


def test_after_sign_out_nobody_sees_what_another_person_left(page: Page, address, college_today):
    open_the_form(page, address, college_today.secretary)
    page.context.set_offline(True)
    fill_in(page, "只给我看的草稿")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="只给我看的草稿")).to_be_visible()

    page.context.clear_cookies()
    page.context.set_offline(False)
    page.goto(address + reverse("accounts:sign_in"))
    expect(page.locator("body[data-forget=done]")).to_be_attached()
    page.goto(address + reverse("seminars:device"))
    expect(page.locator("#device-stranger")).to_be_visible()
    expect(page.get_by_text("只给我看的草稿")).to_have_count(0)

    open_the_form(page, address, college_today.stranger)
    page.goto(address + reverse("seminars:device"))
    expect(page.locator("#device-writing")).to_be_visible()
    expect(page.get_by_text("只给我看的草稿")).to_have_count(0)
    assert Activity.objects.filter(title="只给我看的草稿").count() == 0

    page.context.clear_cookies()
    open_the_form(page, address, college_today.secretary)  # any page of the writer's sends it
    for _ in range(60):
        if Activity.objects.filter(title="只给我看的草稿").exists():
            break
        page.wait_for_timeout(500)
    mine = Activity.objects.get(title="只给我看的草稿")
    assert mine.created_by == college_today.secretary


def test_what_is_written_after_the_session_ended_is_kept_and_sent_after_signing_in(
    page: Page, address, college_today
):
    open_the_form(page, address, college_today.secretary)
    Session.objects.all().delete()
    fill_in(page, "校企合作座谈会")

    expect(page.locator("#save-mark")).to_contain_text("已存在这台设备上")
    expect(page.get_by_role("link", name="重新登录后接着写")).to_have_attribute(
        "href", f"{reverse('accounts:sign_in')}?next={quote(reverse('seminars:device'), '')}"
    )
    sign_in(page, address, college_today.secretary)
    page.goto(address + reverse("seminars:device"))

    expect(page.get_by_text("已存为草稿，请打开核对：")).to_be_visible(timeout=30_000)
    draft = Activity.objects.get(title="校企合作座谈会")
    assert (draft.status, draft.content) == (ActivityStatus.DRAFT, "讨论产业学院的课程和师资。")
