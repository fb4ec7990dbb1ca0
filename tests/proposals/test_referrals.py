"""A department that a proposal was passed on to says what it did."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from notices.models import Notice
from outcomes.chain import chain_of_proposal
from proposals.choices import Verdict
from proposals.decisions import Draft
from proposals.models import ReferralReport
from proposals.referrals import AlreadyReported, report_back
from proposals.services import co_sign
from tests.factories import A_MONDAY, MembershipFactory, UnitFactory
from tests.proposals.test_decisions import NOW, prepared, publish_all
from units.choices import Position, UnitKind

DONE = {"text": "已延长到21:30，安排了值班。", "done_on": A_MONDAY}


@pytest.fixture
def department(college):
    return UnitFactory(parent=college.school, kind=UnitKind.DEPARTMENT, name="后勤处")


@pytest.fixture
def liaison(department):
    return MembershipFactory(unit=department, position=Position.LIAISON).user


@pytest.fixture
def referred(college, department, liaison):
    proposal = college.submitted(title="延长开放")
    co_sign(proposal, by=college.staff, now=NOW)
    draft = Draft(Verdict.REFERRED, "属日常管理事项。", referred_to=department)
    decision = prepared(college, proposal, draft)
    publish_all(college, decision)
    decision.refresh_from_db()
    return decision


def test_author_and_co_signer_are_told_once_and_the_opinion_keeps_it(college, referred, liaison):
    report_back(referred, by=liaison, now=NOW, **DONE)

    told = Notice.objects.filter(title="建议《延长开放》转办后的办理情况")
    assert {notice.recipient for notice in told} == {college.secretary, college.staff}
    assert {notice.body for notice in told} == {
        "后勤处于2019年9月16日办理：已延长到21:30，安排了值班。"
    }
    answer = referred.proposal.opinions.get().answer
    assert answer.endswith("办理：已延长到21:30，安排了值班。")
    assert AuditEntry.objects.filter(action="proposals.report_back").count() == 1


def test_a_second_report_is_refused_and_nobody_is_told_again(referred, liaison):
    report_back(referred, by=liaison, now=NOW, **DONE)
    told = Notice.objects.count()

    with pytest.raises(AlreadyReported):
        report_back(referred, by=liaison, now=NOW, text="另一个说法。", done_on=A_MONDAY)

    assert ReferralReport.objects.get().text == DONE["text"]
    assert Notice.objects.count() == told


def test_only_the_departments_own_reporters_report(college, referred, department):
    member = MembershipFactory(unit=department, position=Position.STAFF).user

    for person in (member, college.secretary, college.reviewer):
        with pytest.raises(PermissionDenied):
            report_back(referred, by=person, now=NOW, **DONE)

    assert not ReferralReport.objects.exists()


def test_before_the_decision_is_out_there_is_nothing_to_report_on(college, department, liaison):
    draft = Draft(Verdict.REFERRED, "属日常管理事项。", referred_to=department)
    decision = prepared(college, college.submitted(), draft)

    with pytest.raises(PermissionDenied):
        report_back(decision, by=liaison, now=NOW, **DONE)


@pytest.mark.parametrize(
    ("field", "wrong"), [("text", " "), ("done_on", A_MONDAY + timedelta(days=1))]
)
def test_nothing_said_and_a_day_to_come_are_refused(referred, liaison, field, wrong):
    with pytest.raises(ValidationError) as refusal:
        report_back(referred, by=liaison, now=NOW, **{**DONE, field: wrong})

    assert list(refusal.value.message_dict) == [field]


def test_the_chain_shows_what_the_department_did_after_the_decision(college, referred, liaison):
    report_back(referred, by=liaison, now=NOW, **DONE)

    chain = chain_of_proposal(referred.proposal, college.secretary)

    (node,) = next(stage for stage in chain.stages if stage.name == "举措").nodes
    assert (node.label, node.text, node.note) == ("后勤处办理", DONE["text"], "9月16日")
    assert node.sources == (f"d{referred.pk}",)


def test_the_department_reports_on_the_page_and_the_author_reads_it_there(
    college, referred, liaison
):
    page = reverse("proposals:detail", args=[referred.proposal_id])
    address = reverse("proposals:report_back", args=[referred.proposal_id])
    client, author = Client(), Client()
    client.force_login(liaison, backend="django.contrib.auth.backends.ModelBackend")
    author.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    offered = [address in each.get(page).content.decode() for each in (client, author)]

    late = client.post(address, {**DONE, "done_on": date(2019, 12, 1)})
    sent = client.post(address, DONE, follow=True)
    again = client.post(address, DONE, follow=True)

    assert offered == [True, False]
    assert (late.status_code, "办理日期不能晚于今天" in late.content.decode()) == (422, True)
    assert "办理情况已发给各位参与人。" in sent.content.decode()
    assert "办理情况刚刚已有人反馈" in again.content.decode()
    assert DONE["text"] in author.get(page).content.decode()
    assert address not in client.get(page).content.decode()
