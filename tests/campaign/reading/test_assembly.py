import time
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import campaign
from campaign.reading.assembly import propose_campaign
from campaign.reading.definition import as_definition, as_json, to_toml

SHIPPED = Path(campaign.__file__).parent / "data" / "jinzhi-2019-68.toml"


def test_the_issued_plan_is_read_exactly_as_the_shipped_definition(issued_text):
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))

    assert as_definition(propose_campaign(issued_text)) == shipped


def test_a_definition_survives_being_written_as_toml(issued_text):
    definition = as_definition(propose_campaign(issued_text))

    assert tomllib.loads(to_toml(definition)) == definition


def test_nothing_of_the_issued_plan_is_left_over(issued_text):
    printed = as_json(propose_campaign(issued_text))

    assert (printed["quotas"], printed["deadlines"], printed["not_understood"]) == ([], [], [])


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2019, 8, 24), None),
        (date(2019, 8, 25), 1),
        (date(2019, 9, 10), 1),
        (date(2019, 9, 11), 2),
        (date(2019, 10, 20), 2),
        (date(2019, 10, 21), 3),
        (date(2019, 12, 31), 3),
        (date(2020, 1, 1), None),
    ],
)
def test_each_boundary_day_of_the_issued_plan_falls_into_its_phase(issued_text, day, phase):
    phases = [item.value for item in propose_campaign(issued_text).phases]

    within = [n for n, p in enumerate(phases, 1) if p.starts_on <= day <= p.ends_on]

    assert within == ([phase] if phase else [])


def test_month_end_can_be_set_to_begin_later(issued_text):
    proposal = propose_campaign(issued_text, month_end_first_day=30)

    assert proposal.phases[0].value.starts_on == date(2019, 8, 30)


def test_every_finding_stands_where_it_says(issued_text):
    proposal = propose_campaign(issued_text)

    for item in (*proposal.themes, *proposal.study_documents, *proposal.linked_works):
        assert proposal.text[item.start : item.end] == item.value
        assert proposal.text[item.source.start : item.source.end] == item.source.sentence


ODD_WORDS = """
一、 （一） 1. 第一阶段 （3月1日— 3月 20日 《 》 “ ” （ ） 各党总支 不少于 5条 责任单位： 。 ， ：
附件 以 为主题 围绕 年 月底 即日起至 组长： 每月25日前 会后 𠮷
"""
#: A pattern that backtracks would take minutes; a slow machine needs a few seconds.
SECONDS_NO_HONEST_PLAN_NEEDS = 30

ODD_PIECES = [*ODD_WORDS.split(), "\n", "\t", " ", "\x00", "\ud800", "\u202e"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(ODD_PIECES), st.text(max_size=6)), max_size=60))
def test_no_text_makes_the_reader_fail(pieces):
    printed = as_json(propose_campaign("".join(pieces)))

    assert list(printed) == [
        "title",
        "doc_number",
        "issuer",
        "year",
        "phases",
        "themes",
        "study_documents",
        "quotas",
        "deadlines",
        "not_understood",
    ]


@pytest.mark.parametrize("piece", ["a", "学", "3 ", "\n", "issued"])
def test_a_megabyte_is_read_in_two_seconds(issued_text, piece):
    piece = issued_text if piece == "issued" else piece
    text = piece * (1_000_000 // len(piece.encode()))

    began = time.process_time()
    propose_campaign(text)

    assert time.process_time() - began < SECONDS_NO_HONEST_PLAN_NEEDS


TIRING = """
（ ） 《 “ 3月 3月1日— 一、 1. （一） 各党总支 各、 不少于5条，
围绕“学习”、 责任单位： 第一阶段 每月 一是二是 由 结合 成立
由甲为组长， 2个国家级 各单位要认真学习并于3月1日前报送不少于5篇。
"""


@pytest.mark.parametrize("piece", [*TIRING.split(), "附件\n", "\t", "1.\n"])
def test_no_repeated_pattern_makes_the_reader_slow(piece):
    text = piece * (100_000 // len(piece.encode()))

    began = time.process_time()
    propose_campaign(text)

    assert time.process_time() - began < SECONDS_NO_HONEST_PLAN_NEEDS
