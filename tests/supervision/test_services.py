from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError

from accounts.models import AuditEntry, User
from notices.choices import DeliveryStatus
from notices.models import Delivery, Notice, RestPeriod
from notices.outbox import deliver_due
from proposals.choices import Status
from proposals.models import Review
from supervision.choices import Rung
from supervision.models import LadderRule, LadderStep
from supervision.services import ladder as services
from supervision.services.ladder import Pass, send_due
from tests.factories import (
    ActivityFactory,
    DemandFactory,
    MembershipFactory,
    ProposalFactory,
    UnitFactory,
    UserFactory,
    at,
)
from tests.supervision.conftest import School
from units.choices import Position, UnitKind
from units.models import Membership

#: The demand runs from 11 September to 20 October 2019: 40 days. With 20 left comes blue,
#: with 12 yellow, with 6 orange.
BLUE, YELLOW, ORANGE = date(2019, 10, 1), date(2019, 10, 9), date(2019, 10, 15)
#: 1 to 7 October 2019 are holidays, so blue goes out on the first working day after them.
FIRST_DAY_AFTER_HOLIDAYS = date(2019, 10, 8)
OVERDUE = date(2019, 10, 21)


def told(done: Pass) -> list[tuple[str, str]]:
    """Rung and recipient of everything sent."""
    return [(one.rung, person.name) for one in done.sent for person in one.audience.people]


def reasons(done: Pass) -> list[str]:
    return [skipped.reason for skipped in done.skipped]


def test_each_rung_goes_one_role_higher(school: School):
    days = (FIRST_DAY_AFTER_HOLIDAYS, YELLOW, ORANGE, OVERDUE)

    passes = [send_due(at(9, on=day)) for day in days]

    assert [told(done) for done in passes] == [
        [(Rung.BLUE, "联络员")],
        [(Rung.YELLOW, "书记")],
        [(Rung.ORANGE, "总支书记")],
        [],
    ]
    assert reasons(passes[-1]) == ["已超期，待三大工作组确认"]


def test_a_rung_without_anybody_goes_to_the_next_role_up(school: School):
    school.liaison.memberships.all().delete()
    school.secretary.memberships.all().delete()

    done = send_due(at(9, on=YELLOW))

    assert told(done) == [(Rung.YELLOW, "总支书记")]
    assert done.sent[0].audience.role == "上级单位书记"


def test_a_unit_directly_below_the_school_climbs_to_the_campaign_group(school: School):
    school.demand.unit_kinds = [UnitKind.GENERAL_BRANCH]
    school.demand.save()
    MembershipFactory.create(unit=school.school, position=Position.SECRETARY)

    assert told(send_due(at(9, on=ORANGE))) == [(Rung.ORANGE, "三大成员")]


def test_nothing_is_sent_twice(school: School):
    first = send_due(at(9, on=YELLOW))
    second = send_due(at(9, 5, on=YELLOW))

    assert len(first.sent) == 1
    assert second.sent == []
    assert reasons(second) == ["黄色一级已经提醒"]
    assert Notice.objects.count() == 1


def test_a_pass_that_forgot_the_other_ones_step_still_tells_nobody_twice(school: School):
    send_due(at(9, on=YELLOW))
    LadderStep.objects.all().delete()

    send_due(at(9, on=YELLOW))

    assert Notice.objects.count() == 1
    assert Delivery.objects.count() == 1


def test_a_clock_that_goes_back_brings_no_lower_rung(school: School):
    send_due(at(9, on=ORANGE))

    done = send_due(at(9, on=YELLOW))

    assert done.sent == []
    assert reasons(done) == ["黄色一级已经提醒"]


def test_the_clock_put_back_ten_minutes_sends_nothing_anew(school: School):
    first = send_due(at(9, on=YELLOW)).sent
    again = send_due(at(8, 50, on=YELLOW)).sent

    assert (len(first), len(again)) == (1, 0)
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def test_the_same_moment_in_any_zone_sends_the_same(school: School, zone: str):
    moment = at(9, on=YELLOW).astimezone(ZoneInfo(zone))

    [sent] = send_due(moment).sent

    assert (sent.rung, [one.name for one in sent.audience.people]) == (Rung.YELLOW, ["书记"])


def test_a_leap_day_counts_as_the_day_it_is(school: School):
    type(school.demand).objects.update(opens_on=date(2024, 2, 20), due_on=date(2024, 3, 1))
    days = [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)]

    rungs = [[one.rung for one in send_due(at(9, on=day)).sent] for day in days]

    assert rungs == [[Rung.YELLOW], [], [Rung.ORANGE]]  # 3, 2 and 1 of 11 days left


def test_after_a_pause_only_the_rung_of_today_is_sent(school: School):
    done = send_due(at(9, on=ORANGE))

    assert told(done) == [(Rung.ORANGE, "总支书记")]
    assert list(LadderStep.objects.values_list("rung", flat=True)) == [Rung.ORANGE]


def test_completion_stops_the_ladder(school: School):
    send_due(at(9, on=YELLOW))
    ActivityFactory.create(campaign=school.campaign, unit=school.branch, held_on=YELLOW)

    done = send_due(at(9, on=ORANGE))

    assert done.sent == []
    assert reasons(done) == ["已完成"]


def test_mail_waiting_for_somebody_who_has_done_it_meanwhile_is_stopped(school: School):
    send_due(at(9, on=YELLOW))
    ActivityFactory.create(campaign=school.campaign, unit=school.branch, held_on=YELLOW)

    done = send_due(at(9, 5, on=YELLOW))
    deliver_due(at(9, 10, on=YELLOW), seconds_at_most=5)

    assert done.stopped == 1
    assert Delivery.objects.get().status == DeliveryStatus.STOPPED
    assert mail.outbox == []


def test_mail_about_what_is_still_owed_is_not_stopped(school: School):
    send_due(at(9, on=YELLOW))

    done = send_due(at(9, 5, on=YELLOW))
    deliver_due(at(9, 10, on=YELLOW), seconds_at_most=5)

    assert done.stopped == 0
    assert [message.to for message in mail.outbox] == [[school.secretary.email]]


def test_a_moved_deadline_has_a_ladder_of_its_own(school: School):
    send_due(at(9, on=YELLOW))
    school.demand.due_on = date(2019, 11, 19)  # 70 days: 42 left on 9 October
    school.demand.save()

    too_early = send_due(at(9, on=YELLOW))
    later = send_due(at(9, on=date(2019, 10, 30)))  # 21 left: 30 %

    assert reasons(too_early) == ["未到提醒时间"]
    assert too_early.stopped == 1
    assert told(later) == [(Rung.YELLOW, "书记")]


@pytest.mark.parametrize(
    ("hour", "minute", "day", "sent"),
    [
        (7, 59, YELLOW, 0),
        (8, 0, YELLOW, 1),
        (19, 59, YELLOW, 1),
        (20, 0, YELLOW, 0),
        (9, 0, date(2019, 10, 12), 1),  # a Saturday made a working day
        (9, 0, date(2019, 10, 13), 0),
    ],
)
def test_nothing_is_sent_at_night_or_on_a_rest_day(
    school: School, hour: int, minute: int, day: date, sent: int
):
    done = send_due(at(hour, minute, on=day))

    assert len(done.sent) == sent
    assert Notice.objects.count() == sent


def test_nothing_is_sent_on_the_schools_own_rest_days(school: School):
    RestPeriod.objects.create(name="校庆", starts_on=YELLOW, ends_on=YELLOW)

    assert send_due(at(9, on=YELLOW)).sent == []


def test_a_retry_that_falls_into_the_evening_waits_for_the_morning(school: School):
    send_due(at(19, 58, on=YELLOW))
    Delivery.objects.update(attempts=1, not_before=at(20, 3, on=YELLOW))

    at_night = deliver_due(at(20, 5, on=YELLOW), seconds_at_most=5)
    waiting_until = Delivery.objects.get().not_before
    in_the_morning = deliver_due(at(8, on=date(2019, 10, 10)), seconds_at_most=5)

    assert (at_night, in_the_morning) == (0, 1)
    assert waiting_until == at(8, on=date(2019, 10, 10))


def test_nobody_is_told_where_nobody_is_in_office(school: School):
    Membership.objects.all().delete()

    assert reasons(send_due(at(9, on=ORANGE))) == ["没有可以通知的人"]


def test_a_sealed_campaign_reminds_nobody_and_stops_what_is_on_its_way(school: School):
    send_due(at(9, on=YELLOW))
    school.campaign.state = "sealed"
    school.campaign.save()

    done = send_due(at(9, on=ORANGE))

    assert (done.sent, done.skipped, done.stopped) == ([], [], 1)


def test_the_thresholds_of_the_campaign_decide(school: School):
    LadderRule.objects.create(
        campaign=school.campaign, blue_percent=10, yellow_percent=8, orange_percent=5
    )

    assert reasons(send_due(at(9, on=ORANGE))) == ["未到提醒时间"]
    assert told(send_due(at(9, on=date(2019, 10, 17)))) == [(Rung.BLUE, "联络员")]


def test_thresholds_out_of_order_are_refused(school: School):
    with pytest.raises(IntegrityError):
        LadderRule.objects.create(campaign=school.campaign, yellow_percent=60)


def test_a_reminder_states_what_is_missing_its_rule_its_dates_and_the_way_out(school: School):
    send_due(at(9, on=YELLOW))

    notice = Notice.objects.get()
    assert notice.title == "【黄】组织研讨：还差1场，10月20日截止"
    assert notice.body == (
        "第一党支部应在2019年9月11日—10月20日完成1场，已完成0场，还差1场，含今天还有12天。"
    )
    assert notice.reason == (
        "规则：剩余时间不超过30%仍未完成的，为黄色提醒，发给本单位书记。\n"
        "依据：三大工作组的要求：组织研讨。截止日期：2019年10月20日。\n"
        "如何停止：完成后不再提醒；确有困难的，可在事项页面申请延期，批准后按新的期限重新计算。"
    )
    assert notice.url == f"/supervision/owed/demand-{school.demand.pk}-{school.branch.pk}/"


def test_a_reviewer_who_has_done_everything_that_waits_is_left_alone(school: School):
    plan_group = school.reviewer.memberships.get().unit
    idle = UserFactory.create(name="未审议")
    MembershipFactory.create(user=idle, unit=plan_group, position=Position.MEMBER)
    proposal = ProposalFactory.create(
        campaign=school.campaign,
        status=Status.SUBMITTED,
        submitted_at=at(10),
        review_due_on=date(2019, 9, 25),
    )
    Review.objects.create(
        proposal=proposal, reviewer=school.reviewer, accuracy=4, practicality=4, at=at(11)
    )

    done = send_due(at(9, on=date(2019, 9, 20)))  # 6 of 10 days left are 60 %
    later = send_due(at(9, on=date(2019, 9, 23)))  # 3 of 10 are 30 %

    assert told(done) == []
    assert told(later) == [(Rung.YELLOW, "未审议")]


def test_leadership_hears_of_nothing_before_red_even_if_no_other_role_is_filled(school: School):
    for someone in (school.liaison, school.committee_secretary, school.organiser):
        someone.memberships.all().delete()

    done = send_due(at(9, on=ORANGE))

    assert told(done) == [(Rung.ORANGE, "书记")]


def test_red_goes_to_leadership_only_after_somebody_confirmed_it(school: School):
    key = f"demand-{school.demand.pk}-{school.branch.pk}"

    services.confirm_red(school.campaign, key, school.organiser, at(21, on=OVERDUE))

    notice = Notice.objects.get()
    assert notice.recipient == school.leader
    assert notice.title == "【红】组织研讨：还差1场，已超期1天"
    assert not notice.is_automatic
    assert LadderStep.objects.get().confirmed_by == school.organiser
    assert AuditEntry.objects.get().action == "supervision.confirm_red"


def test_red_is_confirmed_once(school: School):
    key = f"demand-{school.demand.pk}-{school.branch.pk}"
    services.confirm_red(school.campaign, key, school.organiser, at(9, on=OVERDUE))

    with pytest.raises(services.NotOverdue):
        services.confirm_red(school.campaign, key, school.organiser, at(10, on=OVERDUE))

    assert Notice.objects.count() == 1


def test_red_cannot_be_confirmed_before_the_deadline_has_passed(school: School):
    key = f"demand-{school.demand.pk}-{school.branch.pk}"

    with pytest.raises(services.NotOverdue):
        services.confirm_red(school.campaign, key, school.organiser, at(9, on=date(2019, 10, 20)))


@pytest.mark.parametrize("who", ["secretary", "committee_secretary", "reviewer"])
def test_only_the_campaign_group_confirms_red(school: School, who: str):
    by: User = getattr(school, who)
    key = f"demand-{school.demand.pk}-{school.branch.pk}"

    with pytest.raises(PermissionDenied):
        services.confirm_red(school.campaign, key, by, at(9, on=OVERDUE))

    assert not LadderStep.objects.exists()


def test_the_command_says_what_it_sent_and_what_it_skipped(school: School):
    DemandFactory.create(campaign=school.campaign, title="没有期限的事", due_on=None)
    out = StringIO()

    call_command("send_due", now="2019-10-09T09:00", stdout=out)

    assert out.getvalue().splitlines() == [
        "2019年10月9日09:00",
        "已发\t黄\t第一党支部\t组织研讨（2019-10-20截止）\t本单位书记：书记",
        "未发\t第一党支部\t没有期限的事\t没有截止日期",
        "已发1项，未发1项，停发邮件0封",
    ]


@pytest.mark.parametrize("units", [1, 3])
def test_a_pass_costs_the_same_queries_for_one_unit_and_for_three(
    school: School, units: int, django_assert_num_queries: Callable[[int], Any]
):
    for _ in range(units - 1):
        branch = UnitFactory.create(parent=school.committee)
        MembershipFactory.create(unit=branch, position=Position.SECRETARY)

    with django_assert_num_queries(33):
        done = send_due(at(9, on=YELLOW))

    assert len(done.sent) == units


def test_forty_eight_hours_without_a_scheduler_lose_and_double_nothing(school: School):
    for _ in range(2):
        branch = UnitFactory.create(parent=school.committee)
        MembershipFactory.create(unit=branch, position=Position.SECRETARY)
    before = send_due(at(9, on=date(2019, 10, 8)))

    after = send_due(at(9, on=date(2019, 10, 10)))  # yellow came on the 9th
    again = send_due(at(9, on=date(2019, 10, 10)) + timedelta(minutes=5))

    assert [len(done.sent) for done in (before, after, again)] == [3, 3, 0]
    assert {one.rung for one in after.sent} == {Rung.YELLOW}
