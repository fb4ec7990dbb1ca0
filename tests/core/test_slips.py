from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.slips import Advice, Draft, advice_on

AUTUMN = {"first_day": date(2019, 8, 26), "last_day": date(2019, 12, 31)}
UNITS = {
    "own_names": frozenset({"汽车工程学院", "汽车工程学院第一党支部", "教务处"}),
    "other_names": frozenset({"眼视光工程学院", "图书馆", "第一党支部", "工会", "教务处"}),
}


def advice(text, **facts):
    return advice_on(Draft(texts={"content": text}, **facts))


def found(text, **facts):
    return [one.what for one in advice(text, **facts)]


# --- Names ------------------------------------------------------------------------------


def test_another_units_name_is_pointed_out_with_its_place():
    text = "本周眼视光工程学院全体教师参加学习。"

    assert advice(text, **UNITS) == [
        Advice(
            "content",
            "眼视光工程学院",
            "文中出现“眼视光工程学院”，不是本单位。如系走访或联合开展，可以不改。",
            2,
            9,
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "汽车工程学院全体教师参加学习。",
        "汽车工程学院第一党支部召开会议。",  # contains another unit's short name
        "教务处派员参加。",  # is also one of ours: it took part
        "工会组织了观影。",  # too short to be sure
        "",
    ],
)
def test_our_own_names_and_words_too_short_to_be_sure_are_no_slip(text):
    assert advice(text, **UNITS) == []


def test_a_name_is_pointed_out_once():
    assert found("图书馆领导到会，图书馆馆员发言。", **UNITS) == ["图书馆"]


def test_without_other_units_there_is_nothing_to_point_out():
    assert advice("图书馆全体馆员参加。") == []


# --- Dates ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "会议于2019年8月26日召开。",
        "会议于12月31日召开。",
        "会议于2019-10-08召开。",
        "学习《国家职业教育改革实施方案》（2019年1月24日国务院印发）。",
        "学习《关于2018年5月4日讲话的通知》。",
        "满意率为9.16，版本2019.1。",
    ],
)
def test_days_inside_the_campaign_and_days_of_documents_are_no_slip(text):
    assert advice(text, **AUTUMN) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("会议于2018年9月16日召开。", "2018年9月16日"),
        ("会议于8月25日召开。", "8月25日"),
        ("会议于2020-01-01召开。", "2020-01-01"),
        ("会议于2019 年 5 月 4 日召开。", "2019 年 5 月 4 日"),
        ("会议于２０１８年９月１６日召开。", "２０１８年９月１６日"),
    ],
)
def test_days_outside_the_campaign_are_pointed_out(text, what):
    [one] = advice(text, **AUTUMN)

    assert one.what == what == text[one.start : one.end]
    assert one.why == (
        f"“{what}”不在活动期间（2019年8月26日—12月31日）内。如系引用以往的事，可以不改。"
    )


def test_over_the_turn_of_the_year_a_day_without_a_year_may_be_in_either():
    winter = {"first_day": date(2019, 12, 1), "last_day": date(2020, 1, 31)}

    assert found("会议于1月8日、12月8日召开，11月8日没有。", **winter) == ["11月8日"]


def test_a_day_that_does_not_exist_is_pointed_out():
    assert [one.why for one in advice("会议于9月31日召开。", **AUTUMN)] == [
        "“9月31日”不是存在的日期。"
    ]


def test_a_text_that_opens_with_another_day_than_the_activity_is_pointed_out():
    facts = {**AUTUMN, "held_on": date(2019, 9, 16)}

    assert advice("9月16日下午，我支部召开会议。", **facts) == []
    assert [one.why for one in advice("9月9日下午，我支部召开会议。", **facts)] == [
        "开头写的是“9月9日”，活动日期填的是2019年9月16日。请核对是哪一天。"
    ]


def test_a_later_day_in_the_text_may_be_a_plan():
    facts = {**AUTUMN, "held_on": date(2019, 9, 16)}

    assert advice("会议商定由教研室排出轮岗表，于10月15日前报党总支。", **facts) == []


def test_without_a_campaign_no_day_is_wrong():
    assert advice("会议于1999年1月1日召开。") == []


# --- Placeholders -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("XX学院召开会议。", "XX学院"),
        ("××同志主持会议。", "××同志"),
        ("会议由***主持。", "***主持"),
        ("○○党支部召开会议。", "○○党支"),
        ("某某同志发言。", "某某同志"),
        ("会议主题：【】。", "【】"),
        ("主持人：（  ）", "（  ）"),
        ("记录人：____", "____"),
        ("【此处填写主要内容】", "【此处填写主要内容】"),
        ("发言情况待补充。", "待补充"),
    ],
)
def test_what_a_template_left_open_is_pointed_out(text, what):
    assert found(text) == [what]


@pytest.mark.parametrize(
    "text",
    [
        "购买XXL码工作服。",
        "见https://xxgk.example.cn/。",
        "推进1+X证书试点。",
        "4×100米接力。",
        "【专题】双师队伍建设（第2期）",
    ],
)
def test_letters_and_signs_with_a_meaning_are_no_placeholder(text):
    assert advice(text) == []


def test_a_campaigns_own_placeholders_are_found_too():
    assert found("举办专题学习（主题自拟）。", placeholders=("主题自拟",)) == ["主题自拟"]


# --- Figures and photos -----------------------------------------------------------------


def test_more_present_than_expected_is_pointed_out():
    assert advice("", expected=28, present=28) == []
    assert advice("", expected=28, present=32) == [
        Advice("present", "32", "实到（32）比应到（28）多。列席人员请填在“列席”里。")
    ]


def test_more_expected_than_the_unit_has_is_pointed_out():
    assert advice("", expected=45, headcount=45) == []
    assert [one.why for one in advice("", expected=46, headcount=45)] == [
        "应到（46）比本单位人数（45）多。外单位人员请填在“列席”里。"
    ]


def test_figures_not_filled_in_are_not_judged():
    assert advice("", present=32) == []
    assert advice("", expected=28, headcount=None) == []
    assert advice("", expected=0, present=0, headcount=0) == []


def test_the_same_photo_in_two_records_is_pointed_out():
    assert advice("", photos_used=(("现场.jpg", "九月主题党日"),)) == [
        Advice(
            "photos",
            "现场.jpg",
            "照片“现场.jpg”与《九月主题党日》里的一张完全相同。请核对是否选错。",
        )
    ]


# --- All together -----------------------------------------------------------------------


def test_advice_comes_field_by_field_and_from_front_to_back():
    draft = Draft(
        texts={"title": "XX学院座谈会", "content": "8月1日，图书馆××同志参加。"},
        expected=1,
        present=2,
        **AUTUMN,
        **UNITS,
    )

    assert [(one.field, one.what) for one in advice_on(draft)] == [
        ("title", "XX学院"),
        ("content", "8月1日"),
        ("content", "图书馆"),
        ("content", "××同志"),
        ("present", "2"),
    ]


@given(st.text())
def test_every_place_is_where_it_says(text):
    for one in advice(text, **AUTUMN, **UNITS):
        assert text[one.start : one.end] == one.what


def test_a_long_text_is_checked_quickly_enough_to_wait_for():
    text = "会议于9月16日召开，" * 5_000 + "（" * 10_000 + "X" * 10_000

    assert found(text, **AUTUMN, **UNITS) == ["X" * 10_000]
