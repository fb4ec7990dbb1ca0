from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEntry
from campaign.choices import DemandKind
from supervision.choices import HandInState
from supervision.models import Fulfilment
from supervision.readiness import bodies, readiness
from supervision.services.bodies import set_team, sign
from tests.factories import (
    A_MONDAY,
    CampaignFactory,
    DemandFactory,
    MembershipFactory,
    UnitFactory,
    UserFactory,
    at,
)
from units.choices import Position, UnitKind
from units.models import Membership, Unit

pytestmark = pytest.mark.django_db
NOBODY: dict[Position, list[str]] = {
    Position.CHAIR: [],
    Position.DEPUTY_CHAIR: [],
    Position.MEMBER: [],
}


@pytest.fixture
def school():
    return UnitFactory(kind=UnitKind.SCHOOL)


@pytest.fixture
def campaign(school):
    return CampaignFactory(
        campaign_group=UnitFactory(parent=school, kind=UnitKind.CAMPAIGN_GROUP),
        composition={
            "recipient_kinds": ["grassroots_committee", "general_branch"],
            "chairs": ["党委书记", "校长"],
            "member_departments": ["组织部", "教务处"],
        },
    )


@pytest.fixture
def general(school):
    return UnitFactory(parent=school, kind=UnitKind.GENERAL_BRANCH, name="机电学院党总支")


@pytest.fixture
def secretary(general):
    return MembershipFactory(unit=general, position=Position.SECRETARY).user


@pytest.fixture
def organiser(campaign):
    return MembershipFactory(unit=campaign.campaign_group, position=Position.MEMBER).user


def gaps(campaign, user):
    return [row.gaps for row in readiness(campaign, user, A_MONDAY)]


def plan_demand(campaign):
    return DemandFactory(
        campaign=campaign,
        kind=DemandKind.IMPLEMENTATION_PLAN,
        unit_kinds=["general_branch"],
    )


def hand_in(demand, unit, by, state=HandInState.HANDED_IN, note="实施方案"):
    return Fulfilment.objects.create(
        demand=demand,
        unit=unit,
        note=note,
        done_on=A_MONDAY,
        by=by,
        at=at(9),
        state=state,
        decision_note="请补充时间安排" if state == HandInState.RETURNED else "",
    )


def test_only_addressed_units_are_listed_with_everything_they_lack(campaign, general, organiser):
    UnitFactory(parent=general)  # a branch is not addressed
    plan_demand(campaign)

    assert gaps(campaign, organiser) == [("未签收方案", "未成立工作小组", "没有实施方案")]


def test_a_gap_goes_as_soon_as_the_thing_is_there(campaign, general, secretary, organiser):
    demand = plan_demand(campaign)
    sign(campaign, general, secretary, at(9))
    set_team(general, secretary, {**NOBODY, Position.CHAIR: [secretary]}, A_MONDAY)
    hand_in(demand, general, secretary)

    assert gaps(campaign, organiser) == [()]


def test_a_returned_plan_is_a_gap_until_a_new_one_comes(campaign, general, secretary, organiser):
    demand = plan_demand(campaign)
    hand_in(demand, general, secretary, HandInState.RETURNED)
    returned = gaps(campaign, organiser)[0]
    hand_in(demand, general, secretary, note="实施方案（修改稿）")

    assert returned[-1] == "实施方案被退回"
    assert "实施方案被退回" not in gaps(campaign, organiser)[0]


def test_a_receipt_is_signed_once_and_the_first_signature_stays(campaign, general, secretary):
    first = sign(campaign, general, secretary, at(9))
    second = sign(campaign, general, secretary, at(15))

    assert (second.pk, second.at) == (first.pk, at(9))
    assert AuditEntry.objects.filter(action="supervision.sign").count() == 1


def test_nobody_signs_for_another_unit_or_one_the_plan_is_not_sent_to(
    campaign, general, secretary, school
):
    other = UnitFactory(parent=school, kind=UnitKind.GENERAL_BRANCH)
    branch = UnitFactory(parent=general)
    staff = MembershipFactory(unit=general).user

    for unit, by in ((other, secretary), (branch, secretary), (general, staff)):
        with pytest.raises(PermissionDenied):
            sign(campaign, unit, by, at(9))

    assert not campaign.receipts.exists()


def test_who_leaves_a_working_team_keeps_the_term(general, secretary):
    old, new = UserFactory.create_batch(2)
    set_team(general, secretary, {**NOBODY, Position.CHAIR: [old]}, date(2019, 9, 1))

    team = set_team(general, secretary, {**NOBODY, Position.CHAIR: [new]}, A_MONDAY)

    terms = Membership.objects.filter(unit=team).order_by("starts_on")
    assert [(term.user, term.starts_on, term.ends_on) for term in terms] == [
        (old, date(2019, 9, 1), date(2019, 9, 15)),
        (new, A_MONDAY, None),
    ]


def test_saving_the_same_team_again_changes_nothing(general, secretary):
    people = {**NOBODY, Position.CHAIR: [secretary], Position.MEMBER: [UserFactory()]}
    team = set_team(general, secretary, people, date(2019, 9, 1))
    before = list(team.memberships.order_by("pk").values())

    again = set_team(general, secretary, people, A_MONDAY)

    assert again == team
    assert list(team.memberships.order_by("pk").values()) == before


def test_a_team_is_set_up_by_whoever_reports_for_the_unit(general):
    staff = MembershipFactory(unit=general).user

    with pytest.raises(PermissionDenied):
        set_team(general, staff, NOBODY, A_MONDAY)

    assert not Unit.objects.of_kind(UnitKind.WORKING_TEAM).exists()


def test_the_campaign_group_is_held_against_the_plan(campaign, school, organiser):
    MembershipFactory(unit=campaign.campaign_group, position=Position.CHAIR, user__name="书记甲")
    office = UnitFactory(parent=school, kind=UnitKind.DEPARTMENT, name="组织部")
    MembershipFactory(unit=office, user=organiser)

    group, _ = bodies(campaign, A_MONDAY)

    assert group.chairs == ("书记甲",)
    assert group.remarks == (
        "方案规定组长2人（党委书记、校长），现登记1人，请到单位页登记任职。",
        "成员部门中还没有人登记为成员：教务处。",
    )


def test_two_chairs_and_every_department_leave_no_remark(campaign, school, organiser):
    for _ in range(2):
        MembershipFactory(unit=campaign.campaign_group, position=Position.CHAIR)
    for name in ("组织部", "教务处"):
        office = UnitFactory(parent=school, kind=UnitKind.DEPARTMENT, name=name)
        MembershipFactory(unit=office, user=organiser)

    assert bodies(campaign, A_MONDAY)[0].remarks == ()


def test_the_list_takes_the_same_queries_for_one_unit_and_three(
    campaign, general, secretary, organiser, school, django_assert_max_num_queries
):
    demand = plan_demand(campaign)
    hand_in(demand, general, secretary)
    with django_assert_max_num_queries(10) as one:
        readiness(campaign, organiser, A_MONDAY)
    for _ in range(2):
        unit = UnitFactory(parent=school, kind=UnitKind.GENERAL_BRANCH)
        hand_in(demand, unit, secretary)
        UnitFactory(parent=unit, kind=UnitKind.WORKING_TEAM)
    with django_assert_max_num_queries(10) as three:
        readiness(campaign, organiser, A_MONDAY)

    assert len(three) <= len(one) + 1  # the first team brings its chairs with it


@time_machine.travel(at(10), tick=False)
def test_a_secretary_signs_and_names_the_team_on_the_pages(client, campaign, general, secretary):
    UserFactory(username="wang", name="王一")
    client.force_login(secretary, backend="django.contrib.auth.backends.ModelBackend")
    page, team = reverse("supervision:bodies"), reverse("supervision:team", args=[general.code])

    asked = client.get(page).content.decode()
    client.post(reverse("supervision:sign_receipt", args=[general.code]))
    wrong = client.post(team, {"chair": "王一、无此人", "on": "2019-09-16"})
    client.post(team, {"chair": "王一", "member": secretary.username, "on": "2019-09-16"})
    done = client.get(page, {"show": "all"}).content.decode()

    assert "等您签收" in asked
    assert wrong.status_code == 422
    assert "没有叫“无此人”的在用账户" in wrong.content.decode()
    assert "王一、无此人" in wrong.content.decode()
    assert "组长：王一" in done
    assert "2019年9月16日" in done


@time_machine.travel(at(10), tick=False)
def test_two_people_of_one_name_are_told_apart_by_their_sign_in_names(client, general, secretary):
    for username in ("wang1", "wang2"):
        UserFactory(username=username, name="王一")
    client.force_login(secretary, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(
        reverse("supervision:team", args=[general.code]), {"chair": "王一", "on": "2019-09-16"}
    )

    assert "有2个人叫“王一”，请改填用户名（wang1、wang2）。" in answer.content.decode()


@time_machine.travel(at(10), tick=False)
def test_the_team_form_shows_names_unless_two_people_share_one(client, general, secretary):
    UserFactory(username="wang", name="王一")
    for username in ("li1", "li2"):
        UserFactory(username=username, name="李二")
    client.force_login(secretary, backend="django.contrib.auth.backends.ModelBackend")
    team = reverse("supervision:team", args=[general.code])
    client.post(team, {"chair": "王一", "member": "li2", "on": "2019-09-16"})

    form = client.get(team).context["form"]

    assert (form["chair"].value(), form["member"].value()) == ("王一", "li2")
