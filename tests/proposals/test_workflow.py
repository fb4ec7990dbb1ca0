from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEntry
from campaign.choices import CampaignState, Gate
from campaign.models import Campaign
from notices.models import Notice
from proposals.choices import Status, Verdict
from proposals.decisions import Draft, prepare
from proposals.models import Decision, Proposal, StatusChange
from proposals.services import save_text
from proposals.workflow import (
    Closed,
    IllegalStep,
    advance,
    merge,
    send_back,
    submit,
    unmerge,
    withdraw,
)
from seminars.models import Problem
from tests.factories import (
    A_MONDAY,
    ActivityFactory,
    MembershipFactory,
    OpinionFactory,
    ProposalFactory,
    at,
)
from units.choices import Position

NOW = at(10)
NEXT_WEEK = A_MONDAY + timedelta(days=7)


def state(proposal):
    return Proposal.objects.values_list("status", flat=True).get(pk=proposal.pk)


# --- Submitting --------------------------------------------------------------------------


def test_submitting_gives_number_moment_and_due_date(college):
    proposal = college.draft()

    submit(proposal, by=college.secretary, now=NOW)

    proposal.refresh_from_db()
    assert (proposal.status, proposal.number, proposal.submitted_at) == (
        Status.SUBMITTED,
        "JY00001",
        NOW,
    )
    # Ten working days, past the National Day holiday and over the make-up Sunday 29 September.
    assert proposal.review_due_on == date(2019, 9, 29)


def test_submitting_writes_history_trail_and_version(college):
    proposal = college.draft()

    submit(proposal, by=college.secretary, now=NOW)

    change = StatusChange.objects.get()
    entry = AuditEntry.objects.get(action="proposals.submit")
    assert (change.step, change.old, change.new, change.by) == (
        "submit",
        Status.DRAFT,
        Status.SUBMITTED,
        college.secretary,
    )
    assert (entry.subject_id, entry.before, entry.after) == (
        str(proposal.pk),
        {"status": "draft"},
        {"status": "submitted"},
    )
    assert proposal.history.first().status == Status.SUBMITTED


def test_a_proposal_without_any_source_is_refused_and_stays_a_draft(college):
    proposal = ProposalFactory(
        campaign=college.campaign, unit=college.branch, author=college.secretary
    )

    with pytest.raises(ValidationError) as refusal:
        submit(proposal, by=college.secretary, now=NOW)

    assert refusal.value.messages == [
        "建议须在调研的基础上提出：请至少选择一条来源意见、活动或问题。"
    ]
    assert (state(proposal), StatusChange.objects.count()) == (Status.DRAFT, 0)


def test_an_activity_alone_is_source_enough(college):
    proposal = ProposalFactory(
        campaign=college.campaign, unit=college.branch, author=college.secretary
    )
    proposal.activities.add(ActivityFactory(campaign=college.campaign, unit=college.branch))

    submit(proposal, by=college.secretary, now=NOW)

    assert state(proposal) == Status.SUBMITTED


def test_the_sources_of_the_own_unit_end_as_proposals_and_others_stay(college):
    proposal = college.draft()
    own = proposal.opinions.get()
    foreign = OpinionFactory(campaign=college.campaign, unit=college.sibling)
    solved = OpinionFactory(campaign=college.campaign, unit=college.branch, status="solved")
    problem = Problem.objects.create(
        campaign=college.campaign,
        unit=college.branch,
        theme=college.theme,
        text="实训室晚间不开放",
        created_by=college.secretary,
        created_at=NOW,
    )
    proposal.opinions.add(foreign, solved)
    proposal.problems.add(problem)

    submit(proposal, by=college.secretary, now=NOW)

    for row in (own, foreign, solved, problem):
        row.refresh_from_db()
    assert [own.status, foreign.status, solved.status, problem.status] == [
        "proposal",
        "new",
        "solved",
        "proposal",
    ]
    assert own.reason == f"形成对策建议《{proposal.title}》（JY00001）。"


def test_numbers_count_up_and_a_resubmitted_proposal_keeps_its_own(college):
    first, second = college.draft(), college.draft()
    submit(first, by=college.secretary, now=NOW)
    submit(second, by=college.secretary, now=NOW)

    withdraw(first, by=college.secretary, now=NOW)
    submit(first, by=college.secretary, now=NOW)

    assert [first.number, second.number] == ["JY00001", "JY00002"]


def test_a_text_changed_since_it_was_read_is_not_sent_in(college):
    proposal = college.draft()
    stale = Proposal.objects.get(pk=proposal.pk)
    save_text(proposal, by=college.secretary, now=NOW, seen_version=0, title="改过的标题")

    with pytest.raises(IllegalStep):
        submit(stale, by=college.secretary, now=NOW)

    assert state(proposal) == Status.DRAFT


@pytest.mark.parametrize("person", ["sibling_secretary", "staff", "reviewer", "organiser"])
def test_only_writers_submit(college, person):
    proposal = college.draft()

    with pytest.raises(PermissionDenied):
        submit(proposal, by=getattr(college, person), now=NOW)

    assert state(proposal) == Status.DRAFT


def test_the_secretary_above_may_submit_for_the_branch(college):
    proposal = college.draft()

    submit(proposal, by=college.committee_secretary, now=NOW)

    assert state(proposal) == Status.SUBMITTED


def test_an_author_who_left_the_unit_may_no_longer_submit(college):
    proposal = college.draft()
    college.secretary.memberships.update(ends_on=A_MONDAY - timedelta(days=1))

    with pytest.raises(PermissionDenied):
        submit(proposal, by=college.secretary, now=NOW)


def test_a_phase_that_does_not_open_proposals_refuses_them(college):
    college.campaign.phases.update(opens=[Gate.REVIEW])
    proposal = college.draft()

    with pytest.raises(Closed, match="提出建议"):
        submit(proposal, by=college.secretary, now=NOW)


def test_the_day_after_the_last_phase_refuses_everything_that_needs_a_gate(college):
    proposal = college.draft()
    last_day = at(10, on=date(2019, 10, 20))

    with pytest.raises(Closed):
        submit(proposal, by=college.secretary, now=last_day + timedelta(days=1))
    submit(proposal, by=college.secretary, now=last_day)

    assert state(proposal) == Status.SUBMITTED


@pytest.mark.parametrize("name", ["submit", "withdraw"])
def test_nothing_moves_after_sealing(college, name):
    Campaign.objects.update(state=CampaignState.SEALED)
    proposal = Proposal.objects.get(pk=college.draft().pk)

    with pytest.raises(Closed):
        advance(proposal, name, by=college.secretary, now=NOW)


# --- Withdrawing and returning -----------------------------------------------------------


def test_withdrawing_drops_what_was_prepared(college):
    proposal = college.submitted()
    draft = Draft(Verdict.DECLINED, "条件尚不具备。")
    prepare(proposal, draft, by=college.reviewer, now=NOW, seen_version=None)

    withdraw(proposal, by=college.secretary, now=NOW)

    assert (state(proposal), Decision.objects.count()) == (Status.WITHDRAWN, 0)


def test_a_main_proposal_is_not_withdrawn_from_under_those_merged_into_it(college):
    main, part = college.submitted(), college.submitted()
    merge(part, main, by=college.reviewer, now=NOW, note="")

    with pytest.raises(ValidationError):
        withdraw(main, by=college.secretary, now=NOW)

    assert (state(main), state(part)) == (Status.SUBMITTED, Status.MERGED)


def test_a_returned_proposal_says_why_and_until_when(college):
    proposal = college.submitted()

    send_back(proposal, by=college.reviewer, now=NOW, reason="请补充经费测算。", due_on=NEXT_WEEK)

    proposal.refresh_from_db()
    notice = Notice.objects.get()
    assert (proposal.status, proposal.return_due_on) == (Status.RETURNED, NEXT_WEEK)
    assert notice.recipient == college.secretary
    assert notice.body == "退回原因：请补充经费测算。\n请在2019年9月23日前完善后再次提交。"


def test_the_deadline_of_a_return_lies_in_the_future(college):
    proposal = college.submitted()

    with pytest.raises(ValidationError, match="晚于今天"):
        send_back(proposal, by=college.reviewer, now=NOW, reason="请补充。", due_on=A_MONDAY)

    assert state(proposal) == Status.SUBMITTED


@pytest.mark.parametrize("person", ["secretary", "committee_secretary", "organiser", "staff"])
def test_only_the_plan_group_returns(college, person):
    proposal = college.submitted()

    with pytest.raises(PermissionDenied):
        send_back(
            proposal, by=getattr(college, person), now=NOW, reason="请补充。", due_on=NEXT_WEEK
        )


# --- Recusal by rule ---------------------------------------------------------------------


def test_a_reviewer_does_not_judge_their_own_proposal(college):
    proposal = college.submitted(author=college.reviewer)

    with pytest.raises(PermissionDenied):
        send_back(proposal, by=college.reviewer, now=NOW, reason="请补充。", due_on=NEXT_WEEK)


@pytest.mark.parametrize("home", ["branch", "committee"])
def test_a_reviewer_does_not_judge_a_proposal_of_their_own_unit(college, home):
    MembershipFactory(user=college.reviewer, unit=getattr(college, home), position=Position.STAFF)
    proposal = college.submitted()

    with pytest.raises(PermissionDenied):
        send_back(proposal, by=college.reviewer, now=NOW, reason="请补充。", due_on=NEXT_WEEK)


def test_a_reviewer_of_a_sibling_branch_or_of_the_school_itself_does_judge(college):
    for unit in (college.sibling, college.school):
        MembershipFactory(user=college.reviewer, unit=unit, position=Position.STAFF)
    proposal = college.submitted()

    send_back(proposal, by=college.reviewer, now=NOW, reason="请补充。", due_on=NEXT_WEEK)

    assert state(proposal) == Status.RETURNED


# --- Two at once -------------------------------------------------------------------------


def test_the_second_of_two_reviewers_is_refused(college):
    proposal = college.submitted()
    stale = Proposal.objects.get(pk=proposal.pk)
    send_back(proposal, by=college.reviewer, now=NOW, reason="请补充。", due_on=NEXT_WEEK)

    with pytest.raises(IllegalStep):
        send_back(stale, by=college.reviewer2, now=NOW, reason="也请补充。", due_on=NEXT_WEEK)

    assert (StatusChange.objects.count(), Notice.objects.count()) == (1, 1)


def test_a_skipped_step_is_refused(college):
    proposal = college.draft()

    with pytest.raises(IllegalStep):
        advance(proposal, "publish", by=college.reviewer, now=NOW, decided_at=NOW)

    assert state(proposal) == Status.DRAFT


# --- Merging -----------------------------------------------------------------------------


def test_a_merged_proposal_keeps_its_lineage_and_can_be_taken_out_again(college):
    part, whole = college.submitted(), college.submitted()

    merge(part, whole, by=college.reviewer, now=NOW, note="内容相同。")
    assert (state(part), list(whole.merged.all())) == (Status.MERGED, [part])

    unmerge(part, by=college.reviewer, now=NOW)
    assert (state(part), list(whole.merged.all())) == (Status.SUBMITTED, [])


def test_merging_into_oneself_or_another_campaign_is_refused(college):
    proposal, foreign = college.submitted(), ProposalFactory(submitted=True)

    for target in (proposal, foreign):
        with pytest.raises(ValidationError):
            merge(proposal, target, by=college.reviewer, now=NOW, note="")

    assert state(proposal) == Status.SUBMITTED


def test_a_proposal_that_others_were_merged_into_is_not_merged_further(college):
    part, whole, third = college.submitted(), college.submitted(), college.submitted()
    merge(part, whole, by=college.reviewer, now=NOW, note="")

    with pytest.raises(ValidationError, match="已是主案"):
        merge(whole, third, by=college.reviewer, now=NOW, note="")


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_nothing_is_merged_into_what_is_not_waiting(college, status):
    part, whole = college.submitted(), college.draft(status=status)

    with pytest.raises(IllegalStep):
        merge(part, whole, by=college.reviewer, now=NOW, note="")

    assert state(part) == Status.SUBMITTED


def test_a_conflict_with_the_merged_part_is_a_conflict_with_the_whole(college):
    part, whole = college.submitted(author=college.reviewer2), college.submitted()
    merge(part, whole, by=college.reviewer, now=NOW, note="")

    with pytest.raises(PermissionDenied):
        send_back(
            Proposal.objects.get(pk=whole.pk),
            by=college.reviewer2,
            now=NOW,
            reason="请补充。",
            due_on=NEXT_WEEK,
        )
