import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.audit import first_broken, record, seal
from accounts.models import User
from campaign.definition import read_definition
from campaign.models import Theme
from campaign.services import load_campaign
from core.backup import BackupError, back_up, check, restore
from core.sessions import SessionStore
from seminars.models import Activity
from tests.campaign.conftest import SHIPPED
from tests.factories import ActivityFactory, MembershipFactory, UserFactory
from units.models import Unit

# Restoring is a transaction of its own; inside a test's, PostgreSQL would empty no table.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(tmp_path):
    """A backup of a campaign with an activity, its themes, a file and a sealed trail."""
    campaign = load_campaign(read_definition(SHIPPED))
    person = MembershipFactory(user__username="lin").user
    person.set_password("correct horse 电池")
    person.save()
    ActivityFactory(campaign=campaign, title="𠮷祥座谈会").themes.set(campaign.themes.all()[:2])
    default_storage.save("activities/照片.txt", ContentFile("文件".encode()))
    record(person, "accounts.sign_in")
    seal()
    back_up(tmp_path / "backup")
    return tmp_path / "backup"


def wreck():
    Activity.objects.all().delete()
    UserFactory(username="intruder")
    default_storage.delete("activities/照片.txt")


def test_everything_is_back_after_restoring(backup):
    wreck()

    restore(backup, replace=True)

    activity = Activity.objects.get()
    assert (activity.title, activity.themes.count()) == ("𠮷祥座谈会", 2)
    assert set(User.objects.values_list("username", flat=True)) >= {"lin"}
    assert not User.objects.filter(username="intruder").exists()
    assert User.objects.get(username="lin").check_password("correct horse 电池")
    with default_storage.open("activities/照片.txt") as file:
        assert file.read().decode() == "文件"
    assert first_broken() is None


def test_new_rows_get_keys_of_their_own_after_restoring(backup):
    restore(backup, replace=True)

    theme = Theme.objects.create(campaign=Activity.objects.get().campaign, order=11, title="新")
    unit = Unit.objects.add_root({"code": "new", "name": "新", "short_name": "新"})

    assert (Theme.objects.filter(pk=theme.pk).count(), Unit.objects.filter(pk=unit.pk).count()) == (
        1,
        1,
    )


def test_a_second_backup_of_the_restored_portal_holds_the_same_rows(backup, tmp_path):
    restore(backup, replace=True)

    rows = back_up(tmp_path / "again")

    assert rows == json.loads((backup / "manifest.json").read_text())["rows"]


@pytest.mark.parametrize("name", ["rows/accounts.user.jsonl.gz", "files/activities/照片.txt"])
def test_an_altered_backup_is_refused_and_nothing_is_touched(backup, name):
    content = bytearray((backup / name).read_bytes())
    content[-1] ^= 1
    (backup / name).write_bytes(content)
    wreck()

    with pytest.raises(BackupError, match=r"differs from its checksum"):
        restore(backup, replace=True)

    assert User.objects.filter(username="intruder").exists()


def test_a_missing_and_an_added_file_are_named(backup):
    (backup / "files" / "extra").write_text("x")
    with pytest.raises(BackupError, match="files/extra is not part"):
        check(backup)
    (backup / "files" / "extra").unlink()
    (backup / "rows" / "units.unit.jsonl.gz").unlink()

    with pytest.raises(BackupError, match=r"units\.unit\.jsonl\.gz is missing"):
        check(backup)


def test_a_backup_of_another_release_is_refused(backup):
    manifest = json.loads((backup / "manifest.json").read_text())
    manifest["migrations"].append("seminars.9999_future")
    (backup / "manifest.json").write_text(json.dumps(manifest))

    with pytest.raises(BackupError, match="another release"):
        restore(backup, replace=True)


def test_people_are_given_up_only_when_told_to(backup):
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(backup))

    assert User.objects.filter(username="lin").exists()


def test_a_backup_does_not_overwrite_another(backup):
    with pytest.raises(CommandError, match="not empty"):
        call_command("backup", str(backup))


def test_sessions_stay_behind(backup):
    assert not (backup / "rows" / "sessions.session.jsonl.gz").exists()
    assert SessionStore.get_model_class()._meta.label_lower == "sessions.session"
