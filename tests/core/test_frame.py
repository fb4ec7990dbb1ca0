"""Where today stands on the phase line."""

from datetime import date

import pytest

from core.frame import Frame, PhaseState, Place, phase_mark

STARTS, ENDS = date(2019, 9, 11), date(2019, 10, 20)


@pytest.mark.parametrize(
    ("on", "state", "day", "days_left", "done"),
    [
        (date(2019, 9, 10), PhaseState.FUTURE, 0, 0, 0),
        (date(2019, 9, 11), PhaseState.CURRENT, 1, 39, 2.5),
        (date(2019, 10, 20), PhaseState.CURRENT, 40, 0, 100),
        (date(2019, 10, 21), PhaseState.PAST, 0, 0, 100),
    ],
)
def test_the_first_and_the_last_day_belong_to_the_phase(on, state, day, days_left, done):
    mark = phase_mark("学习讨论", STARTS, ENDS, on=on)

    assert (mark.state, mark.day, mark.days_left, mark.done_percent) == (
        state,
        day,
        days_left,
        done,
    )


def test_a_phase_of_one_day_is_done_on_that_day():
    mark = phase_mark("动员", STARTS, STARTS, on=STARTS)

    assert (mark.day, mark.days, mark.days_left, mark.done_percent) == (1, 1, 0, 100)


def test_more_than_99_unread_notices_do_not_widen_the_bar():
    assert [Frame(unread=n).unread_label for n in (7, 99, 100)] == ["7", "99", "99+"]


def test_the_bottom_places_stand_on_both_sides_of_the_round_button():
    home, records, proposals = (Place(name, "#", "home") for name in ("首页", "记录", "建议"))
    frame = Frame(bottom_places=(home, records, proposals))

    assert (frame.left_places, frame.right_places) == ((home, records), (proposals,))


def test_every_place_of_the_rail_can_be_reached_on_a_phone():
    home, units = Place("首页", "/", "home"), Place("单位", "/units/", "unit")
    frame = Frame(places=(home, units), bottom_places=(home,))

    assert frame.off_bar_places == (units,)


@pytest.mark.parametrize(
    ("on", "note"),
    [
        (date(2019, 9, 10), "学习讨论 9月11日开始"),
        (date(2019, 10, 25), "实践转化 11月1日开始"),
        (date(2020, 1, 1), "各阶段已结束"),
    ],
)
def test_between_phases_the_frame_says_what_comes(on, note):
    phases = (
        phase_mark("学习讨论", STARTS, ENDS, on=on),
        phase_mark("实践转化", date(2019, 11, 1), date(2019, 12, 31), on=on),
    )

    assert Frame(phases=phases).phase_note == note
