"""What the campaign group may set: thresholds, budget, words of reminders, rest days."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from notices.models import Notice, RestPeriod
from supervision.burden import rule_of
from supervision.choices import Rung
from supervision.models import LadderRule, NoticeTemplate
from supervision.phrasing import USUAL, unknown_facts
from supervision.services.ladder import send_due
from tests.factories import at
from tests.supervision.conftest import School

YELLOW = date(2019, 10, 9)
RULES = {"blue": 60, "yellow": 40, "orange": 10, "weekly_requests": 2}


def save_words(client: Client, **data: Any) -> int:
    return client.post(reverse("supervision:template", args=["yellow"]), data).status_code


def test_the_rules_of_a_campaign_are_set_on_a_page(client: Client, school: School):
    client.force_login(school.organiser)

    client.post(reverse("supervision:rules"), RULES)

    assert str(LadderRule.objects.get(campaign=school.campaign)) == "60/40/10"
    assert rule_of(school.campaign) == 2
    assert AuditEntry.objects.filter(action="supervision.set_rules").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"yellow": 60}, "yellow"),
        ({"orange": 40}, "orange"),
        ({"blue": 100}, "blue"),
        ({"orange": 0}, "orange"),
        ({"weekly_requests": ""}, "weekly_requests"),
    ],
)
def test_rules_out_of_order_are_explained_and_change_nothing(
    client: Client, school: School, changed: dict[str, Any], field: str
):
    client.force_login(school.organiser)

    answer = client.post(reverse("supervision:rules"), RULES | changed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not LadderRule.objects.exists()


def test_a_reminder_speaks_in_the_campaign_groups_words_and_keeps_its_reason(
    client: Client, school: School
):
    client.force_login(school.organiser)
    save_words(client, title="{单位}：{事项}{截止}", body="{还差}。有困难请来电。")

    send_due(at(9, on=YELLOW))

    notice = Notice.objects.get()
    assert (notice.title, notice.body) == (
        "第一党支部：组织研讨10月20日截止",
        "还差1场。有困难请来电。",
    )
    assert notice.reason.startswith("规则：剩余时间不超过30%")
    assert "如何停止：" in notice.reason


@time_machine.travel(at(9, on=YELLOW), tick=False)
def test_a_preview_shows_real_things_owed_and_keeps_nothing(client: Client, school: School):
    client.force_login(school.organiser)
    words = {"title": "请看：{事项}，{截止}", "body": "{说明}", "preview": "yes"}

    answer = client.post(reverse("supervision:template", args=["yellow"]), words)

    assert [title for title, _body in answer.context["examples"]] == [
        "请看：组织研讨，10月20日截止"
    ]
    assert not NoticeTemplate.objects.exists()


@pytest.mark.parametrize(
    ("title", "body", "field"),
    [
        ("{事项}", "{说明}", "title"),
        ("{事项}{截止}{领导}", "{说明}", "title"),
        ("{事项}{截止}", "{unit.parent}", "body"),
        ("{事项}{截止}", "", "body"),
        ("{事项}{截止", "{说明}", "title"),
        ("{事项}{截止}", "{说明}}", "body"),
    ],
)
def test_words_that_would_say_too_little_or_mean_nothing_are_refused(
    client: Client, school: School, title: str, body: str, field: str
):
    client.force_login(school.organiser)

    answer = client.post(
        reverse("supervision:template", args=["yellow"]), {"title": title, "body": body}
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not NoticeTemplate.objects.exists()


def test_the_usual_words_come_back(client: Client, school: School):
    client.force_login(school.organiser)
    save_words(client, title="{事项}{截止}", body="{说明}")

    client.post(reverse("supervision:usual_words", args=["yellow"]))
    send_due(at(9, on=YELLOW))

    assert Notice.objects.get().title == "【黄】组织研讨：还差1场，10月20日截止"


def test_the_usual_words_name_known_facts_only():
    assert unknown_facts(USUAL.title + USUAL.body) == []


def test_there_is_a_page_for_each_rung_and_no_other(client: Client, school: School):
    client.force_login(school.organiser)

    answers = [
        client.get(reverse("supervision:template", args=[rung])).status_code
        for rung in (*Rung.values, "purple")
    ]

    assert answers == [200, 200, 200, 200, 404]


def test_two_people_at_the_rules_lose_nothing_unseen(client: Client, school: School):
    client.force_login(school.organiser)
    shown = client.get(reverse("supervision:rules")).context["form"].initial["seen"]
    client.post(reverse("supervision:rules"), RULES | {"seen": shown})

    late = client.post(reverse("supervision:rules"), RULES | {"seen": shown, "blue": 70})

    assert late.status_code == 422
    assert "现在是“蓝60%、黄40%、橙10%，每周2项”" in late.content.decode()
    assert str(LadderRule.objects.get()) == "60/40/10"
    again = RULES | {"seen": late.context["form"]["seen"].value(), "blue": 70}
    assert client.post(reverse("supervision:rules"), again).status_code == 302
    assert str(LadderRule.objects.get()) == "70/40/10"


def test_two_people_at_the_words_lose_nothing_unseen(client: Client, school: School):
    client.force_login(school.organiser)
    address = reverse("supervision:template", args=["yellow"])
    shown = client.get(address).context["form"].initial["seen"]
    save_words(client, title="{事项}{截止}", body="{说明}", seen=shown)

    late = client.post(address, {"title": "{截止}{事项}", "body": "{说明}", "seen": shown})

    assert late.status_code == 422
    assert "现在是“{事项}{截止} / {说明}”" in late.content.decode()
    assert NoticeTemplate.objects.get().title == "{事项}{截止}"


def test_words_of_several_lines_are_changed_again_as_browsers_send_them(
    client: Client, school: School
):
    """Browsers send line breaks as CR LF; the words are stored with LF."""
    client.force_login(school.organiser)
    address = reverse("supervision:template", args=["yellow"])
    save_words(client, title="{事项}{截止}", body="{说明}\r\n请尽快办理。")
    shown = client.get(address).context["form"].initial["seen"].replace("\n", "\r\n")

    answer = client.post(address, {"title": "请看{事项}{截止}", "body": "{说明}", "seen": shown})

    assert answer.status_code == 302
    assert NoticeTemplate.objects.get().title == "请看{事项}{截止}"


def test_changes_of_the_rules_are_listed_with_who_made_them(client: Client, school: School):
    client.force_login(school.organiser)
    client.post(reverse("supervision:rules"), RULES)

    page = client.get(reverse("supervision:rules")).content.decode()

    assert f"{school.organiser.name}：蓝50%、黄30%、橙15%，每周3项 → 蓝60%" in page


@time_machine.travel(at(9, on=YELLOW), tick=False)
def test_what_the_rules_would_do_today_is_shown_before_they_are_kept(
    client: Client, school: School
):
    client.force_login(school.organiser)

    answer = client.post(reverse("supervision:rules"), RULES | {"yellow": 20, "preview": "yes"})

    effects = [(one.rung, one.now, one.then) for one in answer.context["effects"]]
    assert effects[:2] == [(Rung.BLUE, 0, 1), (Rung.YELLOW, 1, 0)]
    assert not LadderRule.objects.exists()


@time_machine.travel(at(9, on=YELLOW), tick=False)
def test_nothing_is_sent_on_rest_days_from_the_page_until_they_are_removed(
    client: Client, school: School
):
    client.force_login(school.organiser)
    day = {"starts_on": YELLOW, "ends_on": YELLOW}
    client.post(reverse("supervision:rest_days"), {"name": "校庆", **day})

    resting = send_due(at(9, on=YELLOW)).sent
    period = RestPeriod.objects.get()
    client.post(reverse("supervision:remove_rest_days", args=[period.pk]))
    working = send_due(at(9, on=YELLOW)).sent

    assert (len(resting), len(working)) == (0, 1)


@time_machine.travel(at(9, on=YELLOW), tick=False)
@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2020-01-18", "2020-01-08", "最后一天早于第一天"),
        ("2020-01-18", "2030-02-08", "这一段有3,675天，最多100天，请核对年份。"),
        ("2019-09-01", "2019-10-08", "这些天已经过去"),
        ("2019-10-31", "2019-11-03", "与已登记的“校庆”（2019年10月30日—31日）重叠"),
    ],
)
def test_rest_days_that_cannot_be_meant_are_explained(
    client: Client, school: School, first: str, last: str, words: str
):
    RestPeriod.objects.create(name="校庆", starts_on=date(2019, 10, 30), ends_on=date(2019, 10, 31))
    client.force_login(school.organiser)

    answer = client.post(
        reverse("supervision:rest_days"), {"name": "寒假", "starts_on": first, "ends_on": last}
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()


@time_machine.travel(at(9, on=YELLOW), tick=False)
def test_who_puts_down_rest_days_hears_what_is_due_within(client: Client, school: School):
    client.force_login(school.organiser)
    days = {"name": "校庆", "starts_on": "2019-10-18", "ends_on": "2019-10-20"}

    page = client.post(reverse("supervision:rest_days"), days, follow=True).content.decode()

    assert "有1项未完成的事项在这些天到期，期限没有变动。" in page


@time_machine.travel(at(9, on=date(2035, 3, 5)), tick=False)
def test_a_year_not_published_yet_says_so_on_the_pages(client: Client, school: School):
    client.force_login(school.organiser)
    words = "2035年节假日安排未公布，按周一至周五推算。"
    type(school.demand).objects.update(due_on=date(2035, 5, 5))
    key = f"demand-{school.demand.pk}-{school.branch.pk}"

    pages = [
        client.get(reverse("supervision:rest_days")).content.decode(),
        client.get(reverse("supervision:owed", args=[key])).content.decode(),
    ]

    assert [words in page for page in pages] == [True, True]
