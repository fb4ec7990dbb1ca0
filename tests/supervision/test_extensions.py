from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry, User
from notices.models import Notice
from supervision import obligations
from supervision.choices import Rung
from supervision.models import Extension
from supervision.owing import Obligation
from supervision.services.extensions import (
    AlreadyAsked,
    AlreadyDecided,
    NotLater,
    ask_extension,
    decide_extension,
)
from supervision.services.ladder import send_due
from tests.factories import ActivityFactory, at
from tests.supervision.conftest import School

ON = date(2019, 10, 9)
LATER = date(2019, 11, 10)


def owed_by_the_branch(school: School, on: date = ON) -> Obligation:
    [one] = obligations.of_campaign(school.campaign, on)
    return one


def ask(school: School, by: User | None = None, until: date = LATER) -> Extension:
    return ask_extension(
        school.campaign,
        owed_by_the_branch(school),
        by or school.secretary,
        until,
        "集中外出实践",
        at(10, on=ON),
    )


def decide(extension: Extension, by: User, **answer: Any) -> None:
    values: dict[str, Any] = {"is_granted": True, "note": "", "now": at(16, on=ON)}
    decide_extension(extension, by, **(values | answer))


def test_a_granted_extension_resets_the_ladder(school: School):
    send_due(at(9, on=ON))

    decide(ask(school), school.organiser)
    after = send_due(at(9, on=date(2019, 10, 15)))  # orange, had nothing been granted
    blue = send_due(at(9, on=date(2019, 10, 28)))  # 14 of 33 days left

    assert owed_by_the_branch(school).due_on == LATER
    assert after.sent == []
    assert [(one.rung, one.due_on) for one in blue.sent] == [(Rung.BLUE, LATER)]


def test_a_refused_extension_changes_nothing_and_says_why(school: School):
    decide(ask(school), school.organiser, is_granted=False, note="时间充裕")

    notice = Notice.objects.get(recipient=school.secretary)
    assert owed_by_the_branch(school).due_on == date(2019, 10, 20)
    assert (notice.title, notice.body) == ("组织研讨：未批准延期", "时间充裕")


def test_whoever_asked_is_told_of_the_grant(school: School):
    decide(ask(school), school.organiser)

    notice = Notice.objects.get(recipient=school.secretary)
    assert notice.title == "组织研讨：已批准延期至2019年11月10日"
    assert notice.url == f"/supervision/owed/{owed_by_the_branch(school).key}/"


def test_a_refusal_without_a_reason_is_refused(school: School):
    extension = ask(school)

    with pytest.raises(ValueError, match="reason"):
        decide(extension, school.organiser, is_granted=False)


def test_one_request_at_a_time(school: School):
    ask(school)

    with pytest.raises(AlreadyAsked):
        ask(school, by=school.committee_secretary)

    assert Extension.objects.count() == 1


def test_a_refused_request_may_be_followed_by_another(school: School):
    decide(ask(school), school.organiser, is_granted=False, note="时间充裕")

    ask(school)

    assert Extension.objects.waiting().count() == 1


@pytest.mark.parametrize("until", [date(2019, 10, 20), date(2019, 10, 1)])
def test_the_new_day_is_later_than_the_old_one(school: School, until: date):
    with pytest.raises(NotLater):
        ask(school, until=until)


def test_the_second_answer_is_refused(school: School):
    extension = ask(school)
    stale = Extension.objects.get(pk=extension.pk)
    decide(extension, school.organiser)

    with pytest.raises(AlreadyDecided):
        decide(stale, school.leader, is_granted=False, note="不同意")

    extension.refresh_from_db()
    assert extension.is_granted is True
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("who", ["reviewer", "organiser"])
def test_who_does_not_report_for_the_unit_cannot_ask(school: School, who: str):
    with pytest.raises(PermissionDenied):
        ask(school, by=getattr(school, who))


def test_what_is_done_needs_no_extension(school: School):
    ActivityFactory.create(campaign=school.campaign, unit=school.branch)

    with pytest.raises(PermissionDenied):
        ask(school)


@pytest.mark.parametrize("who", ["secretary", "committee_secretary", "reviewer"])
def test_only_the_campaign_group_answers(school: School, who: str):
    extension = ask(school)

    with pytest.raises(PermissionDenied):
        decide(extension, getattr(school, who))


def test_nobody_answers_their_own_request(school: School):
    school.organiser.memberships.create(
        unit=school.branch, position="secretary", starts_on=date(2019, 1, 1)
    )
    extension = ask(school, by=User.objects.get(pk=school.organiser.pk))

    with pytest.raises(PermissionDenied):
        decide(extension, User.objects.get(pk=school.organiser.pk))


def test_both_steps_leave_a_trail(school: School):
    decide(ask(school), school.organiser)

    assert list(AuditEntry.objects.values_list("action", flat=True)) == [
        "supervision.ask_extension",
        "supervision.decide_extension",
    ]


@time_machine.travel(at(9, on=ON), tick=False)
def test_asking_and_answering_by_the_pages(client: Client, school: School):
    key = owed_by_the_branch(school).key
    client.force_login(school.secretary)
    wrong = client.post(
        reverse("supervision:ask_extension", args=[key]),
        {"until": "2019-10-01", "reason": "集中外出实践"},
    )
    client.post(
        reverse("supervision:ask_extension", args=[key]),
        {"until": "2019-11-10", "reason": "集中外出实践"},
    )
    extension = Extension.objects.get()
    client.force_login(school.organiser)
    unexplained = client.post(
        reverse("supervision:answer_extension", args=[extension.pk]), {"is_granted": "no"}
    )
    client.post(reverse("supervision:answer_extension", args=[extension.pk]), {"is_granted": "yes"})

    extension.refresh_from_db()
    assert wrong.context["form"].errors == {"until": ["请填写晚于原截止日期和今天的日期。"]}
    assert unexplained.context["form"].errors == {"note": ["请写明不批准的理由。"]}
    assert (wrong.status_code, unexplained.status_code) == (422, 422)
    assert extension.is_granted is True


@time_machine.travel(at(9, on=ON), tick=False)
def test_the_page_of_the_obligation_shows_the_request(client: Client, school: School):
    ask(school)
    client.force_login(school.secretary)

    response = client.get(reverse("supervision:owed", args=[owed_by_the_branch(school).key]))

    assert not response.context["may_ask"]
    assert "等待批复" in response.content.decode()
