"""Obligations that come from opinions, packages, replies and decisions."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaign.choices import Gate
from proposals.choices import PackageStatus, Satisfaction, Status, Verdict
from proposals.models import (
    ClauseRevision,
    Decision,
    Proposal,
    ReferralReport,
    Reply,
    SubmissionPackage,
)
from seminars.choices import OpinionStatus
from seminars.models import Problem
from supervision import obligations
from supervision.choices import Duty
from supervision.owing import Obligation
from supervision.services.ladder import send_due
from supervision.services.sealing import unanswered
from tests.factories import (
    ActivityFactory,
    OpinionFactory,
    ProposalFactory,
    ThemeFactory,
    UnitFactory,
    UserFactory,
    at,
)
from tests.supervision.conftest import School

ON = date(2019, 10, 9)
LAST_DAY = date(2019, 12, 31)


def of_duty(school: School, duty: Duty, **options: Any) -> list[Obligation]:
    found = obligations.of_campaign(school.campaign, ON, **options)
    return [owed for owed in found if owed.duty == duty]


def decide(proposal: Proposal, school: School, verdict: Verdict = Verdict.ADOPTED) -> Decision:
    return Decision.objects.create(
        proposal=proposal,
        verdict=verdict,
        reasons="可行",
        prepared_by=school.reviewer,
        prepared_at=at(10),
    )


def waiting_proposal(school: School) -> Proposal:
    return ProposalFactory.create(
        campaign=school.campaign,
        unit=school.branch,
        title="晚间开放",
        status=Status.SUBMITTED,
        submitted_at=at(10),
        review_due_on=date(2019, 9, 30),
    )


def test_opinions_and_problems_without_an_end_are_owed_when_the_phase_ends(school: School):
    theme = ThemeFactory.create(campaign=school.campaign)
    for status in (OpinionStatus.NEW, OpinionStatus.NEW, OpinionStatus.SOLVED):
        OpinionFactory.create(campaign=school.campaign, unit=school.branch, status=status)
    Problem.objects.create(
        campaign=school.campaign,
        unit=school.branch,
        theme=theme,
        text="晚间不开放",
        created_by=school.secretary,
        created_at=at(10),
    )

    [owed] = of_duty(school, Duty.SETTLING)

    assert (owed.unit, owed.missing, owed.due_on) == (school.branch, 3, LAST_DAY)
    assert owed in obligations.of_person(school.campaign, school.secretary, ON)


def test_ideas_of_the_box_are_the_campaign_groups_own(school: School):
    OpinionFactory.create(campaign=school.campaign, unit=school.campaign.campaign_group)

    [owed] = of_duty(school, Duty.SETTLING)

    assert obligations.owed_by(school.organiser, [owed]) == [owed]
    assert obligations.owed_by(school.secretary, [owed]) == []


def test_a_returned_package_is_owed_by_its_unit_while_packages_are_taken(school: School):
    package = SubmissionPackage.objects.create(
        campaign=school.campaign,
        unit=school.committee,
        status=PackageStatus.RETURNED,
        return_reason="缺综述",
        created_by=school.committee_secretary,
        created_at=at(10),
        sent_at=at(11),
    )

    [owed] = of_duty(school, Duty.PACKAGE)
    school.campaign.phases.update(opens=[Gate.STUDY])
    campaign = type(school.campaign).objects.get()
    [later] = [one for one in obligations.of_campaign(campaign, ON) if one.duty == Duty.PACKAGE]

    assert (owed.unit, owed.due_on, owed.record_id) == (school.committee, LAST_DAY, package.pk)
    assert owed.source.endswith("原因：缺综述")
    assert later.due_on is None


def test_a_reply_that_did_not_satisfy_is_answered_once_more_within_the_reply_time(school: School):
    decision = decide(waiting_proposal(school), school)
    for rating in (Satisfaction.DISSATISFIED, Satisfaction.SATISFIED):
        Reply.objects.create(
            decision=decision,
            recipient=UserFactory.create(),
            text="答复",
            sent_at=at(11),
            satisfaction=rating,
            satisfaction_at=at(15),
        )

    [owed] = of_duty(school, Duty.SECOND_REPLY)
    Reply.objects.update(second_at=at(16))

    assert owed.due_on == date(2019, 9, 29)  # ten working days after the 16th; the 29th is one
    assert of_duty(school, Duty.SECOND_REPLY) == []
    assert obligations.owed_by(school.reviewer, [owed]) == [owed]
    assert obligations.owed_by(school.organiser, [owed]) == []


def test_an_adoption_without_wording_is_its_drafters_and_no_secret_of_the_group(school: School):
    decision = decide(waiting_proposal(school), school)

    [owed] = of_duty(school, Duty.WORDING, with_wordings=True)
    seen_by = {
        person.name: [
            one.duty for one in obligations.visible_to(person, school.campaign, ON)
        ].count(Duty.WORDING)
        for person in (school.reviewer, school.organiser, school.secretary)
    }
    ClauseRevision.objects.create(decision=decision, no_change_reason="已有规定")

    assert (owed.person_id, owed.due_on) == (school.reviewer.pk, date(2019, 9, 30))
    assert seen_by == {"审议人": 1, "三大成员": 0, "书记": 0}
    assert of_duty(school, Duty.WORDING, with_wordings=True) == []


def test_reminders_of_a_wording_stay_within_the_plan_group(school: School):
    school.demand.delete()
    proposal = waiting_proposal(school)
    decide(proposal, school)

    for day in (26, 27, 29, 30):
        send_due(at(9, on=date(2019, 9, day)))

    told = set(school.reviewer.notices.values_list("key", flat=True))
    wording = {key for key in told if key.startswith("ladder:wording-")}
    assert wording
    assert not school.leader.notices.exists()
    assert not school.organiser.notices.exists()


def referral(school: School) -> Decision:
    return Decision.objects.create(
        proposal=waiting_proposal(school),
        verdict=Verdict.REFERRED,
        reasons="由学院办理",
        referred_to=school.committee,
        prepared_by=school.reviewer,
        prepared_at=at(10),
        published_at=at(16, on=date(2019, 9, 27)),
    )


def test_what_was_passed_on_is_owed_by_the_department_within_the_reply_time(school: School):
    decision = referral(school)
    [owed] = of_duty(school, Duty.REFERRAL)

    assert (owed.unit, owed.opens_on, owed.record_id) == (
        school.committee,
        date(2019, 9, 27),
        decision.proposal_id,
    )
    assert owed.due_on == date(2019, 10, 16)  # 29 September and 12 October are working days
    assert not owed.is_met


def test_a_referral_is_done_once_the_department_says_what_it_did(school: School):
    decision = referral(school)
    ReferralReport.objects.create(
        decision=decision,
        text="已延长开放时间。",
        done_on=ON,
        reported_by=school.secretary,
        reported_at=at(10),
    )

    [owed] = of_duty(school, Duty.REFERRAL)

    assert owed.is_met


def test_a_prepared_referral_is_no_secret_let_out(school: School):
    decision = referral(school)
    Decision.objects.filter(pk=decision.pk).update(published_at=None)

    assert of_duty(school, Duty.REFERRAL) == []


def test_a_campaign_with_an_unreported_referral_is_not_sealed(school: School):
    referral(school)

    assert "没有反馈办理情况的转办事项" in {one.title for one in unanswered(school.campaign)}


def test_a_person_whose_number_is_that_of_a_unit_sees_nothing_of_that_unit(school: School):
    """Keys of people and of units count from one alike."""
    stranger = UserFactory.create(pk=school.branch.pk + 100_000)
    unit = UnitFactory.create(parent=school.committee, pk=stranger.pk)
    SubmissionPackage.objects.create(
        campaign=school.campaign,
        unit=unit,
        status=PackageStatus.RETURNED,
        return_reason="缺综述",
        created_by=school.secretary,
        created_at=at(10),
        sent_at=at(11),
    )

    assert obligations.within_reach(school.campaign, stranger, ON) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_these_sources_cost_the_same_queries_for_one_record_and_for_three(
    school: School, rows: int, django_assert_num_queries: Any
):
    for number in range(rows):
        unit = UnitFactory.create(parent=school.committee)
        OpinionFactory.create(campaign=school.campaign, unit=unit)
        SubmissionPackage.objects.create(
            campaign=school.campaign,
            unit=unit,
            status=PackageStatus.RETURNED,
            return_reason="缺综述",
            created_by=school.secretary,
            created_at=at(10),
            sent_at=at(11, number),
        )
        decision = decide(waiting_proposal(school), school)
        Reply.objects.create(
            decision=decision,
            recipient=school.secretary,
            text="答复",
            sent_at=at(11),
            satisfaction=Satisfaction.DISSATISFIED,
            satisfaction_at=at(15),
        )

    with django_assert_num_queries(18):
        obligations.of_campaign(school.campaign, ON, with_wordings=True)


def test_the_page_names_what_counts_already_and_where_to_go_on(client: Client, school: School):
    activity = ActivityFactory.create(campaign=school.campaign, unit=school.branch)
    ActivityFactory.create(campaign=school.campaign, unit=school.branch, held_on=date(2019, 9, 1))
    address = reverse("supervision:owed", args=[f"demand-{school.demand.pk}-{school.branch.pk}"])
    type(school.demand).objects.update(quota=2)
    client.force_login(school.secretary)

    context = client.get(address).context

    assert [(one.title, one.url) for one in context["records"]] == [
        (activity.title, reverse("seminars:activity", args=[activity.pk]))
    ]
    assert (context["way"].label, context["way"].url) == ("记一笔", reverse("seminars:log"))


def test_who_only_looks_on_is_not_sent_to_do_it(client: Client, school: School):
    client.force_login(school.organiser)

    context = client.get(
        reverse("supervision:owed", args=[f"demand-{school.demand.pk}-{school.branch.pk}"])
    ).context

    assert context["way"] is None
