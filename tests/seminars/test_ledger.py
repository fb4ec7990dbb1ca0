import csv
from datetime import time, timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from campaign.choices import ActivityKind
from seminars.choices import OpinionSource
from seminars.ledger import HEADER, LEDGER_HEADER, opinions_in_cell, table_rows
from seminars.models import Activity
from tests.factories import A_MONDAY, ActivityFactory, OpinionFactory, ThemeFactory

GONGWEN = (
    "序号 单位 时间 地点 形式 主题 主持人 记录人 应到 实到 "
    "缺席（原因类别） 列席 主要内容 形成意见条数"
)


def address(file_format):
    return reverse("seminars:export", args=[file_format])


@pytest.fixture
def secretary(client, college):
    client.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    return client


def held(college, **values):
    return ActivityFactory(**{"campaign": college.campaign, "unit": college.branch, **values})


def said(activity, text):
    return OpinionFactory(
        campaign=activity.campaign,
        unit=activity.unit,
        source=OpinionSource.ACTIVITY,
        activity=activity,
        text=text,
    )


def body(response):
    return b"".join(response.streaming_content)


def test_the_first_columns_are_those_of_the_offices():
    assert list(LEDGER_HEADER) == GONGWEN.split(" ")


def test_a_row_says_what_the_record_says(college):
    first, second = ThemeFactory.create_batch(2, campaign=college.campaign)
    activity = held(
        college,
        title="校企合作座谈会",
        recorder="王记录",
        starts_at=time(14),
        expected=28,
        present=25,
        excused=1,
        on_duty=2,
        sitting_in=1,
    )
    activity.themes.set([first, second])
    said(activity, "甲\n第二行")
    said(activity, "乙")

    [row] = table_rows(Activity.objects.all())

    told = dict(zip(HEADER, row, strict=True))
    assert row[: len(LEDGER_HEADER)] == (
        1,
        "机电第一党支部",
        A_MONDAY,
        "第一会议室",
        "座谈会",
        "校企合作座谈会",
        "主持人",
        "王记录",
        28,
        25,
        "3（请假1，公务2）",
        1,
        "围绕实训条件交流讨论。",
        2,
    )
    assert told["研讨主题"] == f"{first.title}；{second.title}"
    assert told["开始时间"] == "14:00"
    assert sorted(opinions_in_cell(told["意见内容"])) == ["乙", "甲\n第二行"]


def test_lists_meet_their_own_activity_whatever_stands_between(college):
    theme = ThemeFactory(campaign=college.campaign)
    rows = [held(college, held_on=A_MONDAY - timedelta(days=n % 2)) for n in range(6)]
    for activity in rows[::2]:
        activity.themes.add(theme)
        said(activity, f"关于{activity.title}")

    told = {
        row[5]: (row[HEADER.index("研讨主题")], row[HEADER.index("意见内容")])
        for row in table_rows(Activity.objects.all())
    }

    assert told == {
        activity.title: (theme.title, f"关于{activity.title}")
        if activity in rows[::2]
        else ("", "")
        for activity in rows
    }


@pytest.mark.parametrize("count", [1, 3])
def test_the_table_costs_twelve_queries_however_many_rows(
    college, django_assert_num_queries, count
):
    for _ in range(count):
        activity = held(college)
        activity.themes.add(ThemeFactory(campaign=college.campaign))
        said(activity, "意见")

    with django_assert_num_queries(12):
        list(table_rows(Activity.objects.all()))


def test_csv_and_xlsx_hold_exactly_the_filtered_rows(secretary, college):
    held(college, title="在内", kind=ActivityKind.SEMINAR)
    held(college, title="别的形式")
    held(college, title="兄弟支部", unit=college.sibling, kind=ActivityKind.SEMINAR)
    query = {"kind": "seminar", "q": "在"}

    text = body(secretary.get(address("csv"), query)).decode("utf-8-sig")
    book = load_workbook(BytesIO(body(secretary.get(address("xlsx"), query))))

    csv_rows = list(csv.reader(StringIO(text)))
    xlsx_rows = list(book.active.iter_rows(values_only=True))
    assert [row[5] for row in csv_rows] == [row[5] for row in xlsx_rows] == ["主题", "在内"]
    assert xlsx_rows[1][2].date() == A_MONDAY
    assert csv_rows[1][2] == A_MONDAY.isoformat()


def test_a_formula_in_a_title_leaves_as_text(secretary, college):
    held(college, title="=HYPERLINK(1)")

    text = body(secretary.get(address("csv"))).decode("utf-8-sig")

    assert "'=HYPERLINK(1)" in text


def test_an_export_is_a_private_download_and_leaves_a_trace(secretary, college):
    response = secretary.get(address("csv"), {"q": "座"})

    body(response)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get(action="seminars.export")
    assert entry.after == {"query": "q=%E5%BA%A7"}


def test_an_empty_ledger_is_a_table_with_a_head(secretary, college):
    rows = list(csv.reader(StringIO(body(secretary.get(address("csv"))).decode("utf-8-sig"))))

    assert rows == [list(HEADER)]
