from datetime import timedelta

import pytest
from django.utils import timezone

from reports import snapshots
from reports.choices import ReportKind
from reports.dossier import Wish
from reports.models import Snapshot
from reports.snapshots import FRESH, STALE, latest, refresh_one, refresh_school, take
from tests.factories import ActivityFactory, CampaignFactory, UnitFactory

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SOON = NOW + FRESH + timedelta(seconds=1)
LATE = NOW + STALE + timedelta(seconds=1)


@pytest.fixture
def wish():
    return Wish(ReportKind.PROGRESS, CampaignFactory())


@pytest.fixture
def hinted(monkeypatch):
    asked = []
    monkeypatch.setattr(snapshots, "hint", lambda _task, key: asked.append(key))
    return asked


def one_more(wish):
    ActivityFactory(campaign=wish.campaign, held_on=timezone.localdate())


def test_recent_figures_are_shown_with_the_moment_they_were_taken(wish, hinted):
    latest(wish, NOW)
    one_more(wish)

    facts = latest(wish, NOW + timedelta(seconds=5))

    assert (facts.as_of_at, facts.figures.activities.now, hinted) == (NOW, 0, [])


def test_older_figures_are_shown_while_a_worker_takes_new_ones(wish, hinted):
    latest(wish, NOW)
    one_more(wish)

    shown = latest(wish, SOON)
    refresh_one(hinted[0], SOON)

    assert shown.figures.activities.now == 0
    assert latest(wish, SOON).figures.activities.now == 1


def test_figures_older_than_ten_minutes_are_never_shown(wish, hinted):
    latest(wish, NOW)
    one_more(wish)

    assert latest(wish, LATE).figures.activities.now == 1


def test_units_and_the_school_have_figures_of_their_own(wish, hinted):
    unit = UnitFactory()
    ActivityFactory(campaign=wish.campaign, held_on=timezone.localdate())

    school = latest(wish, NOW)
    own = latest(Wish(wish.kind, wish.campaign, unit=unit), NOW)

    assert (school.figures.activities.now, own.figures.activities.now) == (1, 0)
    assert Snapshot.objects.count() == 2


def test_figures_of_an_earlier_version_of_the_program_are_taken_anew(wish, hinted):
    take(wish, NOW)
    Snapshot.objects.update(facts={"scope": {"name": "全校"}})
    one_more(wish)

    assert latest(wish, NOW).figures.activities.now == 1


def test_the_second_of_two_hints_takes_nothing(wish, hinted, django_assert_num_queries):
    take(wish, NOW)
    only = Snapshot.objects.get()

    with django_assert_num_queries(1):
        refresh_one(only.pk, NOW)


def test_a_snapshot_that_is_gone_needs_no_refreshing():
    refresh_one(1, NOW)
    refresh_school(NOW)

    assert Snapshot.objects.count() == 0


def test_shown_figures_cost_one_query(wish, hinted, django_assert_num_queries):
    take(wish, NOW)

    with django_assert_num_queries(1):
        latest(wish, NOW)
