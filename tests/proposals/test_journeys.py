"""The jobs of writer and reviewer in a real browser: by keyboard, by mouse, without scripts."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from campaign.models import PlanVersion
from proposals.choices import Status, Verdict
from proposals.decisions import Draft, prepare
from proposals.models import Decision, Proposal, Reply, Review
from tests.browser import WIDTHS, keep_picture, overflow, show, sign_in, slow_down, violations
from tests.factories import OpinionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _on_a_monday():
    """The browser's clock is real, so the server's is too."""


@pytest.fixture
def college_today(transactional_db, college):
    today = timezone.localdate()
    college.campaign.phases.update(
        starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=30)
    )
    return college


def waiting(college, count):
    clause = college.clause("实训室工作日开放至17:00。")
    return [
        college.submitted(
            number=f"JY{number:05}",
            title=f"延长第{number}实训室开放时间",
            review_due_on=timezone.localdate() + timedelta(days=number),
            target_document=clause.document,
            target_clause=clause,
        )
        for number in range(1, count + 1)
    ]


def open_a_draft(page, live_server, college):
    draft = college.draft()
    sign_in(page, live_server.url, college.secretary)
    page.goto(live_server.url + reverse("proposals:edit", args=[draft.pk]))
    return draft


def arrive_at(page, title):
    """The keys of a page answer once its scripts have run, which is before it counts as loaded."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.wait_for_load_state("load")


def test_a_reviewer_works_through_the_queue_by_keyboard_alone(
    page: Page, live_server, college_today
):
    first, second, third = waiting(college_today, 3)
    sign_in(page, live_server.url, college_today.reviewer)
    page.goto(live_server.url + reverse("proposals:desk"))
    keys = page.keyboard

    keys.press("j")  # the first of the queue
    arrive_at(page, first.title)
    keys.press("4")
    keys.press("5")
    keys.press("a")
    keys.type("问题具体，纳入方案。")
    page.locator("#id_new_text").press("Control+End")
    keys.type("周末另行安排。")
    keys.press("Control+Enter")
    arrive_at(page, second.title)
    keys.press("3")
    keys.press("3")
    keys.press("s")
    arrive_at(page, third.title)
    keys.press("k")
    keys.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()

    decision = Decision.objects.get()
    assert (decision.proposal, decision.verdict) == (first, Verdict.ADOPTED)
    assert decision.revisions.get().new_text == "实训室工作日开放至17:00。周末另行安排。"
    scores = Review.objects.order_by("pk").values_list("proposal", "accuracy", "practicality")
    assert list(scores) == [(first.pk, 4, 5), (second.pk, 3, 3)]


def test_a_wording_typed_for_one_clause_comes_back_after_looking_at_another(
    page: Page, live_server, college_today
):
    (proposal,) = waiting(college_today, 1)
    other = college_today.clause("图书馆开放至21:00。")
    sign_in(page, live_server.url, college_today.reviewer)
    page.goto(live_server.url + reverse("proposals:desk_one", args=[proposal.pk]))
    page.locator("input[name=verdict][value=adopted]").check()
    page.locator("#id_new_text").fill("实训室开放至21:30。")

    page.locator("#id_clause").select_option(str(other.pk))
    expect(page.locator("#id_new_text")).to_have_value("图书馆开放至21:00。")
    page.locator("#id_clause").select_option(str(proposal.target_clause_id))

    expect(page.locator("#id_new_text")).to_have_value("实训室开放至21:30。")


def test_a_reviewer_returns_a_proposal_by_keyboard(page: Page, live_server, college_today):
    (proposal,) = waiting(college_today, 1)
    sign_in(page, live_server.url, college_today.reviewer)
    page.goto(live_server.url + reverse("proposals:desk_one", args=[proposal.pk]))

    page.keyboard.press("r")
    page.keyboard.type("请补充经费测算。")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("已退回完善，并已通知执笔人")).to_be_visible()
    proposal.refresh_from_db()
    assert proposal.status == Status.RETURNED


def test_saving_while_an_autosave_is_under_way_is_no_conflict_with_oneself(
    page: Page, live_server, college_today
):
    draft = open_a_draft(page, live_server, college_today)
    slow_down(page)
    page.locator("#id_measures").fill("分步实施")

    with page.expect_request(lambda request: "hx-request" in request.headers):
        pass
    page.get_by_role("button", name="保存草稿").click()

    expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    draft.refresh_from_db()
    assert draft.measures == "分步实施"


def test_a_session_that_ends_while_a_proposal_is_written_costs_nothing(
    page: Page, live_server, college_today
):
    draft = open_a_draft(page, live_server, college_today)
    Session.objects.all().delete()
    page.locator("#id_measures").fill("分步实施")
    expect(page.locator("#save-mark")).to_contain_text("登录已过期")

    page.context.clear_cookies()  # as signing in does: another session, another token
    sign_in(page, live_server.url, college_today.secretary)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator("#save-mark")).to_contain_text("自动保存草稿")
    draft.refresh_from_db()
    assert draft.measures == "分步实施"


def test_signing_in_again_in_another_tab_does_not_stop_the_autosave(
    page: Page, live_server, college_today
):
    draft = open_a_draft(page, live_server, college_today)
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    page.request.get(live_server.url + reverse("home"))  # the other tab's new token

    page.locator("#id_measures").fill("分步实施")

    expect(page.locator("#save-mark")).to_contain_text("自动保存草稿")
    draft.refresh_from_db()
    assert draft.measures == "分步实施"


def test_from_draft_to_reply_without_scripts(browser: Browser, live_server, college_today):
    """Writer, reviewer and writer again; nothing but links, forms and buttons."""
    college = college_today
    clause, theme = college.clause("实训室工作日开放至17:00。"), college.theme
    OpinionFactory(campaign=college.campaign, unit=college.branch, text="实训室晚上能开放吗")
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()

    sign_in(page, live_server.url, college.secretary)
    page.goto(live_server.url + reverse("proposals:start"))
    page.get_by_label("标题").fill("延长实训室开放时间")
    page.get_by_label("措施方法").check()
    page.locator("#id_theme").select_option(str(theme.pk))
    page.get_by_role("button", name="开始起草").click()
    page.get_by_role("link", name="选择来源").first.click()
    page.get_by_label("实训室晚上能开放吗").check()
    page.get_by_role("button", name="加入来源").click()
    page.get_by_label("发现的问题").fill("课后无处练习。")
    page.get_by_label("建议措施").fill("二级学院排班，开放到21:30。")
    page.locator("#id_target").select_option(f"c{clause.pk}")
    page.get_by_role("button", name="保存并去提交").click()
    page.get_by_role("button", name="提交建议").click()
    expect(page.get_by_text("建议已提交，编号JY00001。")).to_be_visible()

    page.context.clear_cookies()
    sign_in(page, live_server.url, college.reviewer)
    page.goto(live_server.url + reverse("proposals:desk"))
    page.get_by_role("link", name="开始审议").click()
    page.locator("#id_accuracy_3").check()
    page.locator("#id_practicality_4").check()
    page.locator("#id_verdict_0").check()
    page.locator("#id_reasons").fill("问题具体。")
    page.get_by_label("新条文").fill("实训室工作日开放至21:30。")
    page.get_by_role("button", name="保存评分和决定").click()
    page.goto(live_server.url + reverse("proposals:table"))
    page.get_by_role("button", name="通过").click()
    page.get_by_role("link", name="预览答复并公布").click()
    page.get_by_role("button", name="公布决定，发出答复").click()
    expect(page.get_by_text("已公布1项决定")).to_be_visible()

    page.context.clear_cookies()
    sign_in(page, live_server.url, college.secretary)
    page.goto(live_server.url + reverse("proposals:detail", args=[Proposal.objects.get().pk]))
    expect(page.get_by_role("heading", name="答复：采纳")).to_be_visible()
    expect(page.get_by_text("21:30").first).to_be_visible()
    assert Reply.objects.get().recipient == college.secretary


def test_typing_is_saved_by_itself(page: Page, live_server, college_today):
    draft = open_a_draft(page, live_server, college_today)

    page.get_by_label("建议措施").fill("写到一半")

    expect(page.locator("#save-mark")).to_contain_text("自动保存草稿")
    page.get_by_label("建议措施").fill("写完了")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("草稿已保存。")).to_be_visible()
    draft.refresh_from_db()
    assert (draft.measures, draft.version) == ("写完了", 2)


def test_every_page_is_accessible_and_fits_every_width(page: Page, live_server, college_today):
    college = college_today
    proposal, *_ = waiting(college, 2)
    draft = college.draft()
    one = {"pk": proposal.pk}
    visits = {
        college.secretary: {
            "list": reverse("proposals:list"),
            "start": reverse("proposals:start"),
            "edit": reverse("proposals:edit", args=[draft.pk]),
            "sources": reverse("proposals:sources", args=[draft.pk]),
            "submit": reverse("proposals:submit", args=[draft.pk]),
            "withdraw": reverse("proposals:withdraw", args=[draft.pk]),
            "detail": reverse("proposals:detail", kwargs=one),
            "versions": reverse("proposals:versions", args=[draft.pk]),
            "documents": reverse("proposals:documents"),
            "document": reverse("proposals:document", args=[proposal.target_document_id]),
            "compare": reverse("proposals:compare", args=[proposal.target_document_id]),
            "clause": reverse("proposals:clause", args=[proposal.target_clause_id]),
            "chain": reverse("outcomes:proposal_chain", kwargs=one),
            "alike": reverse("seminars:alike"),
        },
        college.reviewer: {
            "queue": reverse("proposals:desk"),
            "desk": reverse("proposals:desk_one", kwargs=one),
            "similar": reverse("proposals:similar", kwargs=one),
            "table": reverse("proposals:table"),
            "meeting": reverse("proposals:meeting"),
            "complaints": reverse("proposals:complaints"),
            "publish": reverse("proposals:publish"),
            "minutes": reverse("proposals:minutes"),
            "recuse": reverse("proposals:recuse", kwargs=one),
        },
        college.organiser: {"rules": reverse("proposals:rules")},
    }
    found = []
    for person, pages in visits.items():
        page.context.clear_cookies()
        sign_in(page, live_server.url, person)
        for name, address in pages.items():
            for width in WIDTHS:
                show(page, width=width)
                page.goto(live_server.url + address)
                found += [f"{name} {width}: overflow"] if overflow(page) else []
                keep_picture(page, f"proposals-{name}-{width}")
            found += [f"{name}: {violation}" for violation in violations(page)]

    assert found == []


def test_a_decision_fills_the_projector_and_the_compared_clauses_print_alone(
    page: Page, live_server, college_today
):
    college = college_today
    (proposal,) = waiting(college, 1)
    declined = Draft(Verdict.DECLINED, "条件尚不具备。")
    prepare(proposal, declined, by=college.reviewer, now=timezone.now(), seen_version=None)
    document = proposal.target_document
    PlanVersion.objects.create(document=document, number=2, made_on=timezone.localdate())
    sign_in(page, live_server.url, college.reviewer)
    show(page, width=1440)

    page.goto(live_server.url + reverse("proposals:meeting"))
    width = page.locator(".meeting").evaluate("node => node.clientWidth")
    page.goto(live_server.url + reverse("proposals:compare", args=[document.pk]))
    page.emulate_media(media="print")

    assert width > 1440 * 0.8
    assert not page.locator(".filter-form").is_visible()
