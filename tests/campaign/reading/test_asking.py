"""Quotas and deadlines become demands a unit can meet."""

from datetime import date

import pytest

from campaign.reading.assembly import propose_campaign
from campaign.reading.definition import as_definition

FRAME = "关于开展大讨论活动的通知\n各单位：\n一、要求\n{}\n某某学院\n2022年2月20日"


def asked(words):
    return as_definition(propose_campaign(FRAME.format(words))).get("demands", [])


def test_a_number_a_length_and_a_day_of_one_thing_are_one_demand():
    rows = asked("各学院于3月15日前报送研讨报告1份（不超过3000字）。")

    assert rows == [
        {
            "kind": "outcome_paper",
            "unit_kinds": ["department"],
            "text": "各学院于3月15日前报送研讨报告1份（不超过3000字）",
            "title": "各学院于3月15日前报送研讨报告1份（不超过3000字）",
            "measure_word": "份",
            "min": 1,
            "max": 1,
            "words_max": 3000,
            "due_on": date(2022, 3, 15),
            "due_text": "3月15日前",
        }
    ]


def test_a_day_that_only_says_where_to_is_that_of_the_papers_before_it():
    rows = asked("各党总支提交典型案例2个，于3月15日前报党委办公室。")

    assert [(row["min"], row["due_on"]) for row in rows] == [(2, date(2022, 3, 15))]


def test_a_length_named_before_the_day_is_that_of_the_report():
    (row,) = asked("各单位撰写总结报告（3000字以内），7月5日前报送大讨论办公室。")

    assert (row["kind"], row["words_max"], row["due_on"]) == ("report", 3000, date(2022, 7, 5))


def test_about_so_many_words_leaves_a_fifth_either_way():
    (row,) = asked("各学院报送研讨报告1份，3000字左右。")

    assert (row["words_min"], row["words_max"]) == (2400, 3600)


def test_each_of_several_days_is_a_demand_with_its_own_words():
    rows = asked("各党总支3月15日前将计划、5月20日前将总结报党委办公室。")

    assert [(row["due_on"], row["due_text"]) for row in rows] == [
        (date(2022, 3, 15), "3月15日前"),
        (date(2022, 5, 20), "5月20日前"),
    ]


@pytest.mark.parametrize("words", ["3月10日前召开全校动员大会。", "评审结果于4月底前公布。"])
def test_a_day_that_no_unit_is_told_of_asks_nobody(words):
    assert asked(words) == []


@pytest.mark.parametrize(
    "words", ["每名党员撰写心得体会1篇。", "各支部参训率不低于95%。", "各学院典型案例不超过3个。"]
)
def test_what_no_unit_can_be_counted_for_is_told_but_owed_by_none(words):
    (row,) = asked(words)

    assert (row["unit_kinds"], "min" in row and bool(row["unit_kinds"])) == ([], False)
    assert row["text"]


def test_a_bare_number_is_called_by_the_heading_of_its_line():
    rows = asked("1.专题研讨。每个党总支不少于4次，每个党支部不少于2次。")

    assert [(row["title"], row["min"]) for row in rows] == [
        ("专题研讨：每个党总支不少于4次", 4),
        ("专题研讨：每个党支部不少于2次", 2),
    ]
