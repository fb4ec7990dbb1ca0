from datetime import date, time

import pytest

from campaign.choices import ActivityKind
from seminars.checks import faults_of
from seminars.kinds import SHAPES
from tests.factories import A_MONDAY

COMPLETE = {
    "title": "座谈会",
    "held_on": A_MONDAY,
    "place": "第一会议室",
    "host": "陈示例",
    "expected": 28,
    "present": 26,
    "content": "讨论",
    "speaker": "某专家",
    "visited": "示例公司",
    "team": "调研组",
    "issued": 100,
    "returned": 90,
    "valid": 88,
    "channel": "校报",
    "link": "https://example.edu.cn/1",
}


def faults(kind=ActivityKind.FORUM, on=A_MONDAY, **changed):
    return faults_of(kind, {**COMPLETE, **changed}, today=on)


def test_every_kind_has_a_shape():
    assert set(SHAPES) == set(ActivityKind)


@pytest.mark.parametrize("kind", ActivityKind)
def test_a_complete_sheet_of_any_kind_has_no_fault(kind):
    assert faults(kind) == {}


@pytest.mark.parametrize("kind", ActivityKind)
def test_no_kind_asks_for_more_than_eight_required_inputs(kind):
    kind_itself = 1

    assert len(SHAPES[kind].all_required) + kind_itself <= 8


@pytest.mark.parametrize(
    ("kind", "field", "message"),
    [
        (ActivityKind.EXPERT_LECTURE, "speaker", "请填写主讲人。"),
        (ActivityKind.FIELD_VISIT, "visited", "请填写走访单位。"),
        (ActivityKind.FIELD_VISIT, "team", "请填写调研组成员。"),
        (ActivityKind.QUESTIONNAIRE, "issued", "请填写发放份数。"),
        (ActivityKind.PUBLICITY, "channel", "请填写媒体或阵地。"),
        (ActivityKind.SELF_STUDY, "present", "请填写参学人数。"),
        (ActivityKind.FORUM, "place", "请填写地点。"),
    ],
)
def test_each_kind_asks_for_its_own_fields(kind, field, message):
    assert faults(kind, **{field: None}) == {field: [message]}


def test_publicity_needs_a_link_or_a_place():
    assert faults(ActivityKind.PUBLICITY, link="", place="南门橱窗") == {}
    assert faults(ActivityKind.PUBLICITY, link="", place="") == {
        "link": ["请填写链接；没有链接的（橱窗、电子屏等），请填写地点。"]
    }


def test_attendance_adds_up_to_the_last_person():
    assert faults(expected=28, present=26, excused=2) == {}
    assert faults(expected=28, present=26, excused=3) == {
        "present": ["实到（26）加请假（3）共29人，比应到（28）多，请核对这几个数。"]
    }


def test_a_survey_gets_back_no_more_than_it_gave_out():
    assert faults(ActivityKind.QUESTIONNAIRE, returned=101) == {
        "returned": ["回收份数（101）比发放份数（100）多，请核对。"]
    }
    assert faults(ActivityKind.QUESTIONNAIRE, valid=91) == {
        "valid": ["有效份数（91）比回收份数（90）多，请核对。"]
    }


def test_today_may_be_logged_and_tomorrow_may_not():
    assert faults(held_on=date(2019, 9, 16), on=date(2019, 9, 16)) == {}
    assert list(faults(held_on=date(2019, 9, 17), on=date(2019, 9, 16))) == ["held_on"]


def test_an_activity_does_not_end_before_it_starts():
    assert faults(starts_at=time(14), ends_at=time(14)) == {}
    assert faults(starts_at=time(14), ends_at=time(13)) == {
        "ends_at": ["结束时间（13:00）早于开始时间（14:00）。"]
    }


@pytest.mark.parametrize("slip", [date(26, 9, 9), date(1919, 9, 9)])
def test_a_slip_of_the_year_is_pointed_out(slip):
    [message] = faults(held_on=slip)["held_on"]

    assert message.endswith("太早了，请核对年份。")
