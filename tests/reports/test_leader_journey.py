"""The leader's job in a real browser: see where things stand, take the report home."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from reports.choices import JobStatus
from reports.models import FrozenReport, ReportJob
from reports.services import make
from tests.browser import keep_picture, overflow, show, sign_in, violations
from tests.factories import ActivityFactory, MembershipFactory, ProposalFactory, UnitFactory
from tests.reports.pdf_reading import pages
from tests.reports.world import AS_OF, school_world
from units.choices import Position, UnitKind

#: A report of the day the school of the tests lives on; years later it would list every week.
OF_THE_WORLD = f"?kind=progress&as_of={AS_OF.isoformat()}"
OF_A_DAY = ("reports:read", "reports:narrative")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leader(page, live_server):
    world = school_world()
    ActivityFactory(campaign=world.campaign, unit=world.branch).themes.set(world.themes)
    ProposalFactory(
        campaign=world.campaign, unit=world.branch, theme=world.themes[0], submitted=True
    )
    group = UnitFactory(parent=world.school, kind=UnitKind.CAMPAIGN_GROUP)
    user = MembershipFactory(unit=group, position=Position.CHAIR).user
    sign_in(page, live_server.url, user)
    return user


def test_a_leader_has_the_report_three_clicks_after_signing_in(page, live_server, leader):
    page.goto(live_server.url)

    page.get_by_role("link", name="报告", exact=True).first.click()
    page.get_by_role("button", name="生成进展报告（PDF）").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    make(ReportJob.objects.get().pk)  # as the worker does; the page notices by itself
    download_link = page.get_by_role("link", name="下载报告")
    expect(download_link).to_be_visible()
    with page.expect_download() as download:
        download_link.click()

    assert download.value.suggested_filename.startswith("全校进展报告（")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def test_a_reload_shows_the_progress_without_any_script(browser, live_server, leader, page):
    context = browser.new_context(
        java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(live_server.url + reverse("reports:cockpit"))
    plain.get_by_role("button", name="生成进展报告（PDF）").click()
    job = ReportJob.objects.get()
    ReportJob.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, percent=35, stage="排版")

    plain.get_by_role("link", name="刷新页面").click()

    expect(plain.get_by_text("已完成 35%")).to_be_visible()
    context.close()


def test_a_leader_drills_from_the_heat_map_down_to_a_record(page, live_server, leader):
    page.goto(live_server.url + reverse("reports:cockpit"))

    page.locator("svg a[href*='theme=']").first.click()

    expect(page).to_have_url(re.compile(r"/activities/\?unit=\d+&theme=\d+"))
    page.locator("main a[href^='/activities/']").filter(has_text="座谈会").first.click()
    expect(page).to_have_url(re.compile(r"/activities/\d+/$"))


def test_a_leader_freezes_a_report_takes_it_home_and_checks_the_printed_code(
    page, live_server, leader
):
    page.goto(live_server.url + reverse("reports:read") + OF_THE_WORLD)
    page.get_by_role("button", name="定稿并取核验码").click()
    expect(page.get_by_text("数据不再变化。").first).to_be_visible()
    page.get_by_role("button", name="生成PDF").click()
    expect(page.get_by_text("排队中")).to_be_visible()
    make(ReportJob.objects.get().pk)
    download_link = page.get_by_role("link", name="下载报告")
    expect(download_link).to_be_visible(timeout=10_000)
    with page.expect_download() as download:
        download_link.click()
    frozen = FrozenReport.objects.get()
    printed = "".join(each.text for each in pages(Path(download.value.path()).read_bytes()))
    assert frozen.printed_code in printed

    page.goto(live_server.url + reverse("reports:verify"))
    page.get_by_label("核验码").fill(frozen.printed_code.lower())
    page.get_by_role("button", name="核对报告").click()

    expect(page.get_by_role("heading", name="核对无误")).to_be_visible()
    expect(page.get_by_text(frozen.content_hash)).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize(
    "name",
    [
        "reports:cockpit",
        "reports:tables",
        "reports:index",
        "reports:read",
        "reports:narrative",
        "reports:verify",
        "reports:data",
        "reports:schedules",
        "reports:bulletins",
        "reports:start_bulletin",
    ],
)
def test_the_pages_fit_and_are_accessible(page, live_server, leader, name, width):
    show(page, width=width)
    page.goto(live_server.url + reverse(name) + (OF_THE_WORLD if name in OF_A_DAY else ""))
    keep_picture(page, f"{name.replace(':', '-')}-{width}")

    assert overflow(page) == 0
    assert violations(page) == []
