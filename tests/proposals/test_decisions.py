from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from campaign.models import ClauseWording, PlanVersion
from notices.models import Notice
from proposals.choices import Status, Verdict
from proposals.decisions import (
    DecisionChanged,
    Draft,
    NewWording,
    look_over,
    prepare,
    text_in_force,
    text_to_revise,
)
from proposals.deliberation import abstain, recuse, score
from proposals.models import ClauseRevision, Decision, Proposal, Reply, ReviewRules, StatusChange
from proposals.publishing import publish
from proposals.replies import AlreadyAnswered, answer_again, mean_days_to_decision, rate
from proposals.services import co_sign
from proposals.workflow import IllegalStep, merge
from seminars.services.opinions import merge_opinions
from tests.factories import MembershipFactory, OpinionFactory, UnitFactory, at
from units.choices import Position, UnitKind

NOW = at(10)
DECLINED = Draft(Verdict.DECLINED, "本建设期内条件尚不具备。")


def prepared(college, proposal, draft=DECLINED):
    """A decision with one reviewer's scores, looked over."""
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    decision = prepare(proposal, draft, by=college.reviewer, now=NOW, seen_version=None)
    look_over(decision, by=college.reviewer, now=NOW)
    return decision


def adopting(clause, new_text, base_text=None):
    base = text_in_force(clause) if base_text is None else base_text
    return Draft(Verdict.ADOPTED, "问题找得准。", revisions=[NewWording(clause, base, new_text)])


def publish_all(college, *decisions):
    return publish(college.campaign, [d.pk for d in decisions], by=college.reviewer2, now=NOW)


# --- Preparing ---------------------------------------------------------------------------


def test_a_prepared_decision_changes_nothing_outside_the_group(college):
    proposal = college.submitted()

    prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=None)

    proposal.refresh_from_db()
    assert (proposal.status, Reply.objects.count(), Notice.objects.count()) == (
        Status.SUBMITTED,
        0,
        0,
    )


def test_the_second_of_two_who_prepare_gets_the_firsts_text(college):
    proposal = college.submitted()
    first = prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=None)

    with pytest.raises(DecisionChanged) as late:
        prepare(
            proposal,
            Draft(Verdict.ALREADY_COVERED, "已有规定。"),
            by=college.reviewer2,
            now=NOW,
            seen_version=None,
        )

    assert late.value.current == first
    assert Decision.objects.get().verdict == Verdict.DECLINED


def test_a_decision_changed_since_it_was_read_is_not_overwritten(college):
    proposal = college.submitted()
    prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=None)
    prepare(proposal, Draft(Verdict.DECLINED, "改"), by=college.reviewer, now=NOW, seen_version=0)

    with pytest.raises(DecisionChanged):
        prepare(
            proposal, Draft(Verdict.DECLINED, "旧"), by=college.reviewer2, now=NOW, seen_version=0
        )

    assert Decision.objects.get().reasons == "改"


def test_changing_a_decision_puts_it_back_on_the_table(college):
    proposal = college.submitted()
    prepared(college, proposal)

    prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=0)

    assert Decision.objects.get().looked_over_at is None


def test_a_decision_needs_reasons(college):
    with pytest.raises(ValidationError, match="请写明理由"):
        prepare(
            college.submitted(),
            Draft(Verdict.DECLINED, " "),
            by=college.reviewer,
            now=NOW,
            seen_version=None,
        )


def test_a_referral_names_the_department(college):
    with pytest.raises(ValidationError, match="转办的部门"):
        prepare(
            college.submitted(),
            Draft(Verdict.REFERRED, "属部门职责。"),
            by=college.reviewer,
            now=NOW,
            seen_version=None,
        )


@pytest.mark.parametrize("person", ["secretary", "committee_secretary", "organiser", "staff"])
def test_only_the_plan_group_prepares(college, person):
    with pytest.raises(PermissionDenied):
        prepare(
            college.submitted(),
            DECLINED,
            by=getattr(college, person),
            now=NOW,
            seen_version=None,
        )


def test_a_wording_equal_to_the_old_one_is_refused(college):
    clause = college.clause("原文。")

    with pytest.raises(ValidationError, match="新条文与原条文相同"):
        prepare(
            college.submitted(),
            adopting(clause, "原文。"),
            by=college.reviewer,
            now=NOW,
            seen_version=None,
        )


# --- Looking over ------------------------------------------------------------------------


def test_an_adoption_without_revision_or_reason_is_not_looked_over(college):
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    draft = Draft(Verdict.ADOPTED, "好。")
    decision = prepare(proposal, draft, by=college.reviewer, now=NOW, seen_version=None)

    with pytest.raises(ValidationError, match="条款修订"):
        look_over(decision, by=college.reviewer, now=NOW)


def test_an_adoption_that_says_why_no_text_changes_is_looked_over(college):
    draft = Draft(Verdict.ADOPTED, "好。", no_change_reason="已有条文涵盖，抓好落实即可。")

    decision = prepared(college, college.submitted(), draft)

    decision.refresh_from_db()
    assert decision.looked_over_at == NOW


def test_without_enough_scores_nothing_is_looked_over(college):
    ReviewRules.objects.create(campaign=college.campaign, quorum=2)
    proposal = college.submitted()
    score(proposal, by=college.reviewer, now=NOW, accuracy=4, practicality=5)
    decision = prepare(proposal, DECLINED, by=college.reviewer, now=NOW, seen_version=None)

    with pytest.raises(ValidationError, match="须有2人评分，目前有1人"):
        look_over(decision, by=college.reviewer, now=NOW)


@pytest.mark.parametrize("how", ["recuse", "abstain"])
def test_the_quorum_counts_without_those_who_step_aside(college, how):
    ReviewRules.objects.create(campaign=college.campaign, quorum=2)
    proposal = college.submitted()
    if how == "recuse":
        recuse(proposal, college.reviewer2, by=college.reviewer2, now=NOW, reason="参与过起草。")
    else:
        abstain(proposal, by=college.reviewer2, now=NOW)

    decision = prepared(college, proposal)

    decision.refresh_from_db()
    assert decision.looked_over_by == college.reviewer


# --- Publishing --------------------------------------------------------------------------


def test_publishing_decides_answers_and_tells_the_author_once(college):
    proposal = college.submitted(number="JY00001")
    decision = prepared(college, proposal)

    publish_all(college, decision)

    proposal.refresh_from_db()
    reply, notice = Reply.objects.get(), Notice.objects.get()
    assert (proposal.status, proposal.decided_at) == (Status.DECIDED, NOW)
    assert StatusChange.objects.get().step == "publish"
    assert reply.recipient == notice.recipient == college.secretary
    assert (
        reply.text
        == notice.body
        == (
            f"您执笔的建议《{proposal.title}》（JY00001）已有答复。\n"
            "决定：不采纳。\n理由：本建设期内条件尚不具备。"
        )
    )


def test_an_adopted_clause_gets_its_wording_in_a_new_version(college):
    clause = college.clause("实训室开放至17:00。")
    untouched = college.clause("图书馆开放至22:00。")
    proposal = college.submitted()
    decision = prepared(college, proposal, adopting(clause, "实训室开放至21:30。"))

    publish_all(college, decision)

    version = PlanVersion.objects.get(number=2)
    revision = ClauseRevision.objects.get()
    assert (version.document, version.made_on) == (clause.document, date(2019, 9, 16))
    assert [w.text for w in version.wordings.all()] == ["实训室开放至21:30。"]
    assert (revision.old_wording.text, revision.version) == ("实训室开放至17:00。", version)
    assert text_in_force(untouched) == "图书馆开放至22:00。"
    assert "《“双高计划”建设方案》1.1修改为：\n实训室开放至21:30。" in Reply.objects.get().text


def test_two_revisions_of_one_clause_that_build_on_each_other_are_published_together(college):
    clause = college.clause("甲。")
    first, second = college.submitted(), college.submitted()
    one = prepared(college, first, adopting(clause, "甲乙。"))
    two = prepared(college, second, adopting(clause, "甲乙丙。", text_to_revise(clause, second)))

    publish_all(college, one, two)

    assert [w.text for w in ClauseWording.objects.filter(version__number=2)] == ["甲乙丙。"]


def test_two_revisions_that_do_not_know_of_each_other_are_refused(college):
    clause = college.clause("甲。")
    one = prepared(college, college.submitted(), adopting(clause, "甲乙。"))
    two = prepared(college, college.submitted(), adopting(clause, "甲丙。", "甲。"))

    with pytest.raises(ValidationError, match="已有新的条文"):
        publish_all(college, one, two)

    assert (text_in_force(clause), Reply.objects.count()) == ("甲。", 0)


def test_what_was_not_looked_over_keeps_the_whole_batch_back(college):
    ready = prepared(college, college.submitted())
    other = college.submitted()
    waiting = prepare(other, DECLINED, by=college.reviewer, now=NOW, seen_version=None)

    with pytest.raises(ValidationError, match="尚未过会"):
        publish_all(college, ready, waiting)

    assert Proposal.objects.filter(status=Status.DECIDED).count() == 0


def test_a_decision_is_published_once(college):
    decision = prepared(college, college.submitted())
    publish_all(college, decision)

    with pytest.raises(IllegalStep):
        publish_all(college, decision)

    assert (StatusChange.objects.count(), Reply.objects.count()) == (1, 1)


def test_nobody_publishes_the_answer_to_what_they_wrote(college):
    proposal = college.submitted(author=college.reviewer2)
    decision = prepared(college, proposal)

    with pytest.raises(PermissionDenied):
        publish_all(college, decision)


def test_a_member_of_the_same_unit_may_publish_but_not_prepare(college):
    MembershipFactory(user=college.reviewer2, unit=college.branch, position=Position.STAFF)
    proposal = college.submitted()
    with pytest.raises(PermissionDenied):
        prepare(proposal, DECLINED, by=college.reviewer2, now=NOW, seen_version=None)
    decision = prepared(college, proposal)

    publish_all(college, decision)

    proposal.refresh_from_db()
    assert proposal.status == Status.DECIDED


# --- Everyone answered -------------------------------------------------------------------


def test_every_contributor_is_answered_once_in_the_first_of_their_roles(college):
    whole = college.submitted(title="主案", number="JY1")
    part = college.submitted(title="并入案", number="JY2", author=college.sibling_secretary)
    signed = OpinionFactory(
        campaign=college.campaign,
        unit=college.branch,
        contributor=college.staff,
        is_anonymous=False,
        text="实训室晚上开放就好了",
    )
    part.opinions.add(signed)
    for person in (college.staff, college.committee_secretary):
        co_sign(whole, by=person, now=NOW)
    merge(part, whole, by=college.reviewer, now=NOW, note="")

    publish_all(college, prepared(college, whole))

    openings = {reply.recipient: reply.text.split("\n")[0] for reply in Reply.objects.all()}
    assert openings == {
        college.secretary: "您执笔的建议《主案》（JY1）已有答复。",
        college.sibling_secretary: "您执笔的建议《并入案》（JY2），与《主案》并案，已有答复。",
        college.staff: "您附议的建议《主案》（JY1）已有答复。",
        college.committee_secretary: "您附议的建议《主案》（JY1）已有答复。",
    }
    assert Notice.objects.filter(kind="reply").count() == 4


def test_an_anonymous_opinion_leads_to_nobody(college):
    proposal = college.submitted()

    publish_all(college, prepared(college, proposal))

    assert [reply.recipient for reply in Reply.objects.all()] == [college.secretary]


def test_those_whose_opinions_were_merged_are_answered_and_every_opinion_keeps_the_words(college):
    clause = college.clause("原文。")
    proposal = college.submitted(title="延长开放", number="JY1")
    main = proposal.opinions.get()
    part = OpinionFactory(
        campaign=college.campaign,
        unit=college.sibling,
        contributor=college.staff,
        is_anonymous=False,
    )
    merge_opinions(main, [part], by=college.committee_secretary, now=NOW)

    publish_all(college, prepared(college, proposal, adopting(clause, "新文。")))

    main.refresh_from_db()
    part.refresh_from_db()
    assert {reply.recipient for reply in Reply.objects.all()} == {college.secretary, college.staff}
    assert main.answer == part.answer
    assert main.answer.startswith("您的意见形成了建议《延长开放》。\n决定：采纳。")
    assert main.answer.endswith("修改为：\n新文。")


def test_a_referred_matter_is_told_to_its_department_which_may_then_read_it(college):
    department = UnitFactory(parent=college.school, kind=UnitKind.DEPARTMENT, name="后勤处")
    liaison = MembershipFactory(unit=department, position=Position.LIAISON).user
    proposal = college.submitted()
    referred = Draft(Verdict.REFERRED, "属日常管理事项。", referred_to=department)
    decision = prepared(college, proposal, referred)
    seen_before = Proposal.objects.visible_to(liaison).exists()

    publish_all(college, decision)

    assert Notice.objects.get(recipient=liaison).title.startswith("转来办理")
    again = User.objects.get(pk=liaison.pk)
    assert (seen_before, Proposal.objects.visible_to(again).get()) == (False, proposal)


def test_a_complaint_is_answered_once_more_and_only_once(college):
    proposal = college.submitted()
    publish_all(college, prepared(college, proposal))
    reply = Reply.objects.get()
    with pytest.raises(AlreadyAnswered):
        answer_again(reply, by=college.reviewer, now=NOW, text="无人不满。")
    rate(reply, by=college.secretary, now=NOW, satisfaction="dissatisfied", note="没有说明原因")

    answer_again(reply, by=college.reviewer, now=NOW, text="已约谈说明。")

    with pytest.raises(AlreadyAnswered):
        answer_again(reply, by=college.reviewer2, now=NOW, text="又一次。")
    with pytest.raises(PermissionDenied):
        answer_again(reply, by=college.secretary, now=NOW, text="自己答复。")
    reply.refresh_from_db()
    assert (reply.second_text, reply.second_by) == ("已约谈说明。", college.reviewer)
    assert Notice.objects.filter(title__endswith="再次答复").get().recipient == college.secretary


def test_days_are_counted_from_handing_in_to_publication(college):
    assert mean_days_to_decision(college.campaign) is None
    early = college.submitted(submitted_at=NOW - timedelta(days=6))
    late = college.submitted(submitted_at=NOW - timedelta(days=3))

    publish_all(college, prepared(college, early), prepared(college, late))

    taken = [decision.days_taken for decision in Decision.objects.order_by("proposal")]
    assert (taken, mean_days_to_decision(college.campaign)) == ([6, 3], 4.5)


def test_publishing_many_takes_no_more_queries_than_publishing_few(college):
    def batch(size):
        clauses = [college.clause(f"条文{n}。") for n in range(size)]
        return [
            prepared(college, college.submitted(), adopting(clause, "新条文。"))
            for clause in clauses
        ]

    few, many = batch(1), batch(3)
    publish_all(college, *batch(1))  # makes the rules' row

    with CaptureQueriesContext(connection) as one:
        publish_all(college, *few)
    with CaptureQueriesContext(connection) as three:
        publish_all(college, *many)

    assert len(three) == len(one)
