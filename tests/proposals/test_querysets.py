from notices.models import Notice
from proposals.assignment import assign, eligible_reviewers
from proposals.choices import Conflict, Status
from proposals.deliberation import recuse, score, visible_reviews
from proposals.models import Assignment, Proposal, ThemeDuty
from proposals.permissions import conflict_of
from tests.factories import A_MONDAY, MembershipFactory, ThemeFactory, UnitFactory, UserFactory, at
from units.choices import Position

NOW = at(10)


def seen_by(user):
    return set(Proposal.objects.visible_to(user))


def test_a_draft_is_seen_by_its_writers_only(college):
    draft = college.draft()

    readers = [
        name
        for name in (
            "secretary",
            "committee_secretary",
            "sibling_secretary",
            "staff",
            "reviewer",
            "organiser",
        )
        if draft in seen_by(getattr(college, name))
    ]

    assert readers == ["secretary", "committee_secretary"]


def test_what_was_sent_in_is_seen_by_the_unit_and_both_bodies_but_not_by_siblings(college):
    sent = college.submitted()

    readers = [
        name
        for name in (
            "secretary",
            "committee_secretary",
            "sibling_secretary",
            "staff",
            "reviewer",
            "organiser",
        )
        if sent in seen_by(getattr(college, name))
    ]

    assert readers == ["secretary", "committee_secretary", "staff", "reviewer", "organiser"]


def test_what_was_withdrawn_is_the_writers_business_again(college):
    withdrawn = college.submitted(status=Status.WITHDRAWN)

    assert seen_by(college.secretary) == {withdrawn}
    assert seen_by(college.reviewer) == set()


def test_an_author_who_left_still_sees_what_became_of_it(college):
    sent = college.submitted()
    college.secretary.memberships.all().delete()

    assert seen_by(college.secretary) == {sent}


def test_somebody_without_a_unit_sees_nothing(college):
    college.submitted()

    assert seen_by(UserFactory()) == set()


# --- Conflicts ---------------------------------------------------------------------------


def relations(college):
    """Every way a reviewer can stand to a proposal, by a name."""
    deep = UnitFactory(parent=college.branch, name="第一党小组")
    for person, unit in (
        (college.reviewer, college.branch),
        (college.reviewer, college.school),
        (college.reviewer2, college.committee),
    ):
        MembershipFactory(user=person, unit=unit, position=Position.STAFF)
    units = (college.branch, college.sibling, college.committee, college.school, deep)
    return [college.submitted(unit=type(deep).objects.get(pk=unit.pk)) for unit in units]


def test_the_list_and_the_single_question_agree_on_conflicts(college):
    proposals = relations(college)

    for reviewer in (college.reviewer, college.reviewer2):
        by_list = set(Proposal.objects.reviewable_by(reviewer))
        by_members = {p for p in proposals if reviewer in eligible_reviewers(p, A_MONDAY)}
        by_question = {p for p in proposals if conflict_of(reviewer, p) is None}
        assert by_list == by_members == by_question != set(proposals)


def test_a_conflict_is_never_read_for_somebody_else(college):
    proposal = college.submitted(author=college.reviewer)
    read_for_other = Proposal.objects.with_conflict_of(college.reviewer2).get()

    assert read_for_other == proposal
    assert conflict_of(college.reviewer, read_for_other) is Conflict.AUTHOR
    assert conflict_of(college.reviewer2, read_for_other) is None


# --- Assignment --------------------------------------------------------------------------


def test_proposals_go_to_those_on_duty_for_the_theme_then_to_the_least_loaded(college):
    theme = ThemeFactory(campaign=college.campaign)
    ThemeDuty.objects.create(theme=theme, reviewer=college.reviewer2)

    on_duty = [assign(college.submitted(theme=theme), now=NOW) for _ in range(2)]
    other = ThemeFactory(campaign=college.campaign)
    others = [assign(college.submitted(theme=other), now=NOW) for _ in range(2)]

    assert on_duty == [college.reviewer2, college.reviewer2]
    assert others == [college.reviewer, college.reviewer]


def test_a_recused_reviewer_loses_the_proposal_to_the_next(college):
    proposal = college.submitted()
    assert assign(proposal, now=NOW) == college.reviewer

    recuse(proposal, college.reviewer, by=college.secretary, now=NOW, reason="曾是合作者。")

    assert Assignment.objects.get().reviewer == college.reviewer2


def test_the_last_recusal_calls_the_campaign_group(college):
    proposal = college.submitted()
    assign(proposal, now=NOW)

    for reviewer in (college.reviewer, college.reviewer2):
        recuse(proposal, reviewer, by=reviewer, now=NOW, reason="曾是合作者。")

    assert Assignment.objects.count() == 0
    assert Notice.objects.get().recipient == college.organiser


def seen_reviews(proposal, reader):
    return list(visible_reviews(proposal, list(proposal.reviews.all()), reader))


# --- Independent scores ------------------------------------------------------------------


def test_others_scores_are_hidden_until_ones_own_is_in(college):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)

    assert seen_reviews(proposal, college.reviewer2) == []
    own = score(proposal, by=college.reviewer2, now=NOW, accuracy=2, practicality=3)
    assert own in seen_reviews(proposal, college.reviewer2)
    assert len(seen_reviews(proposal, college.reviewer2)) == 2


def test_nobody_outside_the_deliberation_sees_scores(college):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)

    for person in (college.secretary, college.organiser, college.staff):
        assert seen_reviews(proposal, person) == []


def test_a_recused_reviewers_scores_are_gone(college):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)

    recuse(proposal, college.reviewer, by=college.reviewer, now=NOW, reason="参与过起草。")

    assert proposal.reviews.count() == 0
    assert seen_reviews(proposal, college.reviewer) == []
