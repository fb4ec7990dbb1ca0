import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from campaign.models import Campaign
from proposals.assignment import assign_waiting
from proposals.deliberation import recuse, score, weighted_mean
from proposals.models import Assignment, Proposal, ReviewRules, ThemeDuty
from proposals.rules import set_duties, set_rules
from proposals.services import rules_of
from proposals.workflow import submit
from tests.factories import MembershipFactory, at
from units.choices import Position
from units.models import Membership

NOW = at(10)
PLAIN = {
    "quorum": 1,
    "accuracy_weight": 50,
    "practicality_weight": 50,
    "co_signatures_needed": 0,
    "is_blind": False,
}


@pytest.fixture
def chair(college):
    return MembershipFactory(unit=college.plan_group, position=Position.CHAIR).user


def fresh(proposal):
    return Proposal.objects.get(pk=proposal.pk)


# --- Rules -------------------------------------------------------------------------------


def test_a_member_of_the_plan_group_does_not_set_its_rules(college):
    with pytest.raises(PermissionDenied):
        set_rules(college.campaign, by=college.reviewer, **PLAIN)
    with pytest.raises(PermissionDenied):
        set_duties(college.campaign, {}, by=college.secretary, now=NOW)


def test_the_number_of_co_signers_counts_from_the_moment_it_is_set(college, chair):
    draft = college.draft()

    set_rules(college.campaign, by=chair, **{**PLAIN, "co_signatures_needed": 2})

    with pytest.raises(ValidationError, match="2人附议"):
        submit(fresh(draft), by=college.secretary, now=NOW)


def test_a_further_criterion_is_scored_by_all_and_weighs_what_was_set(college, chair):
    set_rules(college.campaign, by=chair, criteria=[("前瞻性", 100)], **PLAIN)
    proposal = fresh(college.submitted())
    scores = {"accuracy": 2, "practicality": 4}

    with pytest.raises(ValidationError, match="前瞻性"):
        score(proposal, by=college.reviewer, now=NOW, **scores)
    review = score(proposal, by=college.reviewer, now=NOW, further={"前瞻性": 5}, **scores)

    # (2 x 50 + 4 x 50 + 5 x 100) / 200
    assert weighted_mean([review], rules_of(college.campaign)) == 4.0


def test_a_changed_weight_counts_for_scores_given_before(college, chair):
    set_rules(college.campaign, by=chair, criteria=[("前瞻性", 100)], **PLAIN)
    given = {"accuracy": 2, "practicality": 4, "further": {"前瞻性": 5}}
    review = score(fresh(college.submitted()), by=college.reviewer, now=NOW, **given)

    set_rules(college.campaign, by=chair, criteria=[("针对性", 20), ("前瞻性", 300)], **PLAIN)
    heavier = weighted_mean([review], ReviewRules.objects.get())
    set_rules(college.campaign, by=chair, criteria=[], **PLAIN)
    without = weighted_mean([review], ReviewRules.objects.get())

    assert (heavier, without) == (4.5, 3.0)  # (2 x 50 + 4 x 50 + 5 x 300) / 400
    with pytest.raises(ValidationError, match="不能重复"):
        set_rules(college.campaign, by=chair, criteria=[("甲", 1), ("甲", 2)], **PLAIN)


def test_the_page_says_what_is_missing_and_keeps_what_was_typed(college, chair):
    client = Client()
    client.force_login(chair, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("proposals:rules")
    typed = {**PLAIN, "is_blind": "", "title_1": "前瞻性"}

    refused = client.post(address, {**typed, "quorum": "0"})
    saved = client.post(address, {**typed, "weight_1": "30"})

    page = refused.content.decode()
    assert (refused.status_code, "请填写标准1的权重" in page, "前瞻性" in page) == (422, True, True)
    assert "“最少评分人数”至少为1" in page
    assert saved.status_code == 302
    assert ReviewRules.objects.get().quorum == 1
    assert ReviewRules.objects.get().criteria == [{"title": "前瞻性", "weight": 30}]


def test_the_desk_asks_for_the_further_criterion(college, chair):
    set_rules(college.campaign, by=chair, criteria=[("前瞻性", 100)], **PLAIN)
    proposal = college.submitted()
    client = Client()
    client.force_login(college.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("proposals:desk_one", args=[proposal.pk])
    scores = {"accuracy": "4", "practicality": "4", "comment": "", "then": "score"}

    refused = client.post(address, scores)
    client.post(address, {**scores, "criterion_1": "3"})

    assert (refused.status_code, "前瞻性" in refused.content.decode()) == (422, True)
    assert proposal.reviews.get().further == {"前瞻性": 3}


# --- Duties and assignment ---------------------------------------------------------------


def test_whoever_has_the_theme_gets_what_waits_without_a_reviewer(college, chair):
    proposal = college.submitted()
    duties = {college.theme.pk: [college.reviewer2.pk, college.secretary.pk]}

    found = set_duties(college.campaign, duties, by=chair, now=NOW)

    assert found == 1
    assert Assignment.objects.get().reviewer == college.reviewer2
    assert [duty.reviewer for duty in ThemeDuty.objects.all()] == [college.reviewer2]
    assert fresh(proposal).assignment.reviewer == college.reviewer2


def test_who_leaves_the_group_hands_their_proposals_on(college):
    proposal = college.submitted()
    assign_waiting(college.campaign, now=NOW)
    first = Assignment.objects.get().reviewer

    Membership.objects.filter(user=first, unit=college.plan_group).delete()
    assign_waiting(Campaign.objects.get(), now=NOW)

    assert {first, fresh(proposal).assignment.reviewer} == {college.reviewer, college.reviewer2}


def test_when_the_last_one_steps_aside_the_next_to_join_gets_the_proposal(college):
    proposal = college.submitted()
    for reviewer in (college.reviewer, college.reviewer2):
        recuse(fresh(proposal), reviewer, by=reviewer, now=NOW, reason="合作单位")
    assert assign_waiting(college.campaign, now=NOW) == 0

    joined = MembershipFactory(unit=college.plan_group, position=Position.MEMBER).user

    assert assign_waiting(Campaign.objects.get(), now=NOW) == 1
    assert Assignment.objects.get().reviewer == joined
