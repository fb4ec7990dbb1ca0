from datetime import date, timedelta

import pytest
from defusedxml.ElementTree import fromstring
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from core.charts import (
    PARTS,
    Bar,
    Cell,
    HeatRow,
    Series,
    Span,
    Stack,
    Stage,
    bars,
    funnel,
    heat_map,
    phase_line,
    stacked_bars,
    trend,
)
from core.svg import (
    ACCENT,
    BLANK,
    Area,
    Box,
    Dot,
    Drawing,
    Group,
    Stamp,
    Words,
    every_shape,
    text_width,
    to_svg,
    wrap,
)

SVG = "{http://www.w3.org/2000/svg}"
PHASES = [
    Span("宣传发动阶段", "8月底—9月上旬", date(2019, 8, 26), date(2019, 9, 10)),
    Span("学习讨论阶段", "9月中旬—10月中旬", date(2019, 9, 11), date(2019, 10, 20)),
    Span("实践转化阶段", "10月下旬—12月底", date(2019, 10, 21), date(2019, 12, 31)),
]


def shapes(drawing, kind):
    return [shape for shape in every_shape(drawing.shapes) if isinstance(shape, kind)]


def words(drawing):
    return [shape.text for shape in shapes(drawing, Words)]


def names(drawing):
    return [shape.name for shape in shapes(drawing, Group)]


def accent_widths(drawing):
    return [round(box.width, 1) for box in shapes(drawing, Box) if box.paint == ACCENT]


# --- Geometry ---------------------------------------------------------------------------


def test_bars_are_as_long_as_their_figures_and_none_is_no_bar():
    drawing = bars("形式", [Bar("座谈会", 32), Bar("研讨会", 8), Bar("问卷调查", 0)], "场")

    assert accent_widths(drawing) == [100, 25]
    assert words(drawing) == ["座谈会", "32场", "研讨会", "8场", "问卷调查", "0场"]
    assert drawing.description == "座谈会32场；研讨会8场；问卷调查0场。"


def test_all_zero_bars_draw_no_bar_and_do_not_fail():
    assert accent_widths(bars("形式", [Bar("座谈会", 0), Bar("研讨会", 0)], "场")) == []


def test_bars_keep_the_order_they_were_given():
    drawing = bars("形式", [Bar("乙", 1), Bar("甲", 2)], "场")

    assert names(drawing) == ["乙：1场", "甲：2场"]


def test_a_long_name_takes_more_lines_and_keeps_its_full_text():
    name = "深入企业、行业协会和兄弟院校走访调研并征求用人单位对人才培养工作的意见和建议" * 2

    long, short = bars("形式", [Bar(name, 1)], "场"), bars("形式", [Bar("座谈会", 1)], "场")

    assert len(words(long)) == 3 + 1
    assert long.height == short.height + 40
    assert names(long) == [f"{name}：1场"]


def test_a_funnel_is_in_proportion_and_slopes_from_stage_to_stage():
    drawing = funnel(
        "从意见到成果",
        [
            Stage("意见", 200, "条"),
            Stage("建议", 50, "件", "占意见的25.0%"),
            Stage("成果", 0, "项"),
        ],
    )

    first, second, third = accent_widths(drawing)
    assert (second, third) == (first / 4, 0)
    assert len(shapes(drawing, Area)) == 2
    assert names(drawing) == ["意见200条", "建议50件，占意见的25.0%", "成果0项"]


def test_stacked_parts_add_up_to_the_whole_bar():
    drawing = stacked_bars(
        "决定", [Stack("全校", (90, 42, 0, 39))], ["采纳", "部分采纳", "不采纳", "已有规定"], "件"
    )

    parts = [box for box in shapes(drawing, Box) if box.paint in PARTS]
    assert [box.paint for box in parts] == [PARTS[0], PARTS[1], PARTS[3]]
    assert parts[-1].x + parts[-1].width == pytest.approx(100)
    assert "全校：171件，采纳90件、部分采纳42件、不采纳0件、已有规定39件" in names(drawing)


def test_a_part_without_room_for_its_figure_still_has_a_name():
    drawing = stacked_bars("决定", [Stack("全校", (999, 1))], ["采纳", "不采纳"], "件")

    assert "1" not in words(drawing)
    assert "不采纳1" in names(drawing)


def test_a_stack_of_nothing_is_an_empty_track():
    drawing = stacked_bars("决定", [Stack("图书馆", (0, 0))], ["采纳", "不采纳"], "件")

    assert [box for box in shapes(drawing, Box) if box.paint in PARTS] == []
    assert "0件" in words(drawing)


def test_more_parts_than_can_be_told_apart_are_refused():
    with pytest.raises(ValueError, match="6 parts cannot be told apart"):
        stacked_bars("决定", [], ["甲"] * 6, "件")


def test_blank_spots_of_a_heat_map_are_hatched_and_say_so():
    drawing = heat_map(
        "单位与主题",
        ["党建引领", "立德树人"],
        [HeatRow("图书馆", (Cell(0), Cell(3))), HeatRow("后勤", (Cell(0), Cell(0)))],
        "场",
    )

    blanks = [box for box in shapes(drawing, Box) if box.paint == BLANK]
    assert len(blanks) == 3
    assert words(drawing).count("空白") == 3 + 1  # and once in the key
    assert drawing.description == "2行2列，共4格，其中空白3格。"
    assert "党建引领：空白" in names(drawing)


def test_a_linked_cell_says_its_row_and_column():
    drawing = heat_map("图", ["党建引领"], [HeatRow("图书馆", (Cell(0, "/activities/new"),))], "场")

    svg = to_svg(drawing)
    assert '<a href="/activities/new"><title>图书馆，党建引领：空白</title>' in svg
    assert 'role="group"' in svg


def test_the_key_of_a_heat_map_covers_every_figure_once():
    cells = tuple(Cell(value) for value in range(1, 11))

    drawing = heat_map("图", [f"主题{n}" for n in range(10)], [HeatRow("图书馆", cells)], "场")

    assert words(drawing)[-5:] == ["空白", "1—2场", "3—5场", "6—7场", "8—10场"]


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1, max_size=30))
def test_every_figure_of_a_heat_map_finds_a_shade(values):
    rows = [HeatRow("图书馆", tuple(map(Cell, values)))]

    drawing = heat_map("图", ["主题"] * len(values), rows, "场")

    assert len(shapes(drawing, Stamp)) == len(values)


def test_a_trend_rises_upwards_and_stays_on_its_sheet():
    weeks = [date(2019, 9, 2) + timedelta(weeks=n) for n in range(3)]

    drawing = trend("每周意见", weeks, [Series("意见", (0, 10, 20))], "条")

    dots = shapes(drawing, Dot)
    assert [dot.x for dot in dots] == [14, 50, 86]
    assert dots[0].y > dots[1].y > dots[2].y >= 0
    assert drawing.description == "自9月2日当周起逐周，意见：0条、10条、20条。"


def test_one_week_stands_in_the_middle():
    drawing = trend("每周意见", [date(2019, 9, 2)], [Series("意见", (0,))], "条")

    assert [dot.x for dot in shapes(drawing, Dot)] == [50]


def test_an_unfinished_week_says_so():
    weeks = [date(2019, 9, 2), date(2019, 9, 9)]

    finished = trend("每周意见", weeks, [Series("意见", (1, 2))], "条")
    ongoing = trend("每周意见", weeks, [Series("意见", (1, 2))], "条", ongoing=True)

    assert "本周未完" not in words(finished)
    assert "本周未完" in words(ongoing)


def test_last_figures_of_close_lines_do_not_touch():
    weeks = [date(2019, 9, 2), date(2019, 9, 9)]

    drawing = trend("图", weeks, [Series("甲", (0, 20)), Series("乙", (0, 20))], "件")

    first, second = (shape.y for shape in shapes(drawing, Words) if shape.shift == 10)
    assert second - first >= 16


def test_names_of_weeks_are_thinned_out_but_the_last_one_stays():
    weeks = [date(2019, 9, 2) + timedelta(weeks=n) for n in range(17)]

    drawing = trend("图", weeks, [Series("意见", tuple(range(17)))], "条")

    named = [text for text in words(drawing) if text.endswith("日")]
    assert len(named) <= 4
    assert named[-1] == "12月23日"


@given(st.lists(st.integers(min_value=0, max_value=10**7), min_size=1, max_size=40))
def test_no_figure_leaves_the_sheet(values):
    weeks = [date(2019, 9, 2) + timedelta(weeks=n) for n in range(len(values))]

    drawing = trend("图", weeks, [Series("意见", tuple(values))], "条")

    assert all(0 <= dot.y <= drawing.height and 0 <= dot.x <= 100 for dot in shapes(drawing, Dot))


@pytest.mark.parametrize(
    ("today", "state", "filled"),
    [
        (date(2019, 8, 25), "8月26日开始", []),
        (date(2019, 8, 26), "今天8月26日，第1天", [1.0]),
        (date(2019, 9, 10), "今天9月10日，第16天", [32.3]),
        (date(2019, 9, 11), "今天9月11日，第1天", [32.9, 0.4]),
        (date(2019, 12, 31), "今天12月31日，第72天", [32.9, 32.9, 33.1]),
        (date(2020, 1, 1), "已结束", [32.9, 32.9, 33.3]),
    ],
)
def test_the_phase_line_is_filled_up_to_today(today, state, filled):
    drawing = phase_line("阶段", PHASES, today)

    assert accent_widths(drawing) == filled
    assert state in words(drawing)
    assert len(shapes(drawing, Dot)) == (1 if "今天" in state else 0)


def test_the_current_phase_is_set_in_bold():
    drawing = phase_line("阶段", PHASES, date(2019, 9, 27))

    bold = [shape.text for shape in shapes(drawing, Words) if shape.bold]
    assert bold == ["学习讨论阶段", "今天9月27日，第17天"]


@pytest.mark.parametrize(
    "drawing",
    [
        funnel("图", []),
        bars("图", [], "场"),
        stacked_bars("图", [], ["采纳"], "件"),
        heat_map("图", [], [], "场"),
        trend("图", [], [], "条"),
        phase_line("图", [], date(2019, 9, 27)),
    ],
)
def test_nothing_to_draw_says_so(drawing):
    assert words(drawing) == ["暂无数据"]


# --- Text -------------------------------------------------------------------------------


def test_chinese_characters_are_as_wide_as_high():
    assert text_width("学习") == 28
    assert text_width("12") < 28


@pytest.mark.parametrize(
    ("text", "width", "lines", "wrapped"),
    [
        ("图书馆", 140, 2, ("图书馆",)),
        ("包装印刷工程学院党总支", 140, 2, ("包装印刷工程学院", "党总支")),
        ("党建引领", 44, 4, ("党建", "引领")),
        ("9月中旬—10月中旬", 100, 2, ("9月中旬—", "10月中旬")),
        ("生物与环境工程学院（中新学院）", 140, 1, ("生物与环境工程学院…",)),
        ("", 140, 2, ()),
    ],
)
def test_names_are_broken_by_sense(text, width, lines, wrapped):
    assert wrap(text, width, lines) == wrapped


@given(st.text(), st.integers(min_value=30, max_value=300), st.integers(min_value=1, max_value=4))
def test_wrapped_text_keeps_to_its_lines_and_its_width(text, width, lines):
    wrapped = wrap(text, width, lines)

    assert len(wrapped) <= lines
    assert all(text_width(line) <= width for line in wrapped)


# --- Writing ----------------------------------------------------------------------------


def test_what_people_wrote_stays_text():
    evil = '"><script>alert(1)</script>\x00\u202e&'

    svg = to_svg(bars(evil, [Bar(evil, 1)], "场"))

    root = fromstring(svg)
    assert "script" not in {element.tag.removeprefix(SVG) for element in root.iter()}
    assert root.findtext(f"{SVG}title") == '"><script>alert(1)</script>&'


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "//elsewhere.example", "https://elsewhere.example", "/\\x", " /"],
)
def test_a_chart_never_links_out_of_the_portal(href):
    with pytest.raises(ValueError, match="links only within the portal"):
        to_svg(bars("图", [Bar("座谈会", 1, href)], "场"))


def test_a_link_keeps_its_query():
    svg = to_svg(bars("图", [Bar("座谈会", 1, "/activities/?kind=forum&theme=1")], "场"))

    assert 'href="/activities/?kind=forum&amp;theme=1"' in svg


def test_a_chart_tells_its_content_to_those_who_cannot_see_it():
    root = fromstring(to_svg(bars("活动形式", [Bar("座谈会", 32)], "场")))

    identities = [root[0].get("id"), root[1].get("id")]
    assert root.get("role") == "img"
    assert str(root.get("aria-labelledby")).split() == identities
    assert root.findtext(f"{SVG}title") == "活动形式"
    assert root.findtext(f"{SVG}desc") == "座谈会32场。"


def test_a_fluid_chart_has_no_fixed_width_and_a_printed_one_no_per_cent():
    drawing = funnel("图", [Stage("意见", 4, "条"), Stage("建议", 1, "件")])

    fluid, printed = to_svg(drawing), to_svg(drawing, width=590)

    assert 'width="100%"' in fluid
    assert "viewBox" not in fluid.split(">")[0]
    assert 'viewBox="0 0 590' in printed
    assert "%" not in printed.replace("占", "")


def test_the_same_numbers_give_the_same_bytes_and_others_another_identity():
    one, same, other = (to_svg(bars("图", [Bar("座谈会", value)], "场")) for value in (1, 1, 2))

    assert one == same
    assert one.split("aria-labelledby")[1][:20] != other.split("aria-labelledby")[1][:20]


def test_nothing_in_a_chart_needs_a_style_sheet_or_a_script():
    svg = to_svg(phase_line("阶段", PHASES, date(2019, 9, 27)))

    assert "style" not in svg
    assert 'font-family="' in svg


def test_a_map_of_twenty_four_units_and_ten_themes_stays_light():
    rows = [
        HeatRow(
            f"第{n}党总支",
            tuple(Cell(n % 4, f"/activities/?unit={n}&theme={t}") for t in range(10)),
        )
        for n in range(24)
    ]

    svg = to_svg(heat_map("单位与主题", [f"主题{t}" for t in range(10)], rows, "场"))

    assert len(svg.encode()) < 42_000


def test_the_template_tag_writes_the_drawing():
    drawing = Drawing("标题<", "说明", 10, ())

    page = Template("{% load charts %}{% chart drawing 590 %}").render(
        Context({"drawing": drawing})
    )

    assert page == to_svg(drawing, 590)
