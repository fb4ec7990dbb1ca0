"""Each kind of report on the same school: what it says, on the page and in every format alike."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook

from proposals.choices import PackageStatus
from proposals.models import SubmissionPackage
from reports.choices import ReportKind
from reports.dossier import Dossier, Wish
from reports.facts import content_hash, from_plain, to_plain
from reports.kinds import CHOOSABLE, KINDS
from reports.paper import cell_text
from reports.production import assemble, compose
from reports.rendering import to_html
from reports.word_file import render_docx
from reports.workbook import render_xlsx
from tests.factories import MembershipFactory, UnitFactory, UserFactory, at
from tests.reports.world import AS_OF, NOW, school_world
from units.choices import Position, UnitKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return school_world()


def wish_of(world, kind):
    needed = {
        "unit": world.committee,
        "theme": world.themes[0],
        "phase": world.campaign.phases.all()[1],
    }
    return Wish(
        kind,
        world.campaign,
        as_of=AS_OF,
        **{name: value for name, value in needed.items() if name in KINDS[kind].needs},
    )


def paper_of(world, kind):
    return compose(kind, assemble(wish_of(world, kind), NOW))


def text_of(paper):
    return "\n".join(text for section in paper.sections for _, text in section.lines)


def table_of(paper, title):
    return next(table for table in paper.tables if table.title == title)


@pytest.mark.parametrize("kind", CHOOSABLE)
def test_word_file_workbook_and_paper_say_the_same(world, kind):
    paper = paper_of(world, kind)
    book = load_workbook(BytesIO(render_xlsx(paper)))
    document = Document(BytesIO(render_docx(paper)))
    html = re.sub(r"<[^>]*>|\s", "", to_html(paper))

    lines = [text for section in paper.sections for _, text in section.lines]
    assert set(lines) <= {row[0] for row in book["正文"].iter_rows(values_only=True)}
    assert set(lines) <= {line.text for line in document.paragraphs}
    assert all(re.sub(r"\s|[<>&]", "", line) in html for line in lines)
    for table, grid in zip(paper.tables, document.tables, strict=True):
        rows = [*table.rows, *([table.total] if table.total else [])]
        assert [[cell.text for cell in row.cells] for row in grid.rows[1:]] == [
            [cell_text(cell) for cell in row] for row in rows
        ]
        sheet = list(book[table.title].iter_rows(min_row=2, values_only=True))
        numbers = [[cell for cell in row if isinstance(cell, int)] for row in rows]
        assert [[cell for cell in row if isinstance(cell, int)] for row in sheet[: len(rows)]] == (
            numbers
        )


@pytest.mark.parametrize("kind", CHOOSABLE)
def test_the_facts_of_every_kind_survive_being_kept(world, kind):
    facts = assemble(wish_of(world, kind), NOW)

    assert from_plain(KINDS[kind].facts, to_plain(facts)) == facts
    later = assemble(wish_of(world, kind), NOW.replace(hour=18))
    assert content_hash(later) == content_hash(facts)


@pytest.mark.parametrize("kind", CHOOSABLE)
def test_no_kind_ranks_or_scores(world, kind):
    paper = paper_of(world, kind)
    heads = [column.title for table in paper.tables for column in table.columns]

    assert not re.search(r"名次|得分|积分|排行", text_of(paper) + "".join(heads))


def test_a_phase_summary_counts_what_the_phase_brought(world):
    first = world.campaign.phases.all()[0]
    facts = assemble(Wish(ReportKind.PHASE_SUMMARY, world.campaign, phase=first), NOW).progress
    second = assemble(wish_of(world, ReportKind.PHASE_SUMMARY), NOW).progress
    whole = assemble(wish_of(world, ReportKind.PROGRESS), NOW).progress

    assert (facts.since, facts.as_of) == (first.starts_on, first.ends_on)
    assert facts.figures.activities.now == 1
    for name in ("activities", "attendances", "opinions", "problems", "proposals"):
        both = getattr(facts.figures, name).now + getattr(second.figures, name).now
        assert both == getattr(whole.figures, name).now


def test_a_phase_summary_names_its_period(world):
    paper = paper_of(world, ReportKind.PHASE_SUMMARY)

    assert paper.title[-1] == "学习讨论阶段总结报告"
    assert paper.subtitle == "数据期间2019年9月11日—10月15日"
    assert text_of(paper).startswith("2019年9月11日—10月15日，全校")


def test_a_unit_report_lists_the_records_behind_its_figures(world):
    paper = paper_of(world, ReportKind.UNIT_REPORT)

    held = [row[1] for row in table_of(paper, "活动台账").rows]
    assert held == [date(2019, 9, 16), date(2019, 10, 12)]
    assert len(table_of(paper, "对策建议一览").rows) == 11
    assert len(table_of(paper, "条款修订对照表").rows) == 2
    assert [row[1] for row in table_of(paper, "问题清单").rows] == ["实训室晚间不开放"]


def test_an_evidence_pack_lists_what_was_adopted_and_realised(world):
    paper = paper_of(world, ReportKind.EVIDENCE_PACK)

    verdicts = [row[5] for row in table_of(paper, "采纳和部分采纳的对策建议").rows]
    assert sorted(verdicts) == ["部分采纳", "采纳", "采纳"]
    assert [row[-1] for row in table_of(paper, "成果一览").rows] == ["制度", "制度"]
    assert paper.sections[0].heading == "建议采纳和条款修订"
    assert "活动台账" not in {table.title for table in paper.tables}


def test_a_digest_tells_how_every_opinion_ended_and_who_has_sent(world):
    SubmissionPackage.objects.create(
        campaign=world.campaign,
        unit=world.committee,
        status=PackageStatus.RECEIVED,
        created_by=UserFactory(),
        created_at=at(9, on=date(2019, 10, 9)),
        sent_at=at(9, on=date(2019, 10, 10)),
        received_at=at(9, on=date(2019, 10, 11)),
        receipt_number="QS00001",
    )
    paper = paper_of(world, ReportKind.SUBMISSION_DIGEST)

    assert "已有1个单位报送汇总材料，其中签收1份（占已报送的100%）。" in text_of(paper)
    results = table_of(paper, "意见建议处理情况")
    assert results.total == ("合计", sum(row[1] for row in results.rows))
    assert len(table_of(paper, "征求意见汇总表").rows) == 6


def test_an_activity_book_tells_each_activity_in_the_order_of_days(world):
    paper = paper_of(world, ReportKind.ACTIVITY_BOOK)
    headings = [text for is_heading, text in paper.sections[1].lines if is_heading]

    assert headings[0].startswith("（一）")
    assert len(headings) == 2
    assert "时间：2019年9月16日；地点：第一会议室。" in text_of(paper)
    assert "应到30人，实到21人" in text_of(paper)


def test_an_activity_book_of_a_period_leaves_out_what_lies_outside_it(world):
    wish = Wish(
        ReportKind.ACTIVITY_BOOK,
        world.campaign,
        as_of=AS_OF,
        unit=world.committee,
        since=date(2019, 10, 1),
    )

    rows = assemble(wish, NOW).lists.activities
    assert [row.held_on for row in rows] == [date(2019, 10, 12)]


def test_a_list_that_was_cut_short_says_so(world, monkeypatch):
    monkeypatch.setattr("reports.listings.ROWS_AT_MOST", 1)

    note = table_of(paper_of(world, ReportKind.UNIT_REPORT), "活动台账").note
    assert note.startswith("按先后列出前1场，共2场")


def test_the_page_of_a_report_shows_the_figures_of_the_paper(world, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    group = UnitFactory(parent=world.school, kind=UnitKind.CAMPAIGN_GROUP)
    client.force_login(MembershipFactory(unit=group, position=Position.CHAIR).user)
    paper = paper_of(world, ReportKind.UNIT_REPORT)

    response = client.get(
        reverse("reports:read"),
        {"kind": "unit_report", "unit": world.committee.code, "as_of": AS_OF.isoformat()},
    )

    shown = re.sub(r"<[^>]*>|\s", "", response.content.decode())
    for _, line in (line for section in paper.sections for line in section.lines):
        assert re.sub(r"\s", "", line) in shown
    for row in (row for table in paper.tables for row in table.rows):
        assert all(re.sub(r"\s", "", cell_text(cell)) in shown for cell in row)


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"kind": "unit_report"}, "单位报告请选择单位。"),
        ({"kind": "phase_summary"}, "阶段总结请选择阶段。"),
        ({"kind": "progress", "since": "2019-09-01"}, "进展报告不需要“数据自”，请清空后再试。"),
        (
            {"kind": "submission_digest", "since": "2019-10-02", "as_of": "2019-10-01"},
            "“数据自”不能晚于“数据截至”。",
        ),
    ],
)
def test_a_wish_that_makes_no_sense_is_told_how_to_mend_it(world, client, asked, fault):
    group = UnitFactory(parent=world.school, kind=UnitKind.CAMPAIGN_GROUP)
    client.force_login(MembershipFactory(unit=group, position=Position.CHAIR).user)

    response = client.post(reverse("reports:ask"), {"format": "pdf", **asked})

    assert response.status_code == 422
    assert fault in response.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queries_of_a_unit_report_do_not_grow_with_its_records(
    rows, django_assert_max_num_queries
):
    from tests.factories import ActivityFactory, OpinionFactory, ThemeFactory

    small = school_world()
    for _ in range(rows):
        activity = ActivityFactory(campaign=small.campaign, unit=small.branch)
        activity.themes.add(ThemeFactory(campaign=small.campaign))
        OpinionFactory(campaign=small.campaign, unit=small.branch)

    with django_assert_max_num_queries(38):
        facts = assemble(wish_of(small, ReportKind.UNIT_REPORT), NOW)
    assert isinstance(facts, Dossier)
