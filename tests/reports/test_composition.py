import re

import pytest

from reports.assembly import assemble_progress
from reports.composition import compose_progress
from reports.titles import break_by_sense
from tests.factories import CampaignFactory
from tests.reports.world import NOW, school_world

pytestmark = pytest.mark.django_db


def paper_of(world, **scope):
    return compose_progress(assemble_progress(world.campaign, now=NOW, **scope))


def text_of(paper):
    return "\n".join(text for section in paper.sections for text in section.paragraphs)


def test_the_headings_are_those_of_the_field():
    headings = [section.heading for section in paper_of(school_world()).sections]

    assert headings == ["总体进展", "主要做法和特点", "取得成效", "存在问题", "下一步安排"]


def test_the_opening_sentence_says_every_figure_with_its_measure_word_and_denominator():
    opening = paper_of(school_world()).sections[0].paragraphs[1]

    assert opening == (
        "截至2019年10月15日，全校3个单位中有2个开展了活动，共开展各类活动6场，"
        "参与138人次；征集意见建议6条，列入问题清单1项，形成对策建议11件，已答复5件，"
        "采纳2件（占已答复的40.0%），修订条款2处。"
    )


def test_no_sentence_is_without_a_figure_of_time_where_it_compares():
    assert "与10月8日相比，新增活动2场" in text_of(paper_of(school_world()))


def test_verdicts_waiting_and_merged_are_said_to_add_up():
    achieved = paper_of(school_world()).sections[2].paragraphs[0]

    assert achieved == (
        "11件对策建议中，已答复5件，其中采纳2件、部分采纳1件、不采纳1件、已有规定1件；"
        "并案办理1件、退回完善1件、尚待答复4件。"
    )


def test_units_without_anything_are_named_under_problems():
    problems = paper_of(school_world()).sections[3].paragraphs

    assert problems[0] == "尚未开展活动的单位有1个：图书馆。"


def test_the_last_row_of_every_table_with_a_total_is_the_sum_of_the_others():
    for table in paper_of(school_world()).tables:
        for column, total in enumerate(table.total):
            if isinstance(total, int) and table.columns[column].title != "在册":
                cells = [row[column] for row in table.rows]
                assert sum(cell for cell in cells if isinstance(cell, int)) == total


def test_column_widths_never_exceed_the_page():
    for table in paper_of(school_world()).tables:
        assert sum(column.share for column in table.columns) <= 100


def test_every_row_of_a_table_has_a_cell_for_each_column():
    for table in paper_of(school_world()).tables:
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_nothing_ranks_units():
    paper = paper_of(school_world())
    names = [
        row[1] for table in paper.tables if table.title == "各单位开展情况" for row in table.rows
    ]

    assert names == ["校级", "机电工程学院", "教务处", "图书馆"]
    assert not re.search(r"排名|名次|第[一二三]名|得分|积分", text_of(paper))


def test_a_unit_report_carries_the_name_of_the_unit():
    world = school_world()

    assert paper_of(world, unit=world.committee).title[0] == "机电工程学院党委"


def test_a_campaign_without_records_still_makes_a_paper():
    paper = compose_progress(assemble_progress(CampaignFactory(), now=NOW))

    assert [len(section.paragraphs) > 0 for section in paper.sections] == [True] * 5
    assert paper.tables == ()


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("短题目", ("短题目",)),
        (
            "天津职业大学关于开展“双高计划”建设大学习、大讨论、大推动工作的实施方案",
            ("天津职业大学关于开展“双高计划”建设", "大学习、大讨论、大推动工作的实施方案"),
        ),
        (
            "“双高计划”建设大学习、大讨论、大推动工作",
            ("“双高计划”建设", "大学习、大讨论、大推动工作"),
        ),
    ],
)
def test_a_long_title_is_broken_by_sense(title, lines):
    assert break_by_sense(title, 20) == lines


def test_no_line_of_a_title_is_too_long_or_starts_with_a_mark():
    lines = break_by_sense("关于" + "、".join(["专业群建设"] * 15) + "的进展", 20)

    assert max(map(len, lines)) <= 20
    assert not any(line[0] in "、，”》）" for line in lines)
