from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from seminars.choices import ActivityStatus
from seminars.models import Activity
from seminars.services.activities import log_activity
from seminars.services.series import begin_series, monthly
from seminars.sheets import sheet_of
from tests.factories import ActivityFactory, at

NOW = at(18)


@pytest.fixture
def party_day(college):
    return ActivityFactory(
        campaign=college.campaign,
        unit=college.branch,
        kind="themed_party_day",
        title="主题党日",
        place="党员活动室",
        host="陈示例",
        expected=30,
        present=28,
        content="上个月的内容",
    )


def begun(party_day, by, times=3):
    return begin_series(party_day, by=by, first=date(2019, 10, 31), times=times, now=NOW)


def test_a_month_that_is_too_short_ends_on_its_last_day():
    assert monthly(date(2019, 12, 31), 3) == [
        date(2019, 12, 31),
        date(2020, 1, 31),
        date(2020, 2, 29),
    ]


def test_a_series_is_one_draft_a_month_with_what_repeats_and_nothing_else(college, party_day):
    drafts = begun(party_day, college.secretary)

    assert [draft.held_on for draft in drafts] == [
        date(2019, 10, 31),
        date(2019, 11, 30),
        date(2019, 12, 31),
    ]
    first = Activity.objects.get(pk=drafts[0].pk)
    assert (first.status, first.title, first.place, first.expected) == (
        ActivityStatus.DRAFT,
        "主题党日",
        "党员活动室",
        30,
    )
    assert (first.present, first.content) == (None, "")


def test_the_same_series_again_adds_nothing_and_leaves_what_was_written(college, party_day):
    draft = begun(party_day, college.secretary)[0]
    sheet = sheet_of(draft)
    written = {**sheet.values, "held_on": date(2019, 9, 16), "present": 20, "content": "讨论"}
    log_activity(
        type(sheet)(sheet.campaign, sheet.unit, sheet.kind, written, sheet.lists, ()),
        by=college.secretary,
        client_key=draft.client_key,
        version=draft.version,
        now=NOW,
    )

    again = begun(party_day, college.secretary)

    assert Activity.objects.count() == 4
    assert again[0].content == "讨论"


def test_whoever_does_not_log_for_the_unit_begins_no_series(college, party_day):
    with pytest.raises(PermissionDenied):
        begun(party_day, college.stranger)

    assert Activity.objects.count() == 1
