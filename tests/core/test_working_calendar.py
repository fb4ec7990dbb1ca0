from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.local_time import SHANGHAI
from core.working_calendar import RestDays, WorkingCalendar

NATIONAL = WorkingCalendar()
#: A school that rests on 28 and 29 September 2019; the 29th is a make-up working day elsewhere.
OURS = WorkingCalendar([RestDays(date(2019, 9, 28), date(2019, 9, 29))])

some_days = st.dates(min_value=date(2003, 1, 1), max_value=date(2028, 12, 31))


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2019, 9, 27), True),  # Friday
        (date(2019, 9, 28), False),  # Saturday
        (date(2019, 9, 29), True),  # Sunday worked in exchange
        (date(2019, 10, 1), False),
        (date(2019, 10, 7), False),  # Monday, last day of the holiday
        (date(2019, 10, 8), True),
        (date(2019, 10, 12), True),  # Saturday worked in exchange
    ],
)
def test_the_national_day_of_2019_is_exchanged_for_two_weekend_days(day, works):
    assert NATIONAL.is_working_day(day) is works


@pytest.mark.parametrize(
    ("year", "known"), [(2003, False), (2004, True), (2026, True), (2027, False)]
)
def test_a_year_is_published_or_it_is_not(year, known):
    assert NATIONAL.is_published(year) is known


def test_an_unpublished_year_goes_by_weekday_and_says_so():
    friday, saturday = date(2027, 10, 1), date(2027, 10, 2)

    assert NATIONAL.is_working_day(friday) is True
    assert NATIONAL.is_working_day(saturday) is False
    assert NATIONAL.reservation(friday, saturday) == "2027年节假日安排未公布，按周一至周五推算。"


def test_every_unpublished_year_of_a_range_is_named():
    assert (
        NATIONAL.reservation(date(2026, 12, 1), date(2028, 1, 1))
        == "2027、2028年节假日安排未公布，按周一至周五推算。"
    )


def test_published_years_need_no_reservation():
    assert NATIONAL.reservation(date(2019, 8, 26), date(2020, 1, 1)) == ""


def test_the_schools_rest_days_win_and_both_ends_count():
    assert OURS.is_working_day(date(2019, 9, 27)) is True
    assert OURS.is_working_day(date(2019, 9, 28)) is False
    assert OURS.is_working_day(date(2019, 9, 29)) is False
    assert OURS.is_working_day(date(2019, 9, 30)) is True


def test_rest_days_cannot_end_before_they_start():
    with pytest.raises(ValueError, match="rest days end on 2020-01-12, before 2020-01-13"):
        RestDays(date(2020, 1, 13), date(2020, 1, 12))


@pytest.mark.parametrize(
    ("calendar", "start", "count", "end"),
    [
        (NATIONAL, date(2019, 9, 27), 1, date(2019, 9, 29)),
        (OURS, date(2019, 9, 27), 1, date(2019, 9, 30)),
        (NATIONAL, date(2019, 9, 30), 1, date(2019, 10, 8)),
        (NATIONAL, date(2019, 10, 8), -1, date(2019, 9, 30)),
        (NATIONAL, date(2019, 10, 8), 5, date(2019, 10, 14)),
        (NATIONAL, date(2019, 10, 1), 0, date(2019, 10, 1)),
        (NATIONAL, date(2026, 12, 31), 1, date(2027, 1, 1)),  # unpublished: a plain Friday
    ],
)
def test_working_days_are_added_across_holidays(calendar, start, count, end):
    assert calendar.add_working_days(start, count) == end


def test_both_ends_of_a_range_are_counted():
    assert NATIONAL.working_days_between(date(2019, 9, 29), date(2019, 10, 8)) == 3
    assert NATIONAL.working_days_between(date(2019, 9, 29), date(2019, 9, 29)) == 1
    assert NATIONAL.working_days_between(date(2019, 10, 1), date(2019, 10, 7)) == 0
    assert NATIONAL.working_days_between(date(2019, 10, 8), date(2019, 10, 7)) == 0


@given(some_days, st.integers(min_value=1, max_value=40))
def test_adding_and_counting_agree(day, count):
    end = OURS.add_working_days(day, count)

    assert OURS.is_working_day(end)
    assert OURS.working_days_between(day + timedelta(days=1), end) == count


@pytest.mark.parametrize(
    ("now", "allowed"),
    [
        (at(date(2019, 9, 27), 7, 59, 59), False),
        (at(date(2019, 9, 27), 8), True),
        (at(date(2019, 9, 27), 19, 59, 59), True),
        (at(date(2019, 9, 27), 20), False),
        (at(date(2019, 9, 28), 12), False),
        (at(date(2019, 9, 29), 12), True),
        (at(date(2019, 10, 1), 12), False),
        (datetime(2019, 9, 27, 0, 0, tzinfo=UTC), True),  # 08:00 on campus
        (datetime(2019, 9, 27, 12, 0, tzinfo=UTC), False),  # 20:00 on campus
    ],
)
def test_nothing_is_sent_in_the_evening_at_night_or_on_a_rest_day(now, allowed):
    assert NATIONAL.may_send(now) is allowed


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (at(date(2019, 9, 27), 12, 34, 56), at(date(2019, 9, 27), 12, 34, 56)),
        (at(date(2019, 9, 27), 3), at(date(2019, 9, 27), 8)),
        (at(date(2019, 9, 27), 20), at(date(2019, 9, 29), 8)),
        (at(date(2019, 9, 28), 3), at(date(2019, 9, 29), 8)),
        (at(date(2019, 9, 30), 23, 59), at(date(2019, 10, 8), 8)),
    ],
)
def test_what_may_not_be_sent_now_waits_for_the_next_working_morning(now, then):
    assert NATIONAL.next_send_moment(now) == then


@given(some_days, st.times())
def test_the_next_send_moment_is_one_at_which_sending_is_allowed(day, clock):
    now = datetime.combine(day, clock, tzinfo=SHANGHAI)

    then = OURS.next_send_moment(now)

    assert then >= now
    assert OURS.may_send(then)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="has no time zone"):
        NATIONAL.may_send(datetime(2019, 9, 27, 12))
