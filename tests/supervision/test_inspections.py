"""Inspections (S34): planned, visited, put right, closed by the finder."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notices.models import Notice
from supervision import obligations
from supervision.choices import Duty, FindingStatus, InspectionStatus
from supervision.models import Evidence, Finding, Inspection
from supervision.owing import Obligation
from supervision.services import findings
from supervision.services import inspections as service
from supervision.services.inspections import AlreadySettled
from supervision.services.ladder import send_due
from supervision.wording import summary
from tests.factories import ActivityFactory, MembershipFactory, UnitFactory, at
from tests.queries import MOST_FOR_A_PAGE, queries_of
from tests.supervision.conftest import School, person
from units.choices import Position

NOW = at(10, on=date(2019, 10, 9))
DUE = date(2019, 10, 25)
TEXT = "围绕实训室晚间开放交流讨论，提出由二级学院排班值守、教师轮流指导、学生预约使用的办法。"


def plan(school: School, **changed: Any) -> Inspection:
    facts: dict[str, Any] = {
        "unit": school.branch,
        "title": "研讨开展情况",
        "purpose": "看记录",
        "planned_on": date(2019, 10, 16),
        "inspectors": [school.organiser],
        "now": NOW,
    }
    return service.plan_inspection(school.campaign, school.organiser, **(facts | changed))


def find(school: School, inspection: Inspection, owner: User | None = None) -> Finding:
    return findings.add_finding(
        inspection,
        school.organiser,
        title="记录不全",
        text="补记两次研讨",
        owner=owner or school.secretary,
        due_on=DUE,
        activity=None,
        now=NOW,
    )


def test_a_planned_visit_is_told_once_to_who_reports_for_the_unit(school: School):
    plan(school)

    told = Notice.objects.order_by("pk").values_list("recipient__name", "title")
    assert list(told) == [
        ("联络员", "第一党支部：2019年10月16日开展督促检查"),
        ("书记", "第一党支部：2019年10月16日开展督促检查"),
    ]


def test_only_the_campaign_group_plans_and_only_its_inspectors_write(school: School):
    inspection = plan(school)

    with pytest.raises(PermissionDenied):
        service.plan_inspection(
            school.campaign,
            school.secretary,
            unit=school.branch,
            title="自查",
            purpose="",
            planned_on=DUE,
            inspectors=[],
            now=NOW,
        )
    with pytest.raises(PermissionDenied):
        service.record_visit(
            inspection, school.leader, visited_on=date(2019, 10, 9), summary="不在检查组"
        )
    assert Inspection.objects.get().status == InspectionStatus.PLANNED


def test_a_visit_is_written_up_once(school: School):
    inspection = plan(school)
    visited: dict[str, Any] = {"visited_on": date(2019, 10, 9), "summary": "记录基本完整"}

    service.record_visit(inspection, school.organiser, **visited)
    with pytest.raises(AlreadySettled):
        service.call_off(Inspection.objects.get(), school.organiser, NOW)

    assert Inspection.objects.get().status == InspectionStatus.VISITED
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.update(summary="")


def test_a_finding_is_owed_by_its_owner_until_the_finder_closes_it(school: School):
    finding = find(school, plan(school))

    [owed] = [
        one
        for one in obligations.of_person(school.campaign, school.secretary, NOW.date())
        if one.duty == Duty.FINDING
    ]
    findings.close_finding(finding, school.organiser, note="已补记", now=NOW)
    [after] = [
        one
        for one in obligations.of_campaign(school.campaign, NOW.date())
        if one.duty == Duty.FINDING
    ]

    assert (owed.title, owed.due_on, owed.is_met) == ("整改“记录不全”", DUE, False)
    assert after.is_met
    assert Notice.objects.filter(key=f"finding:{finding.pk}:closed").count() == 1


def test_reminders_of_a_finding_climb_from_its_owner_and_stop_when_it_is_closed(school: School):
    school.demand.delete()
    finding = find(school, plan(school), owner=school.liaison)
    Notice.objects.all().delete()

    for day in (18, 21, 24):
        send_due(at(9, on=date(2019, 10, day)))
    told = list(Notice.objects.order_by("pk").values_list("recipient__name", flat=True))
    findings.close_finding(finding, school.organiser, note="已补记", now=at(10, on=DUE))
    later = send_due(at(9, on=date(2019, 10, 28)))

    assert told == ["联络员", "书记", "总支书记"]
    assert later.sent == []


def owed_of(school: School, duty: Duty) -> list[Obligation]:
    everything = obligations.of_campaign(school.campaign, NOW.date())
    return [one for one in everything if one.duty == duty]


def answer(school: School, finding: Finding, text: str = "已补记") -> None:
    findings.give_evidence(finding, school.secretary, text=text, file=None, now=NOW)


def test_an_answered_finding_is_the_finders_to_close(school: School):
    finding = find(school, plan(school))

    answer(school, finding)

    [owners] = owed_of(school, Duty.FINDING)
    [finders] = owed_of(school, Duty.CLOSING)
    assert (owners.is_met, summary(owners, NOW.date())) == (
        True,
        "第一党支部 · 已完成1项 · 待销号1项",
    )
    assert (finders.person_id, finders.is_met) == (school.organiser.pk, False)
    assert finders.due_on == date(2019, 10, 22)  # ten working days, Saturday the 12th is one


def test_reminders_of_an_answered_finding_go_to_its_finder(school: School):
    school.demand.delete()
    answer(school, find(school, plan(school)))
    Notice.objects.all().delete()

    send_due(at(9, on=date(2019, 10, 18)))

    assert list(Notice.objects.values_list("recipient__name", flat=True)) == [school.organiser.name]


def test_an_answer_that_does_not_do_is_sent_back_with_a_reason(school: School):
    finding = find(school, plan(school))
    answer(school, finding)
    finding.refresh_from_db()

    findings.return_finding(finding, school.organiser, note="第二次研讨没有记", now=NOW)

    [owners] = owed_of(school, Duty.FINDING)
    assert not owners.is_met
    assert owed_of(school, Duty.CLOSING) == []
    told = Notice.objects.get(key__startswith=f"finding:{finding.pk}:returned")
    assert (told.recipient, told.body) == (school.secretary, "第二次研讨没有记")
    with pytest.raises(PermissionDenied):  # nothing to send back before the next answer
        findings.return_finding(finding, school.organiser, note="再退", now=NOW)


def test_the_finders_days_count_from_the_first_answer(school: School):
    finding = find(school, plan(school))
    answer(school, finding)

    findings.give_evidence(
        finding, school.secretary, text="又补了一次", file=None, now=at(10, on=date(2019, 10, 15))
    )

    [finders] = owed_of(school, Duty.CLOSING)
    assert finders.opens_on == NOW.date()


def test_nothing_is_added_to_a_finding_closed_meanwhile(school: School):
    finding = find(school, plan(school))
    stale = Finding.objects.get()
    findings.close_finding(finding, school.organiser, note="已核对", now=NOW)

    with pytest.raises(AlreadySettled):
        answer(school, stale)

    assert not Evidence.objects.exists()


def test_what_finders_owe_is_asked_for_by_the_campaign_group_alone(school: School):
    answer(school, find(school, plan(school)))

    def duties(user: User) -> set[str]:
        return {one.duty for one in obligations.of_person(school.campaign, user, NOW.date())}

    assert Duty.CLOSING in duties(school.organiser)
    assert Duty.CLOSING not in duties(school.secretary)


@pytest.mark.parametrize("who", ["secretary", "leader", "reviewer"])
def test_nobody_but_the_finder_closes(school: School, who: str):
    finding = find(school, plan(school))

    with pytest.raises(PermissionDenied):
        findings.close_finding(finding, getattr(school, who), note="好了", now=NOW)

    finding.refresh_from_db()
    assert finding.status == FindingStatus.OPEN


def test_when_the_finder_has_left_another_inspector_closes(school: School):
    group = school.campaign.campaign_group
    assert group is not None
    other = person("另一成员", group, Position.MEMBER)
    finding = find(school, plan(school, inspectors=[school.organiser, other]))
    school.organiser.memberships.all().delete()

    findings.close_finding(Finding.objects.get(), other, note="已核对", now=NOW)

    finding.refresh_from_db()
    assert finding.closed_by == other


def test_a_finding_is_closed_once(school: School):
    finding = find(school, plan(school))
    stale = Finding.objects.get()

    findings.close_finding(finding, school.organiser, note="已补记", now=NOW)
    with pytest.raises(AlreadySettled):
        findings.close_finding(stale, school.organiser, note="再来一次", now=NOW)

    assert Finding.objects.get().closing_note == "已补记"


def test_nothing_is_written_once_the_campaign_is_sealed(school: School):
    finding = find(school, plan(school))
    school.campaign.state = "sealed"
    school.campaign.save()
    late = Finding.objects.get()

    with pytest.raises(PermissionDenied):
        findings.give_evidence(late, school.secretary, text="补记", file=None, now=NOW)
    with pytest.raises(PermissionDenied):
        findings.close_finding(late, school.organiser, note="好了", now=NOW)

    finding.refresh_from_db()
    assert finding.status == FindingStatus.OPEN


def test_nobody_answers_for_what_they_found_themselves(school: School):
    inspection = plan(school)

    with pytest.raises(PermissionDenied):
        find(school, inspection, owner=school.organiser)


@time_machine.travel(NOW, tick=False)
def test_the_owner_gives_evidence_with_a_file_and_the_finder_hears_of_it(
    client: Client, school: School
):
    finding = find(school, plan(school))
    client.force_login(school.secretary)
    address = reverse("supervision:finding", args=[finding.pk])
    proof = SimpleUploadedFile("说明.txt", "已补记两次研讨。".encode())

    client.post(address, {"text": "已补记", "file": proof})

    evidence = Evidence.objects.get()
    assert (evidence.text, evidence.file_name, evidence.by) == (
        "已补记",
        "说明.txt",
        school.secretary,
    )
    assert Notice.objects.filter(recipient=school.organiser).count() == 1
    download = client.get(reverse("supervision:evidence", args=[finding.pk, evidence.pk]))
    assert download.getvalue().decode() == "已补记两次研讨。"


@time_machine.travel(NOW, tick=False)
def test_a_file_that_is_refused_keeps_what_was_typed(client: Client, school: School):
    finding = find(school, plan(school))
    client.force_login(school.secretary)

    answer = client.post(
        reverse("supervision:finding", args=[finding.pk]),
        {"text": "已补记", "file": SimpleUploadedFile("a.exe", b"MZ")},
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == [
        "不能上传EXE文件。可以上传：JPG、PNG、WEBP、PDF、DOCX、XLSX、PPTX、TXT。"
    ]
    assert "已补记" in answer.content.decode()
    assert not Evidence.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_the_pages_lead_from_plan_to_closing(client: Client, school: School):
    client.force_login(school.organiser)

    client.post(
        reverse("supervision:plan_inspection"),
        {
            "unit": school.branch.pk,
            "title": "研讨开展情况",
            "planned_on": "2019-10-09",
            "inspectors": [school.organiser.pk],
        },
    )
    inspection = Inspection.objects.get()
    client.post(
        reverse("supervision:visit", args=[inspection.pk]),
        {"visited_on": "2019-10-09", "summary": "记录基本完整"},
    )
    client.post(
        reverse("supervision:add_finding", args=[inspection.pk]),
        {"title": "记录不全", "text": "补记", "owner": school.secretary.pk, "due_on": "2019-10-25"},
    )
    finding = Finding.objects.get()
    client.post(reverse("supervision:close_finding", args=[finding.pk]), {"note": "已核对"})

    inspection.refresh_from_db()
    finding.refresh_from_db()
    assert (inspection.status, finding.status) == (InspectionStatus.VISITED, FindingStatus.CLOSED)


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("due_on", "2019-10-09", "整改期限请填写今天以后的日期。"),
        ("owner", "", "请选择“责任人”。"),
        ("text", "", "请填写“整改要求”。"),
    ],
)
def test_a_finding_without_owner_day_or_words_is_explained(
    client: Client, school: School, field: str, value: str, words: str
):
    inspection = plan(school)
    client.force_login(school.organiser)
    data = {"title": "记录不全", "text": "补记", "owner": school.secretary.pk, "due_on": DUE}

    answer = client.post(
        reverse("supervision:add_finding", args=[inspection.pk]), data | {field: value}
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Finding.objects.exists()


def test_a_person_of_another_unit_cannot_be_made_to_answer(client: Client, school: School):
    inspection = plan(school)
    stranger = MembershipFactory.create(unit=UnitFactory.create(parent=school.school)).user
    client.force_login(school.organiser)

    answer = client.post(
        reverse("supervision:add_finding", args=[inspection.pk]),
        {"title": "记录不全", "text": "补记", "owner": stranger.pk, "due_on": "2099-10-25"},
    )

    assert answer.status_code == 422
    assert not Finding.objects.exists()


def test_an_inspector_sees_repetition_and_slips_beside_the_record(client: Client, school: School):
    elsewhere = UnitFactory.create(parent=school.committee, name="数控支部")
    ActivityFactory.create(campaign=school.campaign, unit=elsewhere, title="开放座谈", content=TEXT)
    copied = ActivityFactory.create(
        campaign=school.campaign, unit=school.branch, content=TEXT + "数控支部书记作了小结。"
    )
    inspection = plan(school)
    client.force_login(school.organiser)

    listed = client.get(reverse("supervision:inspected_records", args=[inspection.pk]))
    page = client.get(
        reverse("supervision:inspected_record", args=[inspection.pk, copied.pk])
    ).content.decode()

    assert [(pair.record, pair.other.title) for pair in listed.context["alike"]] == [
        (copied, "开放座谈")
    ]
    assert "<mark>" in page
    assert "数控支部，9月16日《开放座谈》" in page
    assert "内容很相像" in page


@pytest.mark.parametrize("name", ["inspections", "inspection"])
def test_pages_cost_the_same_queries_for_one_row_and_for_three(
    client: Client, school: School, name: str
):
    inspection = plan(school)
    find(school, inspection)
    client.force_login(school.organiser)
    address = reverse(f"supervision:{name}", args=[inspection.pk] if name == "inspection" else [])
    one = queries_of(lambda: client.get(address))
    for _ in range(2):
        find(school, inspection)
        find(school, plan(school))
    three = queries_of(lambda: client.get(address))

    assert one == three <= MOST_FOR_A_PAGE
