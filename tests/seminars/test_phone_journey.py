"""A secretary on a phone: one activity in a minute, with scripts and without."""

import gzip

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from campaign.models import Campaign
from seminars.choices import ActivityStatus
from seminars.models import Activity
from tests.browser import keep_picture, overflow, sign_in, slow_down, violations
from tests.seminars.conftest import PHONE
from tests.seminars.pictures import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WEIGHT_LIMIT_BYTES = 150_000
MOST_REQUESTS = 15


def fill_in_a_forum(page: Page) -> None:
    page.locator("#id_title").fill("校企合作座谈会")
    page.locator("#id_expected").fill("28")
    page.locator("#id_present").fill("26")
    page.get_by_label("校企合作", exact=True).check()
    page.locator("#id_content").fill("讨论产业学院的课程和师资。")
    page.get_by_label("第1条意见").fill("企业导师的课酬标准要更新")


def open_the_form(page: Page, live_server, college) -> None:
    page.set_viewport_size(PHONE)
    sign_in(page, live_server.url, college.secretary)
    page.goto(live_server.url + reverse("seminars:log"))


def the_new_one() -> Activity:
    return Activity.objects.get(title="校企合作座谈会")


def test_with_scripts(page: Page, live_server, college_today):
    page.set_viewport_size(PHONE)
    sign_in(page, live_server.url, college_today.secretary)
    weights: list[int] = []
    page.on("response", lambda answer: weights.append(_weight(answer)))
    page.goto(live_server.url + reverse("seminars:log"), wait_until="networkidle")
    weight = sum(weights)
    keep_picture(page, "log-phone")

    assert weight <= WEIGHT_LIMIT_BYTES
    assert len(weights) <= MOST_REQUESTS
    assert overflow(page) == 0
    assert violations(page) == []

    page.get_by_text("更多形式").click()
    page.get_by_label("专家讲座").check()
    expect(page.locator("#id_speaker")).to_be_visible()
    page.get_by_label("座谈会", exact=True).check()
    expect(page.locator("#id_speaker")).to_have_count(0)
    assert page.locator("#id_place").input_value() == "教工之家"

    fill_in_a_forum(page)
    page.get_by_role("button", name="再加一条意见").click()
    expect(page.get_by_label("第2条意见")).to_be_focused()
    page.keyboard.type("实训室晚间开放")
    expect(page.get_by_label("第3条意见")).to_be_visible()
    expect(page.locator("#save-mark")).to_contain_text("存为草稿")
    assert the_new_one().status == ActivityStatus.DRAFT
    page.reload()
    assert page.get_by_label("第2条意见").input_value() == "实训室晚间开放"

    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()
    keep_picture(page, "activity-phone")
    activity = the_new_one()
    assert activity.status == ActivityStatus.LOGGED
    assert {opinion.text for opinion in activity.opinions.all()} == {
        "企业导师的课酬标准要更新",
        "实训室晚间开放",
    }
    assert violations(page) == []


def _weight(answer) -> int:
    """Bytes of one answer as the wire would carry them: compressed where servers compress."""
    body = answer.body()
    kind = answer.headers.get("content-type", "")
    return len(gzip.compress(body)) if "text" in kind or "javascript" in kind else len(body)


def test_saving_while_an_autosave_is_under_way_stores_once_and_loses_nothing(
    page: Page, live_server, college_today
):
    open_the_form(page, live_server, college_today)
    slow_down(page)
    fill_in_a_forum(page)

    with page.expect_request(lambda request: "hx-request" in request.headers):
        pass
    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()
    assert the_new_one().status == ActivityStatus.LOGGED


def test_another_kind_chosen_while_an_autosave_is_under_way_keeps_the_draft_in_step(
    page: Page, live_server, college_today
):
    """The other kind's fields build on the version the autosave made; what is typed stays."""
    open_the_form(page, live_server, college_today)
    slow_down(page)
    fill_in_a_forum(page)

    with page.expect_request(lambda request: "hx-request" in request.headers):
        pass
    page.get_by_label("研讨会", exact=True).check()
    page.locator("#id_place").fill("实训楼301")
    with page.expect_response(lambda answer: "kind" in (answer.request.post_data or "")):
        pass
    expect(page.locator("#id_place")).to_have_value("实训楼301")
    page.get_by_role("button", name="保存", exact=True).click()

    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()
    assert (the_new_one().kind, the_new_one().place) == ("seminar", "实训楼301")


def test_what_was_typed_before_another_kind_was_chosen_is_saved_without_another_key(
    page: Page, live_server, college_today
):
    open_the_form(page, live_server, college_today)
    fill_in_a_forum(page)

    page.get_by_label("研讨会", exact=True).check()

    expect(page.locator("#save-mark")).to_contain_text("存为草稿")
    assert (the_new_one().kind, the_new_one().content) == ("seminar", "讨论产业学院的课程和师资。")


def test_back_from_what_was_just_saved_leads_to_that_record_and_not_to_a_second_one(
    page: Page, live_server, college_today
):
    open_the_form(page, live_server, college_today)
    fill_in_a_forum(page)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()

    page.go_back()
    expect(page.get_by_role("heading", name="修改记录")).to_be_visible()
    page.locator("#id_present").fill("27")
    page.get_by_role("button", name="保存修改").click()

    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()
    assert the_new_one().present == 27


def test_without_scripts(browser: Browser, live_server, college_today, tmp_path):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, locale="zh-CN")
    page = context.new_page()
    sign_in(page, live_server.url, college_today.secretary)
    page.goto(live_server.url + reverse("seminars:log"))

    page.locator("summary", has_text="更多形式").click()
    page.get_by_label("走访调研").check()
    page.get_by_role("button", name="换成所选形式").click()
    expect(page.locator("#id_visited")).to_be_visible()
    page.get_by_label("座谈会", exact=True).check()
    page.get_by_role("button", name="换成所选形式").click()

    fill_in_a_forum(page)
    page.locator("#id_present").fill("32")
    picture = tmp_path / "现场.jpg"
    picture.write_bytes(photo("现场.jpg").read())
    page.get_by_label("照片和文件").set_input_files(picture)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator(".form-errors", has_text="比应到（28）多")).to_be_visible()
    keep_picture(page, "log-phone-error")
    assert page.get_by_label("第1条意见").input_value() == "企业导师的课酬标准要更新"

    page.locator("#id_present").fill("26")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="校企合作座谈会")).to_be_visible()
    expect(page.get_by_role("link", name="现场.jpg")).to_be_visible()
    assert Campaign.objects.count() == 1
    assert the_new_one().status == ActivityStatus.LOGGED
    context.close()
