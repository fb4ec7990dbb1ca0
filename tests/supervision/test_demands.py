"""What a demand may ask for, and how far units are with it, counted from the records."""

from datetime import date, datetime, time

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaign.choices import DemandKind
from campaign.models import Demand, DemandQuota
from notices.models import Notice
from supervision import wording
from supervision.burden import OverBudget
from supervision.models import Fulfilment
from supervision.obligations import of_campaign
from supervision.services.demands import ask_more
from supervision.services.fulfilments import (
    AlreadyAnswered,
    Incomplete,
    decide_hand_in,
    say_done,
)
from supervision.services.waivers import waive
from tests.factories import SHANGHAI, ActivityFactory, DemandFactory, UnitFactory, at
from tests.supervision.conftest import School
from units.choices import UnitKind

ON = date(2019, 10, 14)
pytestmark = pytest.mark.usefixtures("school")


def owed_by(school, unit, demand, on=ON):
    key = f"demand-{demand.pk}-{unit.pk}"
    return next((owed for owed in of_campaign(school.campaign, on) if owed.key == key), None)


def test_a_number_of_a_kind_and_of_a_unit_go_before_the_common_one(school: School):
    other = UnitFactory.create(parent=school.committee)
    spared = UnitFactory.create(parent=school.committee)
    office = UnitFactory.create(parent=school.school, kind=UnitKind.DEPARTMENT)
    demand = DemandFactory.create(campaign=school.campaign, quota=1)
    for facts in (
        {"unit_kind": UnitKind.BRANCH, "quota": 2},
        {"unit": school.branch, "quota": 5},
        {"unit": spared, "quota": 0},
        {"unit": office, "quota": 3},
    ):
        DemandQuota.objects.create(demand=demand, **facts)

    needed = {
        unit.pk: owed.needed
        for unit in (school.branch, other, spared, office)
        if (owed := owed_by(school, unit, demand))
    }

    assert needed == {school.branch.pk: 5, other.pk: 2, office.pk: 3}


@pytest.mark.parametrize(
    ("day", "is_late"), [(date(2019, 10, 12), False), (date(2019, 10, 13), True)]
)
def test_what_comes_after_the_day_counts_and_is_marked_late(school, day, is_late):
    Demand.objects.update(due_on=date(2019, 10, 12))
    ActivityFactory(campaign=school.campaign, unit=school.branch, held_on=day)

    owed = owed_by(school, school.branch, school.demand)

    assert (owed.is_met, owed.was_late) == (True, is_late)
    assert ("迟交" in wording.summary(owed, ON)) == is_late


def test_enough_in_time_and_one_more_later_is_not_late(school):
    Demand.objects.update(due_on=date(2019, 10, 12))
    for day in (date(2019, 10, 12), date(2019, 10, 14)):
        ActivityFactory(campaign=school.campaign, unit=school.branch, held_on=day)

    assert not owed_by(school, school.branch, school.demand).was_late


@pytest.mark.parametrize(
    ("on", "is_overdue"), [(date(2019, 10, 14), False), (date(2019, 10, 15), True)]
)
def test_grace_in_working_days_puts_off_being_overdue(school, on, is_overdue):
    # Friday the 11th; Saturday the 12th is a working day, so two days of grace end on Monday.
    Demand.objects.update(due_on=date(2019, 10, 11), grace_days=2)

    owed = owed_by(school, school.branch, school.demand, on)

    assert (owed.grace_until, owed.is_overdue(on)) == (date(2019, 10, 14), is_overdue)


def test_only_records_of_the_wanted_length_count(school):
    Demand.objects.update(words_min=5, words_max=8)
    for content in ("四个字啊", "正好是五字", "这里一共有八个字", "这里一共有了九个字"):
        ActivityFactory(campaign=school.campaign, unit=school.branch, content=content)

    assert owed_by(school, school.branch, school.demand).done == 2


# --- Handing in --------------------------------------------------------------------------


@pytest.fixture
def plan(school):
    return DemandFactory.create(
        campaign=school.campaign,
        kind=DemandKind.IMPLEMENTATION_PLAN,
        due_on=date(2019, 10, 12),
        due_time=time(17),
        needs_approval=True,
    )


NINE = at(9, on=ON)


def hand_in(school, plan, now=NINE, note="实施方案"):
    return say_done(plan, school.branch, school.secretary, note=note, done_on=ON, now=now)


@pytest.mark.parametrize(
    ("moment", "is_late"),
    [
        (datetime(2019, 10, 12, 17, 0, tzinfo=SHANGHAI), False),
        (datetime(2019, 10, 12, 17, 1, tzinfo=SHANGHAI), True),
    ],
)
def test_a_hand_in_is_late_from_the_minute_after_the_hour(school, plan, moment, is_late):
    hand_in(school, plan, moment)

    assert owed_by(school, school.branch, plan).was_late == is_late


def test_a_returned_hand_in_is_owed_again_until_it_comes_anew(school, plan):
    given = hand_in(school, plan)
    assert (
        owed_by(school, school.branch, plan).is_met,
        owed_by(school, school.branch, plan).waiting,
    ) == (True, 1)

    decide_hand_in(given, school.organiser, is_approved=False, note="缺责任分工", now=at(10, on=ON))
    assert not owed_by(school, school.branch, plan).is_met
    assert Notice.objects.get(recipient=school.secretary).body == "缺责任分工"

    hand_in(school, plan, at(11, on=ON))
    decide_hand_in(
        Fulfilment.objects.get(), school.leader, is_approved=True, note="", now=at(12, on=ON)
    )
    owed = owed_by(school, school.branch, plan)
    assert (owed.is_met, owed.waiting, Fulfilment.objects.count()) == (True, 0, 1)


def test_the_second_answer_and_answers_of_others_are_refused(school, plan):
    given = hand_in(school, plan)
    for person in (school.reviewer, school.secretary, school.committee_secretary):
        with pytest.raises(PermissionDenied):
            decide_hand_in(given, person, is_approved=True, note="", now=at(10, on=ON))

    decide_hand_in(given, school.organiser, is_approved=True, note="", now=at(10, on=ON))
    with pytest.raises(AlreadyAnswered):
        decide_hand_in(given, school.leader, is_approved=False, note="改", now=at(10, on=ON))


def test_the_group_that_asked_answers(school, plan):
    Demand.objects.filter(pk=plan.pk).update(asked_by=school.campaign.plan_group)
    given = hand_in(school, Demand.objects.get(pk=plan.pk))

    with pytest.raises(PermissionDenied):
        decide_hand_in(given, school.organiser, is_approved=True, note="", now=at(10, on=ON))
    decide_hand_in(given, school.reviewer, is_approved=True, note="", now=at(10, on=ON))


@time_machine.travel(at(9, on=ON), tick=False)
def test_a_page_sets_the_group_that_asks_and_units_read_who_approves(client, school, plan):
    backend = "django.contrib.auth.backends.ModelBackend"
    client.force_login(school.organiser, backend=backend)
    address = reverse("supervision:edit_demand", args=[plan.pk])
    form = client.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, False)}
    asked_by = school.campaign.plan_group

    client.post(address, typed | {"asked_by": asked_by.pk, "confirmed": "yes"})

    assert Demand.objects.get(pk=plan.pk).asked_by == asked_by
    client.force_login(school.secretary, backend=backend)
    key = f"demand-{plan.pk}-{school.branch.pk}"
    for name in ("supervision:owed", "supervision:done"):
        page = client.get(reverse(name, args=[key])).content.decode()
        assert f"后由{asked_by.short_name}审核，通过才算完成" in page


def test_what_the_demand_wants_must_be_there(school, plan):
    Demand.objects.filter(pk=plan.pk).update(attachments=["任务分解表"], words_min=5)

    with pytest.raises(Incomplete, match="缺少附件：任务分解表"):
        hand_in(school, Demand.objects.get(pk=plan.pk))
    assert not Fulfilment.objects.exists()


@time_machine.travel(at(9, on=ON), tick=False)
def test_the_page_names_each_missing_thing_and_keeps_the_rest(client, school, plan):
    Demand.objects.filter(pk=plan.pk).update(attachments=["任务分解表"], words_min=5)
    client.force_login(school.secretary, backend="django.contrib.auth.backends.ModelBackend")
    key = f"demand-{plan.pk}-{school.branch.pk}"
    address = reverse("supervision:done", args=[key])
    sent = {"note": "实施方案", "done_on": "2019-10-14", "text": "太短"}

    answer = client.post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("要求不少于5字，现在2字，请补充。", "请上传“任务分解表”。", "太短"):
        assert words in page

    file = SimpleUploadedFile("分解表.txt", "任务".encode())
    client.post(address, sent | {"text": "这里有足够的字", "wanted_0": file})
    given = Fulfilment.objects.get()
    assert (given.words, [(one.wanted, one.name) for one in given.files.all()]) == (
        7,
        [("任务分解表", "分解表.txt")],
    )
    assert "任务分解表" in client.get(reverse("supervision:owed", args=[key])).content.decode()


def test_a_unit_is_not_asked_for_more_than_a_week_allows_unless_a_chair_waives(school):
    def ask(title):
        return ask_more(
            school.organiser,
            school.campaign,
            now=timezone.now(),
            kind=DemandKind.REPORT,
            title=title,
            unit_kinds=[UnitKind.BRANCH],
        )

    Demand.objects.all().delete()
    for title in ("第一项", "第二项", "第三项"):
        ask(title)

    with pytest.raises(OverBudget):
        ask("第四项")
    waive(
        school.campaign,
        school.leader,
        units=[school.branch],
        extra=1,
        reason="上级临时要求",
        now=timezone.now(),
    )
    ask("第四项")

    assert school.campaign.demands.count() == 4
