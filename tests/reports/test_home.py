from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notices.services import announce
from proposals.choices import Status
from proposals.models import Review, StatusChange
from reports.home import Home, assemble_home
from seminars.choices import ActivityStatus, OpinionStatus
from supervision.obligations import of_campaign
from supervision.services.ladder import confirm_red
from tests.factories import (
    ActivityFactory,
    DemandFactory,
    MembershipFactory,
    OpinionFactory,
    ProposalFactory,
    ThemeFactory,
    UnitFactory,
    UserFactory,
    at,
)
from tests.queries import MOST_FOR_A_PAGE, queries_of
from tests.supervision.conftest import School
from units.choices import Position

ON = date(2019, 10, 9)
pytestmark = pytest.mark.usefixtures("school")


def home_of(user: User, on: date = ON) -> Home:
    """As the next request would see it: rights are remembered on the user object."""
    return assemble_home(User.objects.get(pk=user.pk), at(9, on=on))


def waiting_for(user: User) -> dict[str, int]:
    return {one.title: one.count for one in home_of(user).waiting}


def proposal(school: School, **values: Any) -> Any:
    given = {
        "status": Status.SUBMITTED,
        "submitted_at": at(10),
        "unit": school.branch,
        "theme": ThemeFactory.create(campaign=school.campaign),
    }
    return ProposalFactory.create(campaign=school.campaign, **(given | values))


def test_a_secretary_reads_the_day_and_what_is_missing_in_one_sentence(school: School):
    home = home_of(school.secretary)

    assert home.sentence == "学习讨论阶段 第29天，还差1项"
    assert [(one.title, one.rung) for one in home.due] == [("组织研讨", "yellow")]


def test_what_is_done_is_gone_from_the_sentence(school: School):
    ActivityFactory.create(campaign=school.campaign, unit=school.branch)

    home = home_of(school.secretary)

    assert home.sentence == "学习讨论阶段 第29天，没有待办事项"
    assert home.due == ()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2019, 9, 10), "学习讨论阶段9月11日开始，还差1项"),
        (date(2019, 9, 11), "学习讨论阶段 第1天，还差1项"),
        (date(2019, 12, 31), "学习讨论阶段 第112天，还差1项"),
        (date(2020, 1, 1), "各阶段已经结束，还差1项"),
    ],
)
def test_the_sentence_knows_the_days_before_and_after_the_phases(
    school: School, on: date, sentence: str
):
    assert home_of(school.secretary, on).sentence == sentence


def test_without_a_campaign_the_page_says_so(school: School):
    school.campaign.state = "sealed"
    school.campaign.save()

    assert home_of(school.leader) == Home("目前没有进行中的活动。")


def test_a_secretary_finds_drafts_and_what_came_back(school: School):
    draft = ActivityFactory.create(
        campaign=school.campaign,
        unit=school.branch,
        status=ActivityStatus.DRAFT,
        created_by=school.secretary,
    )
    ActivityFactory.create(campaign=school.campaign, status=ActivityStatus.DRAFT)  # another's
    started = proposal(school, author=school.secretary, status=Status.DRAFT, submitted_at=None)
    returned = proposal(school, author=school.secretary, status=Status.RETURNED)
    for number, note in enumerate(("缺经费测算", "请写明由谁负责")):
        StatusChange.objects.create(
            proposal=returned,
            step="return",
            old=Status.SUBMITTED,
            new=Status.RETURNED,
            note=note,
            by=school.reviewer,
            at=at(10, number),
        )
    proposal(school, status=Status.RETURNED)  # another author's
    home = home_of(school.secretary)

    assert home.activity_drafts == (draft,)
    assert home.proposal_drafts == (started,)
    assert home.returned_proposals == (returned,)
    assert [getattr(one, "returned_because", "") for one in home.returned_proposals] == [
        "请写明由谁负责"
    ]
    assert home.sentence == "学习讨论阶段 第29天，还差2项"  # the forum and the proposal sent back


def test_a_reviewer_finds_what_is_still_to_be_reviewed(school: School):
    seen, _unseen = proposal(school), proposal(school)
    proposal(school, status=Status.DECIDED)
    proposal(school, author=school.reviewer)  # conflicted
    Review.objects.create(
        proposal=seen, reviewer=school.reviewer, accuracy=4, practicality=4, at=at(11)
    )

    assert waiting_for(school.reviewer) == {"等我审议的建议": 1}
    assert waiting_for(school.secretary) == {}


def test_a_reviewer_reads_how_many_answers_are_late(school: School):
    proposal(school, review_due_on=ON - timedelta(days=1))
    proposal(school, review_due_on=ON)
    proposal(school, review_due_on=ON, status=Status.DECIDED)

    home = home_of(school.reviewer)

    [answers] = [one for one in home.waiting if one.title == "待工作组答复的建议"]
    assert (answers.count, answers.note) == (2, "其中1件已超期")
    assert home.sentence == "学习讨论阶段 第29天，2件事等我处理"
    assert home.due == ()


def test_a_general_branch_reads_how_much_its_branches_still_owe(school: School):
    UnitFactory.create(name="第二党支部", parent=school.committee)
    ActivityFactory.create(campaign=school.campaign, unit=school.branch)

    assert waiting_for(school.committee_secretary) == {"下属单位还没完成的事项": 1}


def test_an_organiser_finds_what_is_overdue_and_who_is_behind(school: School):
    DemandFactory.create(
        campaign=school.campaign, opens_on=date(2019, 9, 11), due_on=ON - timedelta(days=1)
    )
    UnitFactory.create(name="第二党支部", parent=school.committee)

    assert waiting_for(school.organiser) == {
        "等待确认的红色督办": 2,
        "还有事项未完成的单位": 2,
    }


def test_a_leader_reads_four_figures(school: School):
    ActivityFactory.create_batch(2, campaign=school.campaign, unit=school.branch)
    OpinionFactory.create_batch(3, campaign=school.campaign, unit=school.branch)
    proposal(school)
    proposal(school, status=Status.DECIDED)
    proposal(school, status=Status.DRAFT, submitted_at=None)

    home = home_of(school.leader)

    assert [(one.label, one.value) for one in home.figures] == [
        ("活动", 2),
        ("意见建议", 3),
        ("待答复的对策建议", 1),
        ("已答复的对策建议", 1),
    ]
    assert home_of(school.organiser).figures == ()


def test_what_was_just_confirmed_does_not_wait_any_more(school: School):
    DemandFactory.create(
        campaign=school.campaign, opens_on=date(2019, 9, 11), due_on=ON - timedelta(days=1)
    )
    before = waiting_for(school.organiser)["等待确认的红色督办"]
    [overdue] = [one for one in of_campaign(school.campaign, ON) if one.is_overdue(ON)]

    confirm_red(school.campaign, overdue.key, school.organiser, at(9, 1, on=ON))

    assert (before, waiting_for(school.organiser).get("等待确认的红色督办")) == (1, None)


def test_figures_of_the_school_carry_their_moment(client: Client, school: School):
    with time_machine.travel(at(9, on=ON), tick=False):
        client.force_login(school.organiser)
        client.get(reverse("home"))
    with time_machine.travel(at(9, 5, on=ON), tick=False):
        page = client.get(reverse("home")).content.decode()

    assert "全校的数据截至2019年10月9日09:00" in page
    assert home_of(school.secretary).counted_at is None


def test_what_the_idea_box_got_waits_for_the_campaign_group(school: School):
    group = school.organiser.memberships.get().unit
    OpinionFactory.create(campaign=school.campaign, unit=group)

    assert [one.title for one in home_of(school.organiser).due] == ["处理意见和问题"]
    assert "处理意见和问题" not in [one.title for one in home_of(school.secretary).due]


def test_a_staff_member_reads_what_became_of_the_own_opinions(school: School):
    staff = UserFactory.create()
    MembershipFactory.create(user=staff, unit=school.branch, position=Position.STAFF)
    mine = OpinionFactory.create(
        campaign=school.campaign,
        unit=school.branch,
        contributor=staff,
        is_anonymous=False,
        status=OpinionStatus.NOT_ADOPTED,
        reason="已有规定",
    )
    OpinionFactory.create(campaign=school.campaign, unit=school.branch)  # anonymous

    home = home_of(staff)

    assert home.opinions == (mine,)
    assert home.sentence == "学习讨论阶段 第29天，没有待办事项"
    assert home.due == ()


def test_the_news_are_the_persons_own(school: School):
    for person in (school.secretary, school.leader):
        announce(
            person, "n", kind="news", title=person.name, body="", reason="", url="/", now=at(9)
        )

    assert [notice.title for notice in home_of(school.secretary).news] == ["书记"]


def _grow(school: School) -> None:
    """One more of everything the page could list."""
    unit = UnitFactory.create(parent=school.committee)
    theme = ThemeFactory.create(campaign=school.campaign)
    DemandFactory.create(campaign=school.campaign)
    for person in (school.secretary, school.committee_secretary, school.reviewer):
        mine: dict[str, Any] = {"campaign": school.campaign, "unit": unit}
        ActivityFactory.create(**mine, created_by=person, status=ActivityStatus.DRAFT)
        OpinionFactory.create(**mine, contributor=person, is_anonymous=False)
        for status in (Status.DRAFT, Status.RETURNED, Status.SUBMITTED):
            ProposalFactory.create(
                **mine,
                author=person,
                theme=theme,
                status=status,
                submitted_at=at(10),
                review_due_on=ON,
            )
        announce(
            person, f"n{unit.pk}", kind="n", title="新", body="", reason="", url="/", now=at(9)
        )


@time_machine.travel(at(9, on=ON), tick=False)
@pytest.mark.parametrize(
    "who",
    ["liaison", "secretary", "committee_secretary", "reviewer", "organiser", "leader", "staff"],
)
def test_the_page_costs_no_more_queries_for_three_of_everything(
    client: Client, school: School, who: str
):
    user = getattr(school, who, None) or UserFactory.create()
    client.force_login(user)
    client.get(reverse("home"))  # somebody counts the school; everyone else reads that
    _grow(school)
    one = queries_of(lambda: client.get(reverse("home")))
    _grow(school)
    _grow(school)
    three = queries_of(lambda: client.get(reverse("home")))

    assert one == three <= MOST_FOR_A_PAGE


@time_machine.travel(at(9, on=ON), tick=False)
@pytest.mark.parametrize(
    "who", ["secretary", "committee_secretary", "reviewer", "organiser", "leader"]
)
def test_every_link_on_the_page_leads_somewhere(client: Client, school: School, who: str):
    _grow(school)
    client.force_login(getattr(school, who))
    page = client.get(reverse("home"))

    links = {part.split('"', 1)[0] for part in page.content.decode().split('href="')[1:]}
    inside = {link for link in links if link.startswith("/") and not link.startswith("/static/")}
    dead = {link for link in inside if client.get(link, follow=True).status_code != 200}

    assert inside
    assert dead == set()


def test_who_belongs_to_no_unit_is_not_sent_to_a_page_that_refuses_them(client: Client):
    client.force_login(UserFactory.create())

    for page in (reverse("home"), reverse("seminars:opinions")):
        assert reverse("seminars:voice") not in client.get(page).content.decode()


def test_who_is_not_signed_in_is_asked_to(client: Client):
    response = client.get(reverse("home"))

    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("accounts:sign_in"))
