from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from accounts.audit import BrokenEntry, first_broken, record, seal
from accounts.models import AuditEntry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def three_entries():
    user = UserFactory()
    return [record(user, "units.move", user, {"at": "旧"}, {"at": f"新{n}"}) for n in range(3)]


def test_an_untouched_trail_holds_before_and_after_sealing():
    three_entries()

    assert first_broken() is None
    assert seal() == 3
    assert (first_broken(), seal()) == (None, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"action": "units.keep"},
        {"after": {"at": "别的"}},
        {"actor": None},
        {"address": "10.0.0.9"},
    ],
)
def test_an_altered_entry_is_named(change):
    _, second, third = three_entries()
    seal()
    AuditEntry.objects.filter(pk__in=[second.pk, third.pk]).update(**change)

    assert first_broken() == BrokenEntry(second.pk, "content differs from its hash")


def test_a_changed_moment_is_named():
    first, *_ = three_entries()
    AuditEntry.objects.filter(pk=first.pk).update(at=first.at + timedelta(microseconds=1))

    assert first_broken() == BrokenEntry(first.pk, "content differs from its hash")


def test_a_removed_entry_is_noticed_at_its_successor():
    _, second, third = three_entries()
    seal()
    AuditEntry.objects.filter(pk=second.pk).delete()

    assert first_broken() == BrokenEntry(third.pk, "entry 2 of the chain is missing before it")


def test_exchanged_positions_are_noticed():
    first, second, _ = three_entries()
    seal()
    AuditEntry.objects.filter(pk=first.pk).update(position=99)
    AuditEntry.objects.filter(pk=second.pk).update(position=1)
    AuditEntry.objects.filter(pk=first.pk).update(position=2)

    assert first_broken() == BrokenEntry(second.pk, "chain differs from here on")


def test_the_command_fails_naming_the_first_altered_row():
    _, second, _ = three_entries()
    AuditEntry.objects.filter(pk=second.pk).update(subject_id="0")

    with pytest.raises(CommandError, match=f"audit entry {second.pk}"):
        call_command("verify_audit")


def test_the_line_goes_with_the_change_when_the_change_is_undone():
    user = UserFactory()

    def rename_into_a_clash():
        with transaction.atomic():
            record(user, "accounts.rename", user)
            UserFactory(username=user.username)

    with pytest.raises(IntegrityError):
        rename_into_a_clash()

    assert AuditEntry.objects.count() == 0
