"""Reports made every week, and how long finished ones are kept."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from notices.models import Notice
from reports import services
from reports.choices import JobStatus, ReportFormat, ReportKind
from reports.dossier import Wish
from reports.models import ReportJob, ReportSchedule
from reports.schedules import add_schedule, next_moment, run_schedules, stop_schedule
from tests.factories import CampaignFactory, MembershipFactory, UnitFactory, UserFactory, at
from units.choices import Position, UnitKind
from units.models import Membership

pytestmark = pytest.mark.django_db

WEDNESDAY = at(10, on=date(2019, 10, 16))
FRIDAY = at(16, on=date(2019, 10, 18))


@pytest.fixture
def group():
    return UnitFactory(kind=UnitKind.CAMPAIGN_GROUP)


@pytest.fixture
def chairs(group):
    return [MembershipFactory(unit=group, position=Position.CHAIR).user for _ in range(2)]


def every_friday(chairs, recipients=None, **wish):
    return add_schedule(
        Wish(ReportKind.PROGRESS, CampaignFactory(), **wish),
        ReportFormat.XLSX,
        weekday=4,
        at=time(16),
        recipients=recipients or chairs,
        by=chairs[0],
        now=WEDNESDAY,
    )


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (WEDNESDAY, FRIDAY),
        (FRIDAY - timedelta(minutes=1), FRIDAY),
        (FRIDAY, FRIDAY + timedelta(days=7)),
        (at(23, on=date(2019, 10, 18)), FRIDAY + timedelta(days=7)),
    ],
)
def test_the_next_friday_at_four_is_always_ahead(after, expected):
    assert next_moment(4, time(16), after) == expected


def test_nothing_is_made_before_the_hour(chairs):
    every_friday(chairs)

    assert run_schedules(FRIDAY - timedelta(minutes=1)) == 0


def test_each_recipient_gets_a_report_once_and_the_next_run_is_a_week_later(chairs):
    schedule = every_friday(chairs)

    assert [run_schedules(FRIDAY), run_schedules(FRIDAY)] == [2, 0]

    schedule.refresh_from_db()
    assert schedule.next_at == FRIDAY + timedelta(days=7)
    assert {job.requested_by for job in ReportJob.objects.all()} == set(chairs)


def test_after_three_weeks_of_silence_it_runs_once(chairs):
    every_friday(chairs)

    assert run_schedules(FRIDAY + timedelta(days=21)) == 2


def test_who_may_no_longer_see_it_gets_nothing(chairs):
    every_friday(chairs, recipients=[*chairs, UserFactory()])
    Membership.objects.filter(user=chairs[1]).delete()

    run_schedules(FRIDAY)

    assert [job.requested_by for job in ReportJob.objects.all()] == [chairs[0]]


def test_a_finished_scheduled_report_is_told_and_one_asked_for_is_not(chairs):
    schedule = every_friday(chairs, recipients=chairs[:1])
    run_schedules(FRIDAY)
    scheduled = ReportJob.objects.get()
    asked = services.ask(chairs[0], Wish(ReportKind.PROGRESS, schedule.campaign), ReportFormat.DOCX)

    for job in (scheduled, asked):
        services.make(job.pk)

    notice = Notice.objects.get()
    assert (notice.recipient, notice.url) == (
        chairs[0],
        reverse("reports:job", args=[scheduled.pk]),
    )


def test_a_stopped_schedule_makes_nothing(chairs):
    schedule = every_friday(chairs)
    stop_schedule(schedule, by=chairs[1])

    assert run_schedules(FRIDAY) == 0


def test_a_secretary_schedules_nothing(chairs):
    secretary = MembershipFactory(position=Position.SECRETARY)
    schedule = every_friday(chairs)

    with pytest.raises(PermissionDenied):
        stop_schedule(schedule, by=secretary.user)


def test_a_schedule_is_made_on_the_page_and_unknown_names_are_told(chairs, client):
    CampaignFactory()
    client.force_login(chairs[0])
    wanted = {"kind": "progress", "format": "pdf", "weekday": 4, "at": "16:00"}

    refused = client.post(reverse("reports:schedules"), {**wanted, "names": "nobody-here"})
    client.post(
        reverse("reports:schedules"),
        {**wanted, "names": "、".join(person.username for person in chairs)},
    )

    assert "没有这些登录名：nobody-here。" in refused.content.decode()
    assert set(ReportSchedule.objects.get().recipients.all()) == set(chairs)


# --- Kept for a time ----------------------------------------------------------------------


def made(user, campaign):
    job = services.ask(user, Wish(ReportKind.PROGRESS, campaign), ReportFormat.XLSX)
    services.make(job.pk)
    job.refresh_from_db()
    return job


def test_a_file_goes_with_the_last_job_that_hands_it_out(
    chairs, settings, django_capture_on_commit_callbacks
):
    campaign = CampaignFactory()
    first, second = (made(user, campaign) for user in chairs)
    path = Path(settings.MEDIA_ROOT, first.file.name)
    assert first.file.name == second.file.name
    ReportJob.objects.filter(pk=first.pk).update(
        finished_at=first.finished_at - services.KEPT - timedelta(days=1)
    )

    with django_capture_on_commit_callbacks(execute=True):
        assert services.purge(second.finished_at) == 1
    assert path.exists()

    with django_capture_on_commit_callbacks(execute=True):
        assert services.purge(second.finished_at + services.KEPT + timedelta(days=1)) == 1
    assert not path.exists()


def test_what_is_not_over_is_not_purged(chairs):
    job = services.ask(chairs[0], Wish(ReportKind.PROGRESS, CampaignFactory()), ReportFormat.PDF)

    services.purge(job.requested_at + timedelta(days=365))

    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED
