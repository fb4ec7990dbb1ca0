"""Next year's campaign, from its issued document to units being asked, all on pages."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from campaign.models import Campaign
from tests.browser import keep_picture, overflow, show, sign_in, violations
from tests.factories import MembershipFactory, UnitFactory
from units.choices import Position, UnitKind

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN = """示例职业学院文件
示职院发〔2031〕8号
关于印发《示例职业学院教育思想大讨论实施方案》的通知
各党总支：
现将方案印发给你们，请认真执行。
示例职业学院
2031年3月3日
示例职业学院教育思想大讨论实施方案
一、方法步骤
（一）学习阶段（3月上旬—3月底）。组织学习《教育评价改革总体方案》。（宣传部、各单位）
（二）讨论阶段（4月上旬—5月中旬）。召开座谈会。（教务处、各单位）
二、研讨主题
1.怎样培养学生；
2.怎样评价教师。
三、有关要求
各党总支要研究制定实施方案。
"""
#: The goal of the issue: a plan becomes a running campaign in less than this.
MOST_SECONDS = 600


@pytest.fixture
def organiser():
    school = UnitFactory(kind=UnitKind.SCHOOL)
    group = UnitFactory(kind=UnitKind.CAMPAIGN_GROUP, name="领导小组", parent=school)
    UnitFactory(kind=UnitKind.PLAN_GROUP, name="方案组", parent=school)
    UnitFactory(kind=UnitKind.GENERAL_BRANCH, name="机电学院党总支", parent=school)
    return MembershipFactory(unit=group, position=Position.MEMBER).user


def look(page: Page, name: str) -> None:
    show(page, width=360)
    keep_picture(page, f"{name}-360")
    assert overflow(page) == 0
    show(page, width=1440)
    keep_picture(page, f"{name}-1440")


def test_a_campaign_is_set_up_from_its_document(page: Page, live_server, organiser):
    page.set_default_timeout(60_000)
    page.set_default_navigation_timeout(60_000)
    sign_in(page, live_server.url, organiser)
    began = time.monotonic()

    page.goto(live_server.url + reverse("campaign:read_plan"))
    page.get_by_label("或者粘贴方案全文").fill(PLAN)
    page.get_by_role("button", name="识读方案").click()
    expect(page.get_by_role("heading", name="核对识读结果")).to_be_visible()
    page.get_by_role("button", name="建立活动").click()

    expect(page.locator("#id_title")).to_have_value("示例职业学院教育思想大讨论实施方案")
    page.locator("#id_campaign_group").select_option(label="领导小组")
    page.locator("#id_state").select_option(label="进行")
    page.get_by_role("button", name="保存设置").click()

    expect(page.get_by_role("heading", name="方法步骤")).to_be_visible()
    look(page, "plan")
    page.get_by_role("link", name=re.compile("增加步骤.*学习阶段")).click()
    page.locator("#id_title").fill("动员大会")
    page.locator("#id_label").fill("3月7日14:00")
    page.get_by_role("button", name="保存步骤").click()

    page.get_by_role("link", name="增加报送要求").click()
    look(page, "demand")
    page.locator("#id_kind").select_option(label="工作报告")
    page.locator("#id_title").fill("报送动员情况")
    page.get_by_label("党总支", exact=True).check()
    page.locator("#id_due_label").fill("会后10个工作日内")
    page.locator("#id_anchor").select_option(label="“动员大会”结束（2031年3月7日）")
    page.get_by_role("button", name="保存要求").click()
    expect(page.get_by_text("2031年3月21日前（原文：会后10个工作日内")).to_be_visible()

    page.get_by_role("link", name=re.compile("调整.*动员大会")).click()
    page.locator("#id_label").fill("3月10日14:00")
    page.get_by_role("button", name="保存步骤").click()
    expect(page.get_by_text("将移动1个截止日期。")).to_be_visible()
    look(page, "consequences")
    assert violations(page) == []
    page.get_by_role("button", name="确认保存").click()

    expect(page.get_by_text("2031年3月24日前（原文：会后10个工作日内")).to_be_visible()
    page.get_by_role("link", name="时间表").click()
    expect(page.get_by_role("rowheader", name="动员大会")).to_be_visible()
    look(page, "timeline")
    assert violations(page) == []

    assert time.monotonic() - began < MOST_SECONDS
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.phases.count(), campaign.themes.count()) == ("running", 2, 2)
