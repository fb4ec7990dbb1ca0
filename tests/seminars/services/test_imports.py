from datetime import date, time
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from openpyxl import Workbook

from accounts.models import AuditEntry
from campaign.choices import ActivityKind, Gate
from core.refusal import FileRefused
from core.spreadsheets import csv_chunks
from seminars.choices import ActivityStatus
from seminars.ledger import HEADER, table_rows
from seminars.models import Activity, Opinion
from seminars.services.imports import ImportedMeanwhile, carry_out, plan_import
from tests.factories import A_MONDAY, PhaseFactory, ThemeFactory, at

NOW = at(18)
COLUMNS = ("单位", "时间", "地点", "形式", "主题", "应到", "实到", "主要内容")
ROW = ("机电第一党支部", "2019年9月16日", "第一会议室", "座谈会", "校企合作", "28", "26", "讨论")


def as_csv(*rows, header=COLUMNS, encoding="utf-8-sig"):
    text = "\n".join(",".join(row) for row in (header, *rows))
    return ContentFile(text.encode(encoding), name="台账.csv")


def as_xlsx(*rows):
    book, written = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(written)
    return ContentFile(written.getvalue(), name="台账.xlsx")


def planned(college, upload, by=None):
    return plan_import(upload, by=by or college.secretary, campaign=college.campaign, now=NOW)


def imported(college, upload, by=None):
    by = by or college.secretary
    plan = planned(college, upload, by)
    return carry_out(plan, by=by, campaign=college.campaign, now=NOW)


def exported():
    return b"".join(csv_chunks(HEADER, table_rows(Activity.objects.all())))


def faults_of(college, *rows, header=COLUMNS):
    plan = planned(college, as_csv(*rows, header=header))
    return [tuple(fault) for fault in plan.faults]


def changed(**cells):
    return tuple(cells.get(name, value) for name, value in zip(COLUMNS, ROW, strict=True))


def test_a_row_becomes_a_record_with_history_and_one_line_in_the_trail(college):
    assert imported(college, as_csv(ROW)) == 1

    activity = Activity.objects.get()
    assert (activity.status, activity.kind, activity.held_on) == (
        ActivityStatus.LOGGED,
        ActivityKind.FORUM,
        A_MONDAY,
    )
    assert (activity.unit, activity.expected, activity.present) == (college.branch, 28, 26)
    assert (activity.created_by, activity.created_at) == (college.secretary, NOW)
    assert activity.history.get().history_change_reason == "导入"
    assert AuditEntry.objects.get().after == {"activities": 1}


def test_checking_stores_nothing(college):
    plan = planned(college, as_csv(ROW))

    assert len(plan.additions) == 1
    assert not Activity.objects.exists()


def test_the_second_import_adds_nothing_and_a_longer_file_adds_the_rest(college):
    imported(college, as_csv(ROW))

    assert imported(college, as_csv(ROW)) == 0
    assert imported(college, as_csv(ROW, ROW, changed(主题="另一场"))) == 2
    assert imported(college, as_csv(ROW, ROW, changed(主题="另一场"))) == 0
    assert Activity.objects.count() == 3


def test_a_record_corrected_after_the_import_is_not_added_again(college):
    imported(college, as_csv(ROW))
    Activity.objects.update(title="改正了的主题")

    assert imported(college, as_csv(ROW)) == 0


def test_two_imports_of_one_file_at_once_add_it_once(college):
    first, second = planned(college, as_csv(ROW)), planned(college, as_csv(ROW))
    carry_out(first, by=college.secretary, campaign=college.campaign, now=NOW)

    with pytest.raises(ImportedMeanwhile):
        carry_out(second, by=college.secretary, campaign=college.campaign, now=NOW)

    assert Activity.objects.count() == 1


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        ({"单位": "不存在支部"}, "单位", "没有“不存在支部”，或者您不负责记录它的活动。"),
        ({"单位": "机电第二党支部"}, "单位", "没有“机电第二党支部”，或者您不负责记录它的活动。"),
        ({"时间": "9月31日"}, "时间", "“9月31日”不是日期，请写成2019年10月8日。"),
        ({"时间": "2019年9月31日"}, "时间", "“2019年9月31日”不是存在的日期。"),
        ({"实到": "32"}, "实到", "实到（32）比应到（28）多。列席人员请填在“列席”里。"),
        ({"实到": "不详"}, "实到", "“不详”不是数字。"),
        ({"实到": "-1"}, "实到", "-1不在0到100000之间。"),
        ({"主题": ""}, "主题", "请填写主题。"),
        (
            {"时间": "2019-09-17"},
            "时间",
            "2019年9月17日还没有到。活动开过以后再记录，现在可以先存草稿。",
        ),
        ({"主题": "长" * 121}, "主题", "有121个字，最多120个字。"),
    ],
)
def test_each_fault_is_named_by_row_and_column(college, cells, column, message):
    assert faults_of(college, ROW, changed(**cells)) == [(3, column, message)]


def test_an_unknown_kind_is_told_the_known_ones(college):
    [(row, column, message)] = faults_of(college, changed(形式="茶话会"))

    assert (row, column) == (2, "形式")
    assert message.startswith("没有“茶话会”这种形式。可以填：动员部署、")


def test_one_fault_keeps_every_row_out(college):
    plan = planned(college, as_csv(ROW, changed(实到="32")))

    with pytest.raises(ValueError, match="1 faults"):
        carry_out(plan, by=college.secretary, campaign=college.campaign, now=NOW)

    assert not Activity.objects.exists()


def test_a_kind_outside_its_phase_is_refused(college):
    college.campaign.phases.all().delete()
    PhaseFactory(campaign=college.campaign, opens=[Gate.STUDY])

    assert faults_of(college, ROW) == [(2, "形式", "现在不在开放记录“座谈会”的阶段。")]


def test_themes_are_found_by_either_title_and_unknown_ones_named(college):
    long = ThemeFactory(campaign=college.campaign, title="创新机制，打造平台", short_title="平台")
    header = (*COLUMNS, "研讨主题")

    imported(college, as_csv((*ROW, "创新机制，打造平台".replace(",", "，")), header=header))
    assert list(Activity.objects.get().themes.all()) == [long]
    assert [link.theme for link in Activity.objects.get().history.get().themes.all()] == [long]

    assert faults_of(college, (*changed(主题="二"), "平台；没有的主题"), header=header) == [
        (2, "研讨主题", "名单里没有“没有的主题”。")
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_files_of_every_office_encoding_are_read(college, encoding):
    assert imported(college, as_csv(ROW, encoding=encoding)) == 1


def test_a_messy_workbook_is_read(college):
    merged = ("", "", "", "", "", "参会人数", "", "")
    serial = (A_MONDAY - date(1899, 12, 30)).days
    row = ("机电第一党支部", serial, "会议室", "座谈会", "校企合作", "２８", 26.0, "讨论")

    assert imported(college, as_xlsx(("2019年活动台账",), merged, COLUMNS, (), row)) == 1

    activity = Activity.objects.get()
    assert (activity.held_on, activity.expected, activity.present) == (A_MONDAY, 28, 26)


def test_a_table_without_the_columns_of_a_ledger_is_refused(college):
    with pytest.raises(FileRefused, match="缺少“形式”"):
        planned(college, as_csv(("2019-09-16", "座谈"), header=("时间", "主题")))


def test_a_table_too_long_is_refused(college):
    rows = [(f"第{number}场",) for number in range(10_100)]

    with pytest.raises(FileRefused, match="10,000行"):
        planned(college, as_csv(*rows, header=("主题",)))


def test_an_exported_ledger_comes_back_as_it_was(college):
    theme = ThemeFactory(campaign=college.campaign)
    imported(
        college,
        as_xlsx(
            (*COLUMNS, "请假", "公务", "开始时间", "研讨主题", "议程", "意见内容", "主讲人"),
            (*ROW, "1", "1", "14:00", theme.title, "'=SUM(1)", "甲说的\n　甲又说\n乙说的", ""),
            (*changed(形式="专家讲座", 主题="讲座"), "", "", "09:30", "", "", "", "某专家"),
        ),
    )
    first = exported()
    stored = Activity.objects.get(kind=ActivityKind.FORUM)
    assert (stored.starts_at, stored.excused, stored.on_duty) == (time(14), 1, 1)
    assert {opinion.text for opinion in stored.opinions.all()} == {"甲说的\n甲又说", "乙说的"}

    assert imported(college, ContentFile(first, name="导出.csv")) == 0
    assert exported() == first

    Opinion.objects.all().delete()
    Activity.objects.all().delete()
    assert imported(college, ContentFile(first, name="导出.csv")) == 2
    assert exported() == first


def test_the_committees_secretary_takes_in_rows_of_every_branch(college):
    rows = [
        changed(单位=unit.name) for unit in (college.committee, college.branch, college.sibling)
    ]

    assert imported(college, as_csv(*rows), by=college.committee_secretary) == 3


def test_many_rows_cost_no_query_a_row(college, django_assert_max_num_queries):
    rows = [changed(主题=f"第{number}场") for number in range(300)]

    with django_assert_max_num_queries(45):  # SQLite takes some thirty records in one statement
        assert imported(college, as_csv(*rows)) == 300
