from datetime import date, timedelta

import pytest

from supervision.choices import Rung
from supervision.ladder import Thresholds, days_left, is_higher, rung_on

#: Twenty days, so that a day is 5 %.
OPENS, DUE = date(2019, 9, 11), date(2019, 9, 30)


@pytest.mark.parametrize(
    ("on", "rung"),
    [
        (date(2019, 9, 11), None),
        (date(2019, 9, 20), None),  # 11 of 20 days left
        (date(2019, 9, 21), Rung.BLUE),  # 10 left: 50 %
        (date(2019, 9, 24), Rung.BLUE),  # 7 left: 35 %
        (date(2019, 9, 25), Rung.YELLOW),  # 6 left: 30 %
        (date(2019, 9, 27), Rung.YELLOW),  # 4 left: 20 %
        (date(2019, 9, 28), Rung.ORANGE),  # 3 left: 15 %
        (date(2019, 9, 30), Rung.ORANGE),
        (date(2019, 10, 1), Rung.RED),
    ],
)
def test_each_rung_begins_at_its_share_of_the_time_left(on: date, rung: Rung | None):
    assert rung_on(OPENS, DUE, on, Thresholds()) == rung


def test_thresholds_can_be_others():
    late = Thresholds(blue=20, yellow=10, orange=5)

    assert rung_on(OPENS, DUE, date(2019, 9, 26), late) is None
    assert rung_on(OPENS, DUE, date(2019, 9, 27), late) == Rung.BLUE
    assert rung_on(OPENS, DUE, DUE, late) == Rung.ORANGE


def test_a_deadline_of_one_day_is_never_early():
    assert rung_on(DUE, DUE, DUE, Thresholds()) is None
    assert rung_on(DUE, DUE, DUE + timedelta(days=1), Thresholds()) == Rung.RED


def test_the_rung_before_the_first_day_is_none():
    assert rung_on(OPENS, DUE, OPENS - timedelta(days=30), Thresholds()) is None


@pytest.mark.parametrize(("on", "left"), [(DUE, 1), (DUE + timedelta(days=1), 0), (OPENS, 20)])
def test_the_last_day_counts_as_one(on: date, left: int):
    assert days_left(DUE, on) == left


def test_rungs_are_ordered():
    assert is_higher("red", than="orange")
    assert not is_higher("blue", than="blue")
