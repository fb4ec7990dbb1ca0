import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaign.choices import ActivityKind
from campaign.models import SubTopic
from seminars.advice import digest, notes_on
from seminars.choices import ActivityStatus
from seminars.models import Activity, ActivityFile, Opinion
from tests.factories import (
    A_MONDAY,
    ActivityFactory,
    AudienceGroupFactory,
    ThemeFactory,
    UnitFactory,
    at,
)
from tests.queries import MOST_FOR_A_PAGE
from tests.seminars.pictures import photo

LOG = reverse("seminars:log")


@pytest.fixture(autouse=True)
def _on_a_monday_afternoon():
    with time_machine.travel(at(16), tick=False):
        yield


@pytest.fixture
def secretary(client, college):
    client.force_login(college.secretary, backend="django.contrib.auth.backends.ModelBackend")
    return client


def filled(college, *opinions, **changed):
    lines = {f"opinions-{place}-text": text for place, text in enumerate(opinions)}
    return {
        "client_key": str(uuid4()),
        "version": "0",
        "unit": str(college.branch.pk),
        "kind": "forum",
        "title": "“双高计划”建设座谈会",
        "held_on": "2019-09-16",
        "place": "第一会议室",
        "host": "陈示例",
        "expected": "28",
        "present": "26",
        "content": "围绕实训条件展开讨论。",
        "opinions-TOTAL_FORMS": str(max(1, len(opinions))),
        "opinions-INITIAL_FORMS": "0",
        **lines,
        **changed,
    }


def page_of(response):
    return response.content.decode()


def test_a_plain_activity_is_logged_with_what_was_typed(secretary, college):
    theme = ThemeFactory(campaign=college.campaign)

    response = secretary.post(
        LOG, filled(college, "希望晚间开放", " ", themes=[theme.pk], present="２６")
    )

    activity = Activity.objects.get()
    assert response.status_code == 302
    assert response["Location"] == reverse("seminars:activity", args=[activity.pk])
    assert (activity.status, activity.present) == (ActivityStatus.LOGGED, 26)
    assert list(activity.themes.all()) == [theme]
    assert [opinion.text for opinion in activity.opinions.all()] == ["希望晚间开放"]


def test_a_new_form_knows_unit_day_place_and_host(secretary, college):
    ActivityFactory(
        campaign=college.campaign,
        unit=college.branch,
        place="教工之家",
        host="陈示例",
        held_on=A_MONDAY - timedelta(days=7),
    )

    form = secretary.get(LOG).context["form"]

    known = {name: form[name].value() for name in ("unit", "held_on", "place", "host", "recorder")}
    assert known == {
        "unit": college.branch.pk,
        "held_on": A_MONDAY,
        "place": "教工之家",
        "host": "陈示例",
        "recorder": college.secretary.name,
    }


def test_a_mistake_is_named_beside_the_field_and_everything_typed_is_kept(secretary, college):
    response = secretary.post(LOG, filled(college, "意见在此", present="32", title=""))

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "title": ["请填写主题。"],
        "present": ["实到（32）比应到（28）多。列席人员请填在“列席”里。"],
    }
    for typed in ("围绕实训条件展开讨论。", "意见在此", "陈示例", 'value="32"'):
        assert typed in page_of(response)
    assert not Activity.objects.exists()


def test_choosing_another_kind_shows_its_fields_and_loses_nothing(secretary, college):
    response = secretary.post(
        LOG, filled(college, "意见在此", action="kind", kind="expert_lecture", host="陈示例")
    )

    form = response.context["form"]
    assert response.status_code == 200
    assert (form.kind, "speaker" in form.fields) == ("expert_lecture", True)
    assert form.errors == {}
    assert "意见在此" in page_of(response)

    back = secretary.post(
        LOG,
        filled(college, action="kind", kind="questionnaire", place="第一会议室", issued="90"),
    )
    assert '<input type="hidden" name="place" value="第一会议室">' in page_of(back)
    assert not Activity.objects.exists()


def test_one_more_opinion_line_keeps_the_others(secretary, college):
    response = secretary.post(LOG, filled(college, "第一条", action="opinion"))

    assert len(response.context["lines"].forms) == 2
    assert "第一条" in page_of(response)


def test_a_draft_is_kept_however_incomplete_and_goes_on_where_it_was(secretary, college):
    response = secretary.post(
        LOG, filled(college, "半句话", action="draft", title="", present="不知道")
    )

    draft = Activity.objects.get()
    assert response["Location"] == reverse("seminars:edit", args=[draft.pk])
    again = secretary.get(response["Location"])
    assert "半句话" in page_of(again)
    assert "围绕实训条件展开讨论。" in page_of(again)


def test_autosave_answers_with_the_time_the_version_and_the_drafts_address(secretary, college):
    response = secretary.post(LOG, filled(college, action="draft"), headers={"HX-Request": "true"})

    draft = Activity.objects.get()
    assert "已于16:00存为草稿" in page_of(response)
    assert f'name="version" id="id_version" value="{draft.version}"' in page_of(response)
    assert response["HX-Replace-Url"] == reverse("seminars:edit", args=[draft.pk])


def test_a_draft_is_logged_from_its_own_page(secretary, college):
    data = filled(college, "延长开放时间")
    secretary.post(LOG, {**data, "action": "draft"})
    draft = Activity.objects.get()

    response = secretary.post(
        reverse("seminars:edit", args=[draft.pk]), {**data, "version": draft.version}
    )

    draft.refresh_from_db()
    assert response.status_code == 302
    assert draft.status == ActivityStatus.LOGGED
    assert [opinion.text for opinion in draft.opinions.all()] == ["延长开放时间"]


def test_a_replayed_request_stores_once(secretary, college):
    """Nor is it taken for a repetition of itself."""
    said = "企业导师的课酬标准多年没有调整，实训设备更新慢，学生下企业的安全责任不清，请学校统筹。"
    data = filled(college, "延长开放时间", content=said)

    first, second = secretary.post(LOG, data), secretary.post(LOG, data)

    assert second["Location"] == first["Location"]
    assert (Activity.objects.count(), Opinion.objects.count()) == (1, 1)


def test_who_goes_back_to_a_form_that_was_stored_is_led_to_what_it_became(secretary, college):
    sent = filled(college)
    secretary.post(LOG, sent)
    other = ActivityFactory(campaign=college.campaign, unit=UnitFactory(parent=college.school))

    answers = [
        secretary.get(LOG, {"sent": key})
        for key in (sent["client_key"], str(other.client_key), str(uuid4()), "x")
    ]

    record = Activity.objects.get(client_key=sent["client_key"])
    assert answers[0]["Location"] == reverse("seminars:edit", args=[record.pk])
    assert [answer.status_code for answer in answers[1:]] == [200, 200, 200]


def test_the_later_editor_gets_a_page_with_both_texts_and_can_save_over(secretary, college):
    secretary.post(LOG, filled(college))
    activity = Activity.objects.get()
    edit = reverse("seminars:edit", args=[activity.pk])
    seen = {"version": str(activity.version), "client_key": str(activity.client_key)}
    secretary.post(edit, filled(college, content="先到的修改", **seen))

    late = secretary.post(edit, filled(college, content="后到的修改", **seen))

    assert late.status_code == 409
    assert "先到的修改" in page_of(late).replace("<del>", "").replace("</del>", "").replace(
        "<ins>", ""
    ).replace("</ins>", "")
    assert "后到的修改" in page_of(late)
    activity.refresh_from_db()
    assert activity.content == "先到的修改"

    version = late.context["form"]["version"].value()
    again = secretary.post(
        edit, filled(college, content="后到的修改", **{**seen, "version": version})
    )
    activity.refresh_from_db()
    assert (again.status_code, activity.content) == (302, "后到的修改")


def test_files_are_checked_kept_once_and_shown(secretary, college):
    response = secretary.post(LOG, filled(college, files=[photo("现场.jpg"), photo("又一张.jpg")]))

    assert response.status_code == 302
    assert [file.name for file in ActivityFile.objects.all()] == ["现场.jpg"]
    shown = secretary.get(response["Location"])
    assert "现场.jpg" in page_of(shown)


def test_after_a_mistake_good_files_are_kept_with_a_draft_and_bad_ones_are_named(
    secretary, college
):
    bad = SimpleUploadedFile("病毒.exe", b"MZ")

    response = secretary.post(LOG, filled(college, files=[photo("现场.jpg"), bad], title=""))

    draft = Activity.objects.get()
    assert response.status_code == 422
    assert draft.status == ActivityStatus.DRAFT
    assert [file.name for file in draft.files.all()] == ["现场.jpg"]
    assert "病毒.exe" in page_of(response)

    logged = secretary.post(
        LOG,
        filled(
            college,
            client_key=str(draft.client_key),
            version=response.context["form"]["version"].value(),
        ),
    )
    assert logged.status_code == 302
    assert Activity.objects.get().status == ActivityStatus.LOGGED


def test_files_lost_by_a_mistake_in_an_edit_are_named(secretary, college):
    activity = ActivityFactory(campaign=college.campaign, unit=college.branch)

    response = secretary.post(
        reverse("seminars:edit", args=[activity.pk]),
        filled(college, title="", files=[photo("现场.jpg")]),
    )

    assert response.context["lost_files"] == ["现场.jpg"]
    assert "文件要重新选择" in page_of(response)
    assert not ActivityFile.objects.exists()


def test_a_name_that_nobody_or_several_have_is_not_guessed(secretary, college):
    college.staff.name = college.liaison.name = "赵同名"
    college.staff.save()
    college.liaison.save()
    named = {"opinions-0-contributor": "赵同名"}

    several = secretary.post(LOG, filled(college, "具名意见", **named))
    nobody = secretary.post(
        LOG, filled(college, "具名意见", **{**named, "opinions-0-contributor": "无此人"})
    )
    by_account = {"opinions-0-contributor": college.staff.username}
    found = secretary.post(LOG, filled(college, "具名意见", **by_account))

    assert "有2位“赵同名”，请改填登录账号。" in page_of(several)
    assert "本单位没有找到“无此人”" in page_of(nobody)
    assert found.status_code == 302
    assert Opinion.objects.get().contributor == college.staff


def test_a_group_of_another_campaign_is_refused(secretary, college):
    foreign = ThemeFactory()
    foreign_group = AudienceGroupFactory()

    by_list = secretary.post(LOG, filled(college, themes=[foreign.pk]))
    by_line = secretary.post(
        LOG, filled(college, "意见", **{"opinions-0-audience_group": foreign_group.pk})
    )

    assert (by_list.status_code, by_line.status_code) == (422, 422)
    assert not Activity.objects.exists()


def test_status_and_author_cannot_be_slipped_in(secretary, college):
    secretary.post(LOG, filled(college, status="draft", created_by=college.staff.pk))

    activity = Activity.objects.get()
    assert (activity.status, activity.created_by) == (ActivityStatus.LOGGED, college.secretary)


def test_a_unit_one_does_not_report_for_is_refused(secretary, college):
    response = secretary.post(LOG, filled(college, unit=college.sibling.pk))

    assert response.status_code == 422
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "strange",
    [
        {"client_key": "x", "version": "-1"},
        {"opinions-TOTAL_FORMS": "999999"},
        {"opinions-TOTAL_FORMS": "x"},
        {"kind": "no-such-kind"},
        {"title": "标\x00题\u202e" * 200},
        {"held_on": "不是日期", "expected": "９" * 400},
        {"content": "长" * 30_000},
        {"themes": "9" * 30},
        {"opinions-TOTAL_FORMS": "9" * 4_400},
    ],
)
@pytest.mark.parametrize("action", ["", "draft", "kind", "opinion"])
def test_strange_input_never_breaks_the_page(secretary, college, strange, action):
    response = secretary.post(LOG, filled(college, action=action, **strange))

    assert response.status_code in {200, 302, 422}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("held_on", "昨天", "看不懂这个日期，请写成2019年9月6日或2019-9-6。"),
        ("starts_at", "下午两点", "看不懂这个时间，请按24小时制填写，例如14:00。"),
        ("expected", "三十", "请填写整数，例如28。"),
        ("expected", "-1", "请填写0或更大的整数。"),
        ("expected", "100001", "请填写不超过100000的整数。"),
        ("title", "长" * 121, "最多120个字，现在有121个字，请删减。"),
        ("content", "长" * 20_001, "最多20000个字，现在有20001个字，请删减。"),
    ],
)
def test_a_slip_is_answered_with_how_to_mend_it(secretary, college, name, typed, sentence):
    response = secretary.post(LOG, filled(college, **{name: typed}))

    assert response.context["form"].errors[name] == [sentence]
    assert typed in response.content.decode()


def test_a_link_that_is_none_is_answered_with_an_example(secretary, college):
    response = secretary.post(LOG, filled(college, kind=ActivityKind.PUBLICITY, link="见校报"))

    [sentence] = response.context["form"].errors["link"]
    assert sentence == "请填写完整的网址，例如https://www.example.edu.cn/news/1。"


@pytest.mark.parametrize("kind", ActivityKind)
def test_every_kind_has_a_form_of_at_most_sixty_kilobytes(secretary, college, kind):
    ThemeFactory.create_batch(10, campaign=college.campaign)

    response = secretary.get(LOG, {"kind": kind})

    assert response.context["form"].kind == kind
    assert len(response.content) <= 60_000


def test_the_form_costs_no_more_with_three_records_than_with_one(
    secretary, college, django_assert_max_num_queries
):
    counts = []
    for batch in (1, 2):
        ActivityFactory.create_batch(batch, campaign=college.campaign, unit=college.branch)
        ThemeFactory.create_batch(batch, campaign=college.campaign)
        with django_assert_max_num_queries(MOST_FOR_A_PAGE) as queries:
            secretary.get(LOG)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_copy_starts_today_with_what_repeats(secretary, college):
    original = ActivityFactory(
        campaign=college.campaign, unit=college.branch, content="旧内容", place="教工之家"
    )

    form = secretary.get(LOG, {"copy": original.pk}).context["form"]

    assert (form["place"].value(), form["held_on"].value()) == ("教工之家", A_MONDAY)
    assert not form["content"].value()
    assert secretary.get(LOG, {"copy": "9" * 30}).status_code == 404


def test_outside_the_open_phase_the_form_says_so_and_keeps_the_text(secretary, college):
    college.campaign.phases.all().delete()

    response = secretary.post(LOG, filled(college))

    assert response.status_code == 422
    assert "现在不在开放记录这类活动的阶段" in page_of(response)
    assert "围绕实训条件展开讨论。" in page_of(response)


def test_a_note_is_shown_before_saving_and_one_more_tap_keeps_the_text(secretary, college):
    data = filled(college, content="机电第二党支部全体党员参加", files=[photo("现场.jpg")])

    shown = secretary.post(LOG, data)

    assert shown.status_code == 200
    assert "文中出现“机电第二党支部”" in page_of(shown)
    assert "就按这样保存" in page_of(shown)
    assert Activity.objects.get().status == ActivityStatus.DRAFT

    form = shown.context["form"]
    seen = digest(notes_on(form.sheet(()), by=college.secretary))
    del data["files"]
    kept = secretary.post(LOG, {**data, "version": form["version"].value(), "seen_notes": seen})

    assert kept.status_code == 302
    activity = Activity.objects.get()
    assert (activity.status, activity.files.count()) == (ActivityStatus.LOGGED, 1)


def test_an_autosave_brings_the_notes_along_so_that_saving_needs_no_second_tap(secretary, college):
    data = filled(college, content="机电第二党支部全体党员参加")

    saved = secretary.post(LOG, {**data, "action": "draft"}, headers={"HX-Request": "true"})

    assert 'id="notes-content"' in page_of(saved)
    assert "文中出现“机电第二党支部”" in page_of(saved)
    seen = re.search('id="seen-notes" value="([^"]+)"', page_of(saved))[1]
    version = Activity.objects.get().version
    kept = secretary.post(LOG, {**data, "version": version, "seen_notes": seen})
    assert kept.status_code == 302


def test_a_units_own_topics_are_offered_and_bring_their_theme_along(secretary, college):
    theme, other = ThemeFactory.create_batch(2, campaign=college.campaign)
    topic = SubTopic.objects.create(theme=theme, unit=college.committee, title="产业学院怎么建")
    SubTopic.objects.create(theme=other, unit=UnitFactory(), title="别的单位的题目")
    offered = secretary.get(LOG).context["form"].fields["sub_topics"].choices

    secretary.post(LOG, filled(college, sub_topics=[topic.pk]))

    activity = Activity.objects.get()
    assert offered == [(topic.pk, "产业学院怎么建")]
    assert list(activity.sub_topics.all()) == [topic]
    assert list(activity.themes.all()) == [theme]
    page = secretary.get(reverse("seminars:activity", args=[activity.pk]))
    assert "产业学院怎么建" in page_of(page)


def test_a_topic_of_another_unit_is_refused(secretary, college):
    theme = ThemeFactory(campaign=college.campaign)
    SubTopic.objects.create(theme=theme, unit=college.branch, title="产业学院怎么建")
    foreign = SubTopic.objects.create(theme=theme, unit=UnitFactory(), title="别的单位的题目")

    response = secretary.post(LOG, filled(college, sub_topics=[foreign.pk]))

    assert response.status_code == 422
    assert not Activity.objects.logged().exists()


def test_a_unit_without_topics_is_not_asked_for_any(secretary, college):
    assert "sub_topics" not in secretary.get(LOG).context["form"].fields
