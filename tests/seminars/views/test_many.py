from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.models import SubTopic
from seminars.models import Activity
from tests.factories import ActivityFactory, ThemeFactory, UnitFactory
from tests.queries import queries_of

pytestmark = pytest.mark.django_db

GRID = reverse("seminars:grid")


@pytest.fixture
def as_secretary(client, college_today):
    client.force_login(college_today.secretary)
    return client


def rows(*given, action=""):
    today = timezone.localdate().isoformat()
    usual = {"held_on": today, "kind": "forum", "place": "会议室", "expected": "28"}
    data = {"rows-TOTAL_FORMS": str(len(given)), "rows-INITIAL_FORMS": "0", "action": action}
    for number, row in enumerate(given):
        for name, text in {**usual, **row}.items():
            data[f"rows-{number}-{name}"] = text
    return data


FIRST = {"title": "校企合作", "present": "２６", "content": "讨论课程"}
SECOND = {"title": "师资建设", "present": "20", "content": "讨论师资"}
EMPTY: dict[str, str] = {}


def test_every_row_filled_in_becomes_a_record_and_empty_ones_do_not(as_secretary):
    answer = as_secretary.post(GRID, rows(FIRST, EMPTY, SECOND), follow=True)

    assert "已记录2场活动。" in answer.content.decode()
    stored = Activity.objects.filter(title__in=["校企合作", "师资建设"]).order_by("present")
    assert [(one.title, one.present) for one in stored] == [("师资建设", 20), ("校企合作", 26)]


def test_a_row_is_about_a_theme_or_about_the_units_own_topic(as_secretary, college_today):
    chosen, implied = (
        ThemeFactory(campaign=college_today.campaign, short_title=title)
        for title in ("产教融合", "师资队伍")
    )
    own = SubTopic.objects.create(
        theme=implied, unit=college_today.committee, title="企业导师怎样参与教学"
    )
    SubTopic.objects.create(theme=implied, unit=college_today.sibling, title="别的支部的题目")

    page = as_secretary.get(GRID).content.decode()
    as_secretary.post(
        GRID, rows({**FIRST, "themes": "产教融合"}, {**SECOND, "sub_topics": own.title})
    )

    first, second = Activity.objects.filter(title__in=["校企合作", "师资建设"]).order_by("-present")
    assert list(first.themes.all()) == [chosen]
    assert (list(second.sub_topics.all()), list(second.themes.all())) == ([own], [implied])
    assert "企业导师怎样参与教学" in page
    assert "别的支部的题目" not in page


def test_one_fault_stores_nothing_names_row_and_column_and_keeps_what_was_typed(as_secretary):
    before = Activity.objects.count()

    answer = as_secretary.post(GRID, rows(FIRST, {**SECOND, "present": "32"}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第2行“实到”</a>：实到（32）比应到（28）多。列席人员请填在“列席”里。" in page
    assert 'value="师资建设"' in page
    assert Activity.objects.count() == before


def test_the_same_grid_sent_twice_is_stored_once(as_secretary):
    as_secretary.post(GRID, rows(FIRST))
    count = Activity.objects.count()

    answer = as_secretary.post(GRID, rows(FIRST), follow=True)

    assert Activity.objects.count() == count
    assert "另有1场已经记录过" in answer.content.decode()


def test_more_rows_keep_what_was_typed(as_secretary):
    answer = as_secretary.post(GRID, rows(FIRST, action="more"))

    page = answer.content.decode()
    assert 'value="校企合作"' in page
    assert "第6行" in page


def test_a_slip_is_pointed_out_once_and_saving_again_keeps_it(as_secretary, college_today):
    other = UnitFactory.create(name="艺术教师第二党支部", parent=college_today.committee)
    slip = {**FIRST, "content": f"{other.name}讨论课程"}

    asked = as_secretary.post(GRID, rows(slip, SECOND))
    page = asked.content.decode()

    assert asked.status_code == 200
    assert "《校企合作》：" in page
    assert other.name in page
    assert "就按这样全部保存" in page
    assert not Activity.objects.filter(title="校企合作").exists()

    as_secretary.post(GRID, {**rows(slip, SECOND), "seen_notes": asked.context["seen"]})
    assert Activity.objects.filter(title__in=["校企合作", "师资建设"]).count() == 2


def test_notes_cost_no_more_with_more_rows(as_secretary):
    one = queries_of(lambda: as_secretary.post(GRID, rows({**FIRST, "content": "XX学院"})))
    many = [{**FIRST, "title": f"第{number}场", "content": "XX学院"} for number in range(5)]
    five = queries_of(lambda: as_secretary.post(GRID, rows(*many)))

    assert one == five


def test_nothing_filled_in_is_said(as_secretary):
    answer = as_secretary.post(GRID, rows(EMPTY))

    assert answer.status_code == 422
    assert "还没有填写任何一行" in answer.content.decode()


def test_a_series_beyond_the_end_of_the_campaign_is_refused_with_both_days(
    as_secretary, college_today
):
    activity = ActivityFactory(
        campaign=college_today.campaign, unit=college_today.branch, held_on=timezone.localdate()
    )
    first = timezone.localdate() + timedelta(days=10)
    address = reverse("seminars:series", args=[activity.pk])
    count = Activity.objects.count()

    late = as_secretary.post(address, {"first": first.isoformat(), "times": "6"})
    fitting = as_secretary.post(address, {"first": first.isoformat(), "times": "1"}, follow=True)

    assert late.status_code == 422
    assert "以后，请减少次数。" in late.content.decode()
    assert "已建立1份草稿" in fitting.content.decode()
    assert Activity.objects.count() == count + 1
