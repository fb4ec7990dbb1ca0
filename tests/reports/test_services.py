from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.template import TemplateSyntaxError
from django.utils import timezone

from accounts.models import AuditEntry
from reports import production, services
from reports.choices import JobStatus, ReportFormat, ReportKind
from reports.dossier import Wish
from reports.models import ReportJob
from reports.rendering import PaperNotMade
from reports.services import NotPossible, ask, cancel, make, retry, sweep
from tests.factories import (
    ActivityFactory,
    CampaignFactory,
    MembershipFactory,
    UnitFactory,
)
from units.choices import Position, UnitKind
from units.models import Membership

pytestmark = pytest.mark.django_db

DAY = timezone.localdate()


def leader():
    group = UnitFactory(kind=UnitKind.CAMPAIGN_GROUP)
    return MembershipFactory(unit=group, position=Position.CHAIR).user


def job_of(user, **wish):
    campaign = wish.pop("campaign", None) or CampaignFactory()
    return ask(user, Wish(ReportKind.PROGRESS, campaign, DAY, **wish), ReportFormat.XLSX)


def test_a_paper_is_made_and_stored():
    job = job_of(leader())

    assert make(job.pk)

    job.refresh_from_db()
    assert (job.status, job.percent, job.attempts, job.error) == (JobStatus.DONE, 100, 1, "")
    with job.file.open() as made:
        assert made.read(2) == b"PK"
    assert len(job.content_hash) == 64


def test_asking_is_on_the_trail():
    user = leader()
    job = job_of(user)

    entry = AuditEntry.objects.get(action="reports.ask")
    assert (entry.actor, entry.subject_id) == (user, str(job.pk))


def test_asking_twice_for_what_is_still_being_made_is_one_job():
    user = leader()
    campaign = CampaignFactory()

    assert job_of(user, campaign=campaign).pk == job_of(user, campaign=campaign).pk
    assert ReportJob.objects.count() == 1


def test_a_secretary_may_ask_for_the_own_subtree_and_nothing_else():
    general = UnitFactory(kind=UnitKind.GENERAL_BRANCH)
    branch = UnitFactory(parent=general)
    sibling = UnitFactory()
    secretary = MembershipFactory(unit=general, position=Position.SECRETARY).user

    assert job_of(secretary, unit=branch).unit == branch
    for unit in (sibling, None):
        with pytest.raises(PermissionDenied):
            job_of(secretary, unit=unit)


def test_a_member_of_staff_may_ask_for_nothing():
    branch = UnitFactory()
    member = MembershipFactory(unit=branch, position=Position.STAFF).user

    with pytest.raises(PermissionDenied):
        job_of(member, unit=branch)


def test_a_right_lost_while_waiting_ends_the_job_with_a_reason():
    user = leader()
    job = job_of(user)
    Membership.objects.filter(user=user).delete()

    make(job.pk)

    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.FAILED, services.NO_LONGER_ALLOWED)


def test_of_two_workers_one_gets_the_job():
    job = job_of(leader())

    assert [make(job.pk), make(job.pk)] == [True, False]
    job.refresh_from_db()
    assert job.attempts == 1


def test_the_same_facts_asked_twice_are_rendered_once(monkeypatch):
    campaign = CampaignFactory()
    first = job_of(leader(), campaign=campaign)
    make(first.pk)
    monkeypatch.setattr(services, "write", lambda *_: pytest.fail("rendered again"))
    second = job_of(leader(), campaign=campaign)

    make(second.pk)

    first.refresh_from_db()
    second.refresh_from_db()
    assert second.status == JobStatus.DONE
    assert second.file.name == first.file.name


def test_changed_facts_are_rendered_anew():
    campaign = CampaignFactory()
    user = leader()
    first = job_of(user, campaign=campaign)
    make(first.pk)
    ActivityFactory(campaign=campaign, held_on=DAY)
    second = job_of(user, campaign=campaign)

    make(second.pk)

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.content_hash != second.content_hash
    assert first.file.name != second.file.name


def test_a_cancelled_job_is_not_made():
    job = job_of(leader())
    cancel(job)

    assert make(job.pk) is False
    job.refresh_from_db()
    assert job.status == JobStatus.CANCELLED


def test_a_job_cancelled_while_it_is_made_stays_cancelled(monkeypatch):
    job = job_of(leader())

    def cancelled_meanwhile(_paper, _format, report):
        cancel(job)
        report(50)

    monkeypatch.setattr(services, "write", cancelled_meanwhile)
    make(job.pk)

    job.refresh_from_db()
    assert (job.status, job.file.name) == (JobStatus.CANCELLED, "")


def test_a_finished_job_cannot_be_cancelled_or_tried_again():
    job = job_of(leader())
    make(job.pk)

    for step in (cancel, retry):
        with pytest.raises(NotPossible):
            step(job)


def refuse(monkeypatch, error):
    def write(*_):
        raise error

    monkeypatch.setattr(services, "write", write)


def test_a_paper_that_cannot_be_made_says_why_and_can_be_asked_for_again(monkeypatch):
    job = job_of(leader())
    with monkeypatch.context() as broken:
        refuse(broken, PaperNotMade("排版超过120秒，已停止。"))
        make(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.FAILED, "排版超过120秒，已停止。")

    retry(job)
    make(job.pk)

    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.DONE, "")


def test_a_broken_template_is_a_failed_job_and_no_paper(monkeypatch):
    job = job_of(leader())
    refuse(monkeypatch, TemplateSyntaxError("unclosed"))

    make(job.pk)

    job.refresh_from_db()
    assert (job.status, job.error, job.file.name) == (
        JobStatus.FAILED,
        services.BROKEN_TEMPLATE,
        "",
    )


def test_a_poisoned_job_is_tried_three_times_and_then_fails(monkeypatch):
    job = job_of(leader())
    refuse(monkeypatch, OSError("disk"))

    tries = [make(job.pk) for _ in range(5)]

    job.refresh_from_db()
    assert tries == [True, True, True, False, False]
    assert (job.status, job.error) == (JobStatus.FAILED, services.UNEXPECTED)


def left_by_a_dead_worker(attempts):
    job = job_of(leader())
    long_ago = timezone.now() - timedelta(minutes=5)
    ReportJob.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, attempts=attempts, heartbeat_at=long_ago
    )
    return job


def test_the_sweeper_queues_what_a_dead_worker_left():
    job = left_by_a_dead_worker(attempts=1)

    assert sweep(timezone.now()) == 1

    job.refresh_from_db()
    assert job.status == JobStatus.QUEUED


def test_the_sweeper_gives_up_after_three_attempts():
    job = left_by_a_dead_worker(attempts=3)

    sweep(timezone.now())

    job.refresh_from_db()
    assert (job.status, job.error) == (JobStatus.FAILED, services.BROKEN_OFF)


def test_the_sweeper_leaves_a_living_worker_alone():
    job = job_of(leader())
    ReportJob.objects.filter(pk=job.pk).update(
        status=JobStatus.RUNNING, attempts=1, heartbeat_at=timezone.now()
    )

    assert sweep(timezone.now()) == 0


def test_the_sweeper_hints_again_for_a_job_nobody_heard_of(monkeypatch):
    job = job_of(leader())
    hinted = []
    monkeypatch.setattr(services, "hint", lambda _task, key: hinted.append(key))

    sweep(timezone.now())
    sweep(timezone.now() + timedelta(minutes=1))

    assert hinted == [job.pk]


def stored_files():
    return (path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_a_worker_that_comes_back_from_the_dead_changes_nothing(monkeypatch):
    job = job_of(leader())

    def swept_meanwhile(*_):
        ReportJob.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING, attempts=2)
        return b"late"

    monkeypatch.setattr(services, "write", swept_meanwhile)
    make(job.pk)

    job.refresh_from_db()
    assert (job.status, job.attempts, job.file.name) == (JobStatus.RUNNING, 2, "")
    assert list(stored_files()) == []


def test_only_the_own_jobs_about_what_one_may_still_see_are_visible():
    secretary = MembershipFactory(position=Position.SECRETARY)
    mine = job_of(secretary.user, unit=secretary.unit)
    job_of(leader())

    assert list(ReportJob.objects.visible_to(secretary.user)) == [mine]

    Membership.objects.all().delete()
    user = type(secretary.user).objects.get(pk=secretary.user.pk)
    assert list(ReportJob.objects.visible_to(user)) == []


def test_the_name_of_the_file_says_what_it_is():
    job = job_of(leader(), unit=UnitFactory(name="图书馆党总支"))

    assert job.file_name.startswith("图书馆党总支进展报告（")
    assert job.file_name.endswith("日）.xlsx")


def test_production_knows_every_format(monkeypatch):
    monkeypatch.setattr(production, "render_pdf", lambda *_args, **_more: b"%PDF")
    facts = production.assemble(Wish(ReportKind.PROGRESS, CampaignFactory()), timezone.now())
    paper = production.compose(ReportKind.PROGRESS, facts)

    starts = {each: production.write(paper, each, print)[:2] for each in ReportFormat}

    assert starts == {"pdf": b"%P", "xlsx": b"PK", "docx": b"PK"}
