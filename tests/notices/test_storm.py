"""The short form of `bin/bench faults`: workers killed while they talk to a mail server."""

import pytest

from benchmarks.faults import storm


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_double_only_what_physics_leaves_open():
    account = storm(reminders=60, kills=8, workers=2, seed=3)

    assert (account.expected, account.sent, account.lost) == (60, 60, 0)
    assert account.unmarked == 0
    assert account.renamed == 0
    assert account.doubled <= account.windows
