import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.models import AuditEntry
from core.files import check_upload
from seminars.models import ActivityFile
from seminars.services.files import attach, scan_locked
from tests.core.test_scanning import nobody_there, scanner
from tests.factories import ActivityFactory, at


@pytest.fixture
def locked(college, settings):
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch)
    with nobody_there() as address:
        settings.UPLOAD_SCANNER = address
        checked = check_upload(ContentFile(b"minutes", name="记录.txt"), may_lock=True)
        [file] = attach(activity, [checked], by=college.secretary, now=at(10))
    return file


def answers(client, college, file):
    client.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("seminars:file", args=[file.activity_id, file.pk]))
    b"".join(answer)
    return answer.status_code


def test_a_file_waits_locked_until_the_scanner_has_seen_it(client, college, settings, locked):
    assert answers(client, college, locked) == 404
    page = client.get(reverse("seminars:activity", args=[locked.activity_id])).content.decode()
    assert "等待病毒扫描" in page
    with nobody_there() as address:
        settings.UPLOAD_SCANNER = address
        assert scan_locked() == 0

    with scanner(b"stream: OK\0") as (address, _):
        settings.UPLOAD_SCANNER = address
        assert scan_locked() == 1

    assert answers(client, college, locked) == 200


def test_a_file_found_harmful_leaves_the_disk_and_the_trail_says_so(
    settings, locked, django_capture_on_commit_callbacks
):
    with (
        scanner(b"stream: Eicar FOUND\0") as (address, _),
        django_capture_on_commit_callbacks(execute=True),
    ):
        settings.UPLOAD_SCANNER = address
        scan_locked()

    assert not ActivityFile.objects.exists()
    assert not default_storage.exists(locked.file.name)
    assert AuditEntry.objects.filter(action="seminars.file_harmful").count() == 1
