"""A person of the campaign group writes to those who still owe something."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from notices.models import Notice
from supervision.burden import OverBudget
from supervision.choices import SendingStatus
from supervision.models import BurdenRule, Sending
from supervision.services import sendings as service
from supervision.services.sendings import AlreadyHandled, NotAsSeen
from supervision.services.waivers import waive
from tests.factories import ActivityFactory, UnitFactory, at
from tests.queries import MOST_FOR_A_PAGE, queries_of
from tests.supervision.conftest import School, person
from units.choices import Position

NOW = at(21, on=date(2019, 10, 9))  # in the evening: a person may send at any hour
ON = NOW.date()


def write(school: School, **changed: Any) -> Sending:
    [topic] = service.topics(school.campaign, ON)
    facts: dict[str, Any] = {
        "about": topic,
        "positions": [Position.LIAISON, Position.SECRETARY],
        "title": "请尽快组织研讨",
        "body": "有困难请告诉我们。",
        "now": NOW,
    }
    return service.write(school.campaign, school.organiser, **(facts | changed))


def seen(sending: Sending) -> set[int]:
    return {one.person.pk for one in service.addressees(sending, ON)}


def test_it_is_addressed_to_those_in_office_who_still_owe_it_and_says_why(school: School):
    done = UnitFactory.create(parent=school.committee, name="第二党支部")
    person("做完的书记", done, Position.SECRETARY)
    ActivityFactory.create(campaign=school.campaign, unit=done)

    found = service.addressees(write(school), ON)

    assert [(one.person.name, one.lines) for one in found] == [
        ("联络员", ("第一党支部联络员：“组织研讨”还差1场，10月20日截止",)),
        ("书记", ("第一党支部书记：“组织研讨”还差1场，10月20日截止",)),
    ]


def test_who_answers_for_two_units_gets_one_message(school: School):
    second = UnitFactory.create(parent=school.committee, name="第二党支部")
    school.secretary.memberships.create(
        unit=second, position=Position.SECRETARY, starts_on=date(2019, 1, 1)
    )
    sending = write(school, positions=[Position.SECRETARY])

    service.send(sending, school.organiser, seen(sending), NOW)

    assert Notice.objects.count() == 1
    assert Notice.objects.get().body == (
        "有困难请告诉我们。\n\n"
        "第一党支部书记：“组织研讨”还差1场，10月20日截止\n"
        "第二党支部书记：“组织研讨”还差1场，10月20日截止"
    )


def test_writing_sends_nothing(school: School):
    write(school)

    assert not Notice.objects.exists()


def test_who_has_done_it_meanwhile_does_not_get_it(school: School):
    sending = write(school)
    looked_over = seen(sending)
    ActivityFactory.create(campaign=school.campaign, unit=school.branch)

    service.send(sending, school.organiser, looked_over, NOW)

    assert not Notice.objects.exists()


def test_nobody_gets_it_who_was_not_on_the_page_looked_over(school: School):
    sending = write(school)
    looked_over = seen(sending)
    person("新联络员", school.branch, Position.LIAISON)

    with pytest.raises(NotAsSeen):
        service.send(sending, school.organiser, looked_over, NOW)

    assert not Notice.objects.exists()
    sending.refresh_from_db()
    assert sending.status == SendingStatus.DRAFT


def test_it_is_sent_once(school: School):
    sending = write(school)
    stale = Sending.objects.get()

    service.send(sending, school.organiser, seen(sending), NOW)
    with pytest.raises(AlreadyHandled):
        service.send(stale, school.organiser, seen(sending), NOW)

    assert Notice.objects.count() == 2


def test_what_was_dropped_is_not_sent(school: School):
    sending = write(school)
    service.drop(sending, school.organiser)

    with pytest.raises(AlreadyHandled):
        service.send(sending, school.organiser, seen(sending), NOW)

    assert not Notice.objects.exists()


def test_only_the_campaign_group_sends(school: School):
    sending = write(school)

    with pytest.raises(PermissionDenied):
        service.send(sending, school.secretary, seen(sending), NOW)


def test_a_unit_that_has_had_its_requests_gets_no_further_one_without_a_waiver(school: School):
    BurdenRule.objects.create(campaign=school.campaign, weekly_requests=1)
    first, second = write(school), write(school)
    service.send(first, school.organiser, seen(first), NOW)

    with pytest.raises(OverBudget):
        service.send(second, school.organiser, seen(second), NOW)
    waive(
        school.campaign,
        school.leader,
        units=[school.branch],
        extra=1,
        reason="市里临时检查",
        now=NOW,
    )
    service.send(second, school.organiser, seen(second), NOW)

    assert Notice.objects.filter(recipient=school.secretary).count() == 2


@time_machine.travel(NOW, tick=False)
def test_the_pages_lead_from_writing_over_looking_to_sending(client: Client, school: School):
    client.force_login(school.organiser)
    about = f"demand-{school.demand.pk}"

    written = client.post(
        reverse("supervision:write_sending"),
        {"about": about, "positions": ["secretary"], "title": "请组织研讨", "body": "谢谢。"},
    )
    preview = client.get(written["Location"])
    client.post(
        reverse("supervision:send", args=[Sending.objects.get().pk]),
        {"seen": preview.context["seen"], "chosen": [school.secretary.pk]},
    )
    after = client.get(written["Location"])

    assert preview.context["example"].title == "请组织研讨"
    assert [notice.recipient.name for notice in after.context["notices"]] == ["书记"]


@time_machine.travel(NOW, tick=False)
def test_it_goes_to_those_ticked_and_burdens_no_other_unit(client: Client, school: School):
    second = UnitFactory.create(parent=school.committee, name="第二党支部")
    other = person("二支部书记", second, Position.SECRETARY)
    sending = write(school)
    client.force_login(school.organiser)
    shown = client.get(reverse("supervision:sending", args=[sending.pk]))
    address = reverse("supervision:send", args=[sending.pk])

    nobody = client.post(address, {"seen": shown.context["seen"]}, follow=True)
    client.post(address, {"seen": shown.context["seen"], "chosen": [other.pk]})

    assert "没有发出：请至少勾选一位收件人。" in nobody.content.decode()
    assert [notice.recipient for notice in Notice.objects.all()] == [other]
    assert [unit.name for unit in Sending.objects.get().units.all()] == ["第二党支部"]


@time_machine.travel(NOW, tick=False)
def test_units_at_their_limit_are_left_out_to_begin_with(client: Client, school: School):
    BurdenRule.objects.create(campaign=school.campaign, weekly_requests=1)
    first = write(school)
    service.send(first, school.organiser, seen(first), NOW)
    client.force_login(school.organiser)

    page = client.get(reverse("supervision:sending", args=[write(school).pk])).content.decode()

    assert "第一党支部本周已收到1项要求，上限1项" in page
    assert 'name="chosen"' in page
    assert " checked" not in page


def edited(client: Client, sending: Sending, **changed: str) -> Any:
    address = reverse("supervision:rewrite_sending", args=[sending.pk])
    shown = client.get(address).context["form"].initial
    return client.post(address, {**shown, **changed})


@time_machine.travel(NOW, tick=False)
def test_a_draft_can_be_changed_until_it_is_sent(client: Client, school: School):
    sending = write(school)
    client.force_login(school.organiser)

    edited(client, sending, title="请在本周组织研讨")
    sending.refresh_from_db()
    service.send(sending, school.organiser, seen(sending), NOW)
    late = client.get(reverse("supervision:rewrite_sending", args=[sending.pk]), follow=True)

    assert {notice.title for notice in Notice.objects.all()} == {"请在本周组织研讨"}
    assert "这份通知已发送或放弃，不能再改。" in late.content.decode()


@time_machine.travel(NOW, tick=False)
def test_two_people_at_one_draft_lose_nothing_unseen(client: Client, school: School):
    sending = write(school)
    client.force_login(school.organiser)
    old = sending.written_at.isoformat()
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        edited(client, sending, title="先改的")

    late = edited(client, sending, title="后改的", written_at=old)

    assert late.status_code == 422
    assert "现在的标题是“先改的”" in late.content.decode()
    assert "后改的" in late.content.decode()
    assert Sending.objects.get().title == "先改的"


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("field", ["about", "positions", "title", "body"])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    client: Client, school: School, field: str
):
    client.force_login(school.organiser)
    data = {
        "about": f"demand-{school.demand.pk}",
        "positions": ["secretary"],
        "title": "请组织研讨",
        "body": "谢谢。",
    }

    answer = client.post(reverse("supervision:write_sending"), data | {field: ""})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert not Sending.objects.exists()


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("listed", ["", "x y", "9" * 5_000])
def test_a_made_up_list_sends_to_nobody(client: Client, school: School, listed: str):
    sending = write(school)
    client.force_login(school.organiser)

    client.post(reverse("supervision:send", args=[sending.pk]), {"seen": listed, "chosen": listed})

    assert not Notice.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_looking_over_costs_the_same_queries_for_one_unit_and_for_three(
    client: Client, school: School
):
    sending = write(school)
    client.force_login(school.organiser)
    address = reverse("supervision:sending", args=[sending.pk])
    one = queries_of(lambda: client.get(address))
    for number in range(2):
        unit = UnitFactory.create(parent=school.committee)
        person(f"书记{number}", unit, Position.SECRETARY)
    three = queries_of(lambda: client.get(address))

    assert one == three <= MOST_FOR_A_PAGE
