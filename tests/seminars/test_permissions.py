from datetime import date

from campaign.choices import CampaignState
from seminars.permissions import can_edit, can_log, can_settle, can_voice
from tests.factories import ActivityFactory, OpinionFactory, UserFactory


def test_secretary_and_liaison_log_for_their_unit_and_below(college):
    assert can_log(college.secretary, college.branch)
    assert can_log(college.liaison, college.branch)
    assert can_log(college.committee_secretary, college.branch)
    assert not can_log(college.secretary, college.committee)
    assert not can_log(college.stranger, college.branch)
    assert not can_log(college.staff, college.branch)
    assert not can_log(college.organiser, college.branch)
    assert not can_log(UserFactory(is_superuser=True), college.branch)


def test_nobody_logs_for_a_closed_unit(college):
    college.branch.closed_on = date(2019, 9, 1)

    assert not can_log(college.committee_secretary, college.branch)


def test_nothing_is_edited_or_settled_after_sealing(college):
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch)
    opinion = OpinionFactory(campaign=college.campaign, unit=college.branch)
    assert can_edit(college.secretary, activity)
    assert can_settle(college.secretary, opinion)

    college.campaign.state = CampaignState.SEALED

    assert not can_edit(college.secretary, activity)
    assert not can_settle(college.secretary, opinion)


def test_organisers_settle_the_idea_box_but_not_a_branchs_opinions(college):
    idea = OpinionFactory(campaign=college.campaign, unit=college.campaign_group)
    of_the_branch = OpinionFactory(campaign=college.campaign, unit=college.branch)

    assert can_settle(college.organiser, idea)
    assert not can_settle(college.organiser, of_the_branch)
    assert not can_settle(college.staff, of_the_branch)


def test_a_person_voices_an_opinion_in_their_own_unit_only(college):
    assert can_voice(college.staff, college.branch)
    assert not can_voice(college.staff, college.sibling)
