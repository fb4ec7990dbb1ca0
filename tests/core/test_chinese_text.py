from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.chinese_text import (
    chinese_date,
    chinese_moment,
    chinese_numeral,
    clean_line,
    clean_text,
    counted,
    date_range,
    excerpt,
    fold_for_search,
    joined,
    month_day,
    name_key,
    ordinal,
    pinyin_key,
    share,
    share_of,
    time_range,
    weekday,
)
from core.local_time import SHANGHAI, local_day

anything = st.text(alphabet=st.characters())


# --- Cleaning ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("第一行\r\n第二行\r第三行\u2028第四行", "第一行\n第二行\n第三行\n第四行"),
        ("甲\x00乙\x07丙\x9f", "甲乙丙"),
        ("通过\u202e案方\u202c", "通过案方"),
        ("\ufeff  学\u200b习  ", "学习"),
        ("好\ud842坏", "好坏"),
        ("\ud842\udfb7田", "𠮷田"),
        ("表头\t一格", "表头\t一格"),
        ("cafe\u0301", "café"),
        ("a" + "\u0301" * 1000, "á" + "\u0301" * 7),
        ("👨\u200d👩\u200d👧 葛\U000e0100", "👨\u200d👩\u200d👧 葛\U000e0100"),
    ],
)
def test_cleaning_keeps_what_was_meant_and_drops_what_was_not(typed, kept):
    assert clean_text(typed) == kept


@given(anything)
def test_clean_text_can_be_stored_anywhere_and_cleaning_twice_changes_nothing(text):
    cleaned = clean_text(text)

    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert clean_text(cleaned) == cleaned


def test_a_name_stays_on_one_line():
    assert clean_line(" 眼视光\n 工程\t学院 ") == "眼视光 工程 学院"


# --- Searching --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("“１＋Ｘ”证书，试点：", "“1+x”证书，试点："),
        ("实训室\u3000８０㎡", "实训室 80m2"),
        ("……怎么办？", "……怎么办？"),
    ],
)
def test_search_folds_width_and_case_but_not_chinese_punctuation(written, searched):
    assert fold_for_search(written) == searched


@given(anything)
def test_folding_twice_changes_nothing(text):
    folded = fold_for_search(text)

    assert fold_for_search(folded) == folded


# --- Numbers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "measure", "written"),
    [
        (0, "条", "0条"),
        (312, "场", "312场"),
        (8645, "人次", "8,645人次"),
        (1204000, "", "1,204,000"),
    ],
)
def test_figures_are_written_out_with_their_measure_word(value, measure, written):
    assert counted(value, measure) == written


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (132, 171, "77.2%"),
        (1, 8, "12.5%"),
        (1, 16, "6.3%"),  # 6.25 is rounded half up
        (1, 2, "50.0%"),
        (171, 171, "100%"),
        (0, 171, "0%"),
        (0, 0, "—"),
        (9_999, 10_000, "99.9%"),
        (1, 10_000, "0.1%"),
    ],
)
def test_a_share_is_honest_at_both_ends(part, whole, written):
    assert share(part, whole) == written


def test_more_than_the_whole_is_refused_rather_than_printed():
    with pytest.raises(ValueError, match="172 is not a part of 171"):
        share(172, 171)


def test_a_share_names_its_denominator():
    assert share_of(132, 171, "已答复") == "占已答复的77.2%"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (1010, "一千零一十"),
        (9999, "九千九百九十九"),
    ],
)
def test_chinese_numerals_are_written_as_read(value, written):
    assert chinese_numeral(value) == written


@pytest.mark.parametrize("value", [0, -1, 10_000])
def test_a_numeral_out_of_reach_is_refused(value):
    with pytest.raises(ValueError, match="is not between"):
        chinese_numeral(value)


def test_headings_are_numbered_as_in_official_documents():
    assert [ordinal(3, level) for level in (1, 2, 3, 4)] == ["三、", "（三）", "3.", "（3）"]
    with pytest.raises(ValueError, match="level 5"):
        ordinal(3, level=5)


# --- Dates and times --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2019, 9, 16), date(2019, 9, 16), "2019年9月16日"),
        (date(2019, 9, 16), date(2019, 9, 20), "2019年9月16日—20日"),
        (date(2019, 9, 11), date(2019, 10, 20), "2019年9月11日—10月20日"),
        (date(2019, 12, 31), date(2020, 1, 1), "2019年12月31日—2020年1月1日"),
    ],
)
def test_a_range_repeats_only_what_changes(first, last, written):
    assert date_range(first, last) == written


def test_a_range_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="2019-09-15 is before 2019-09-16"):
        date_range(date(2019, 9, 16), date(2019, 9, 15))


def test_moments_are_dated_by_the_clock_on_campus():
    just_after_midnight = datetime(2019, 9, 15, 16, 5, tzinfo=UTC)

    assert local_day(just_after_midnight) == date(2019, 9, 16)
    assert chinese_date(just_after_midnight) == "2019年9月16日"
    assert month_day(just_after_midnight) == "9月16日"
    assert weekday(just_after_midnight) == "周一"
    assert chinese_moment(just_after_midnight) == "2019年9月16日00:05"


def test_a_moment_without_a_zone_is_refused_rather_than_guessed():
    with pytest.raises(ValueError, match="has no time zone"):
        chinese_moment(datetime(2019, 9, 16, 14, 0))


def test_times_of_one_day_and_across_midnight():
    start = datetime(2019, 9, 16, 14, 0, tzinfo=SHANGHAI)

    assert time_range(start, start.replace(hour=16)) == "14:00—16:00"
    assert time_range(start, start.replace(day=17, hour=1)) == "14:00—9月17日01:00"
    with pytest.raises(ValueError, match="is before"):
        time_range(start, start.replace(hour=13))


# --- Lists and excerpts -----------------------------------------------------------------


def test_lists_name_everyone_or_the_total():
    departments = ["教工部", "教务处", "组织部", "宣传部"]

    assert joined([]) == ""
    assert joined(departments) == "教工部、教务处、组织部、宣传部"
    assert joined(departments, most=4) == "教工部、教务处、组织部、宣传部"
    assert joined(departments, most=2, measure="个部门") == "教工部、教务处等4个部门"


@pytest.mark.parametrize(
    ("text", "length", "cut"),
    [
        ("座谈会", 3, "座谈会"),
        ("座谈会\n 纪要", 4, "座谈会…"),
        ("学习《方案》全文", 3, "学习…"),
        ("cafe\u0301s", 4, "caf…"),
        ("葛\U000e0100飾区", 1, "…"),
        ("甲👨\u200d👩\u200d👧乙", 3, "甲…"),
    ],
)
def test_an_excerpt_never_cuts_a_character_in_two(text, length, cut):
    assert excerpt(text, length) == cut


@given(anything, st.integers(min_value=1, max_value=20))
def test_an_excerpt_is_at_most_its_length_and_an_ellipsis(text, length):
    assert len(excerpt(text, length)) <= length + 1


# --- Sorting ----------------------------------------------------------------------------


def test_people_are_sorted_by_the_reading_of_their_surname():
    names = ["仇英", "区寄", "查理", "朴树", "覃华", "盖伦", "翟明", "解放", "单立", "曾经", "安然"]

    ordered = sorted(names, key=name_key)

    assert ordered == [
        "安然", "盖伦", "区寄", "朴树", "覃华", "仇英", "单立", "解放", "曾经", "查理", "翟明",
    ]  # fmt: skip


def test_a_surname_reading_does_not_leak_into_words():
    assert name_key("曾任").startswith("zeng1曾")
    assert pinyin_key("曾任").startswith("ceng2曾")
    assert name_key("单于明").startswith("chan2单 yu2于")


def test_the_same_character_stands_together_and_short_before_long():
    assert sorted(["章三", "张四五", "张四", "章"], key=name_key) == [
        "张四",
        "张四五",
        "章",
        "章三",
    ]


def test_words_are_read_as_words():
    assert sorted(["重要部门", "长春学院", "重庆学院"], key=pinyin_key) == [
        "长春学院", "重庆学院", "重要部门",
    ]  # fmt: skip


@given(anything)
def test_anything_has_a_sort_key(text):
    assert isinstance(name_key(text), str)
