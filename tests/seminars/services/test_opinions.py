from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import AuditEntry
from notices.models import Notice
from seminars.choices import OpinionSource, OpinionStatus, ProblemStatus
from seminars.models import Opinion
from seminars.services import opinions as service
from seminars.services.opinions import SettledMeanwhile
from tests.factories import A_MONDAY, ActivityFactory, OpinionFactory, ThemeFactory, at

NOW = at(16)


def raised_at_an_activity(college, **values):
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch)
    return OpinionFactory(
        campaign=college.campaign,
        unit=college.branch,
        source=OpinionSource.ACTIVITY,
        activity=activity,
        **values,
    )


def test_a_named_opinion_is_stored_once_however_often_it_is_sent(college):
    key = uuid4()

    for _ in range(2):
        service.voice_opinion(
            by=college.staff,
            campaign=college.campaign,
            unit=college.branch,
            text="希望实训室晚间开放",
            key=key,
            now=NOW,
        )

    opinion = Opinion.objects.get()
    assert (opinion.contributor, opinion.is_anonymous) == (college.staff, False)
    assert (opinion.unit, opinion.raised_on) == (college.branch, A_MONDAY)
    assert AuditEntry.objects.filter(action="seminars.voice").count() == 1


def test_the_key_of_somebody_elses_opinion_is_refused(college):
    key = uuid4()
    for_branch = {"campaign": college.campaign, "unit": college.branch, "key": key, "now": NOW}
    service.voice_opinion(by=college.staff, text="甲", **for_branch)

    with pytest.raises(PermissionDenied):
        service.voice_opinion(by=college.secretary, text="乙", **for_branch)


def test_a_settled_opinion_keeps_the_reason_and_an_audit_row(college):
    opinion = raised_at_an_activity(college)

    service.settle(
        [opinion], OpinionStatus.NOT_ADOPTED, by=college.secretary, reason="场地不足", now=NOW
    )

    opinion = Opinion.objects.get()
    assert (opinion.status, opinion.reason) == (OpinionStatus.NOT_ADOPTED, "场地不足")
    entry = AuditEntry.objects.get(action="seminars.settle")
    assert (entry.before, entry.after) == (
        {"status": "new"},
        {"status": "not_adopted", "reason": "场地不足"},
    )


def test_not_adopting_needs_a_reason_and_an_idea_needs_an_answer(college):
    opinion = raised_at_an_activity(college)
    idea = OpinionFactory(campaign=college.campaign, unit=college.branch)

    with pytest.raises(ValidationError):
        service.settle([opinion], OpinionStatus.NOT_ADOPTED, by=college.secretary, now=NOW)
    with pytest.raises(ValidationError):
        service.settle([idea], OpinionStatus.SOLVED, by=college.secretary, now=NOW)
    service.settle([opinion], OpinionStatus.SOLVED, by=college.secretary, now=NOW)

    assert {row.status for row in Opinion.objects.all()} == {"new", "solved"}


def test_of_several_opinions_all_are_settled_or_none(college):
    waiting, settled = raised_at_an_activity(college), raised_at_an_activity(college)
    Opinion.objects.filter(pk=settled.pk).update(status=OpinionStatus.SOLVED)

    with pytest.raises(SettledMeanwhile):
        service.settle([waiting, settled], OpinionStatus.SOLVED, by=college.secretary, now=NOW)

    assert Opinion.objects.get(pk=waiting.pk).status == OpinionStatus.NEW


def test_a_settled_opinion_can_be_taken_up_again_but_one_in_a_proposal_cannot(college):
    solved = raised_at_an_activity(college, status=OpinionStatus.SOLVED)
    proposed = raised_at_an_activity(college, status=OpinionStatus.PROPOSAL)

    service.settle([solved], OpinionStatus.NEW, by=college.secretary, now=NOW)
    with pytest.raises(SettledMeanwhile):
        service.settle([proposed], OpinionStatus.NEW, by=college.secretary, now=NOW)


def test_a_stranger_settles_nothing(college):
    opinion = raised_at_an_activity(college)

    with pytest.raises(PermissionDenied):
        service.settle([opinion], OpinionStatus.SOLVED, by=college.stranger, now=NOW)
    with pytest.raises(PermissionDenied):
        service.settle([opinion], OpinionStatus.SOLVED, by=college.staff, now=NOW)


def test_several_opinions_become_one_problem(college):
    theme = ThemeFactory(campaign=college.campaign)
    said = [raised_at_an_activity(college), raised_at_an_activity(college)]

    problem = service.list_as_problem(
        said,
        by=college.secretary,
        unit=college.branch,
        text="实训室晚间不开放",
        theme=theme,
        now=NOW,
    )

    assert set(problem.opinions.all()) == set(said)
    assert {row.status for row in Opinion.objects.all()} == {OpinionStatus.PROBLEM}
    assert problem.history.count() == 1


def test_a_problem_ends_once_with_a_reason_and_its_keeper(college):
    problem = service.list_as_problem(
        [raised_at_an_activity(college)],
        by=college.secretary,
        unit=college.branch,
        text="实训室晚间不开放",
        theme=ThemeFactory(campaign=college.campaign),
        now=NOW,
    )
    close = {"status": ProblemStatus.SOLVED, "reason": "已排班开放"}

    with pytest.raises(PermissionDenied):
        service.close_problem(problem, by=college.stranger, **close)
    with pytest.raises(ValidationError):
        service.close_problem(problem, ProblemStatus.SOLVED, by=college.secretary, reason="")
    service.close_problem(problem, by=college.secretary, **close)
    with pytest.raises(SettledMeanwhile):
        service.close_problem(problem, by=college.secretary, **close)

    assert (problem.status, problem.reason) == (ProblemStatus.SOLVED, "已排班开放")
    assert problem.history.count() == 2


def test_who_signed_an_opinion_is_told_once_and_an_anonymous_one_tells_nobody(college):
    signed = raised_at_an_activity(college, contributor=college.staff, is_anonymous=False)
    anonymous = raised_at_an_activity(college)

    service.settle(
        [signed, anonymous], OpinionStatus.SOLVED, by=college.secretary, reason="已办", now=NOW
    )

    assert Notice.objects.get().recipient == college.staff
