from datetime import date

from core.gantt import Stretch, gantt
from core.svg import Box, Swatch, Words, every_shape, to_svg


def drawn(*rows, today=date(2019, 10, 1)):
    return gantt("时间表", rows, today)


def test_bars_take_their_share_of_the_days_both_ends_included():
    drawing = drawn(
        Stretch("phase", "甲", date(2019, 9, 1), date(2019, 9, 10)),
        Stretch("gap", "空档", date(2019, 9, 11), date(2019, 9, 15)),
        Stretch("step", "乙", date(2019, 9, 16), date(2019, 9, 20)),
    )

    boxes = [shape for shape in every_shape(drawing.shapes) if isinstance(shape, Box)]
    assert [(box.x, round(box.width, 3)) for box in boxes] == [(0, 50), (50, 25), (75, 25)]


def test_a_deadline_is_a_mark_and_today_is_named():
    drawing = drawn(
        Stretch("phase", "甲", date(2019, 9, 1), date(2019, 10, 31)),
        Stretch("due", "报送方案", date(2019, 10, 12), date(2019, 10, 12)),
    )

    shapes = list(every_shape(drawing.shapes))
    assert sum(isinstance(shape, Swatch) for shape in shapes) == 1
    assert "今天10月1日" in [shape.text for shape in shapes if isinstance(shape, Words)]


def test_one_day_many_years_and_nothing_can_be_drawn():
    one = drawn(Stretch("phase", "甲", date(2019, 9, 1), date(2019, 9, 1)))
    long = drawn(Stretch("phase", "<甲>", date(2019, 9, 1), date(2029, 9, 1)))

    months = [s.text for s in every_shape(long.shapes) if isinstance(s, Words)]
    assert len(months) <= 12
    assert "&lt;甲&gt;" in to_svg(long)
    assert to_svg(one)
    assert drawn().description == "还没有日期。"
