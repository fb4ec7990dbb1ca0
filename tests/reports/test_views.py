from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from reports.choices import JobStatus, ReportFormat
from reports.models import ReportJob
from reports.services import make
from reports.snapshots import refresh_school
from tests.factories import (
    ActivityFactory,
    CampaignFactory,
    MembershipFactory,
    OpinionFactory,
    ThemeFactory,
    UnitFactory,
)
from tests.queries import MOST_FOR_A_PAGE, queries_of
from units.choices import Position, UnitKind
from units.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return UnitFactory(kind=UnitKind.SCHOOL)


@pytest.fixture
def branch(school):
    return UnitFactory(parent=school, kind=UnitKind.GENERAL_BRANCH, name="图书馆党总支")


@pytest.fixture
def campaign():
    return CampaignFactory()


@pytest.fixture
def leader(school):
    group = UnitFactory(parent=school, kind=UnitKind.CAMPAIGN_GROUP)
    return MembershipFactory(unit=group, position=Position.CHAIR).user


@pytest.fixture
def secretary(branch):
    return MembershipFactory(unit=branch, position=Position.SECRETARY).user


def signed_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def asked(client, **changes):
    fields = {"unit": "", "as_of": timezone.localdate().isoformat(), "format": "xlsx", **changes}
    return client.post(reverse("reports:ask"), fields)


def test_the_cockpit_shows_the_figures_of_the_school(client, leader, campaign, branch):
    for _ in range(3):
        ActivityFactory(campaign=campaign, unit=branch, held_on=timezone.localdate())

    page = signed_in(client, leader).get(reverse("reports:cockpit"))

    facts = page.context["cockpit"].facts
    assert facts.figures.activities.now == 3
    assert "全校进展" in page.content.decode()
    assert "数据截至" in page.content.decode()


def test_a_secretary_starts_with_the_own_unit(client, secretary, campaign, branch):
    page = signed_in(client, secretary).get(reverse("reports:cockpit"))

    assert page.context["cockpit"].facts.scope.unit_id == branch.pk


PAGES = ["reports:cockpit", "reports:blanks", "reports:tables"]


@pytest.mark.parametrize("page", PAGES)
def test_another_unit_is_as_unknown_as_one_that_does_not_exist(
    client, secretary, campaign, school, page
):
    other = UnitFactory(parent=school, kind=UnitKind.GENERAL_BRANCH)
    signed_in(client, secretary)

    answers = [client.get(reverse(page), {"unit": code}) for code in (other.code, "nowhere")]

    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_heat_map_comes_as_a_piece_or_as_a_page(client, leader, campaign, branch):
    address = reverse("reports:blanks")
    signed_in(client, leader)

    piece = client.get(address, headers={"HX-Request": "true"}).content.decode()
    page = client.get(address).content.decode()

    assert ("<html" in piece, "<html" in page) == (False, True)


def test_without_a_running_campaign_there_is_no_cockpit(client, leader):
    assert signed_in(client, leader).get(reverse("reports:cockpit")).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_queries_for_one_and_three_rows(
    client, leader, campaign, school, page
):
    signed_in(client, leader)

    def add_row():
        unit = UnitFactory(parent=school, kind=UnitKind.GENERAL_BRANCH)
        theme = ThemeFactory(campaign=campaign)
        ActivityFactory(campaign=campaign, unit=unit).themes.add(theme)
        OpinionFactory(campaign=campaign, unit=unit, theme=theme)

    add_row()
    client.get(reverse(page))
    one = queries_of(lambda: client.get(reverse(page)))
    add_row()
    add_row()
    refresh_school(timezone.now())
    three = queries_of(lambda: client.get(reverse(page)))

    assert one == three
    assert one <= MOST_FOR_A_PAGE


def test_the_list_of_papers_costs_the_same_queries_for_one_and_three(client, leader, campaign):
    signed_in(client, leader)
    asked(client)
    one = queries_of(lambda: client.get(reverse("reports:index")))
    asked(client, format="docx")
    asked(client, format="pdf")

    assert queries_of(lambda: client.get(reverse("reports:index"))) == one <= MOST_FOR_A_PAGE


def test_asking_leads_to_the_page_of_the_job_and_the_worker_makes_it(client, leader, campaign):
    signed_in(client, leader)

    answer = asked(client)

    job = ReportJob.objects.get()
    assert answer["Location"] == reverse("reports:job", args=[job.pk])
    waiting = client.get(answer["Location"]).content.decode()
    assert "排队中" in waiting
    assert f'hx-get="{reverse("reports:progress", args=[job.pk])}"' in waiting
    make(job.pk)
    done = client.get(reverse("reports:progress", args=[job.pk])).content.decode()
    assert "下载报告" in done
    assert "hx-get" not in done


def test_a_wrong_day_is_refused_beside_its_field_and_kept(client, leader, campaign):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()

    answer = asked(signed_in(client, leader), as_of=tomorrow)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "数据截至日期不能晚于今天。" in page
    assert f'value="{tomorrow}"' in page
    assert ReportJob.objects.count() == 0


def test_a_secretary_cannot_ask_for_the_school_or_another_unit(client, secretary, campaign, school):
    other = UnitFactory(parent=school, kind=UnitKind.GENERAL_BRANCH)
    signed_in(client, secretary)

    answers = [asked(client, unit=code) for code in ("", other.code)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert ReportJob.objects.count() == 0


def finished_job(user, campaign, unit=None):
    now = timezone.now()
    job = ReportJob.objects.create(
        campaign=campaign,
        kind="progress",
        format=ReportFormat.PDF,
        unit=unit,
        as_of=timezone.localdate(),
        requested_by=user,
        requested_at=now,
        queued_at=now,
    )
    job.file.save("x.pdf", ContentFile(b"%PDF-1.7"), save=False)
    job.status = JobStatus.DONE
    job.save()
    return job


def test_a_download_has_a_chinese_name_is_never_kept_and_is_on_the_trail(client, leader, campaign):
    job = finished_job(leader, campaign)

    answer = signed_in(client, leader).get(reverse("reports:download", args=[job.pk]))

    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    assert answer["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''%E5%85%A8%E6%A0%A1"
    )
    assert "no-store" in answer["Cache-Control"]
    assert AuditEntry.objects.get(action="reports.download").subject_id == str(job.pk)


def test_a_download_is_refused_once_the_right_is_lost(client, secretary, campaign, branch):
    job = finished_job(secretary, campaign, branch)
    Membership.objects.filter(user=secretary).update(position=Position.STAFF)

    answer = signed_in(client, secretary).get(reverse("reports:download", args=[job.pk]))

    assert answer.status_code == 404


def test_a_paper_is_cancelled_and_tried_again_from_its_page(client, leader, campaign):
    signed_in(client, leader)
    asked(client)
    job = ReportJob.objects.get()

    client.post(reverse("reports:cancel", args=[job.pk]))
    page = client.get(reverse("reports:job", args=[job.pk])).content.decode()
    assert "已按您的要求取消。" in page
    client.post(reverse("reports:retry", args=[job.pk]))

    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED
