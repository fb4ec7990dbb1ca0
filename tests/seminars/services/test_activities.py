from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from accounts.models import AuditEntry
from campaign.choices import ActivityKind, Gate
from campaign.models import LinkedWork
from seminars.choices import ActivityStatus, OpinionStatus, StudyLevel
from seminars.models import Activity
from seminars.services.activities import (
    EditedMeanwhile,
    NotOpen,
    copy_of,
    discard_draft,
    edit_activity,
    log_activity,
    restore,
    save_draft,
)
from seminars.sheets import OpinionLine, Sheet, sheet_of
from tests.factories import (
    A_MONDAY,
    AudienceGroupFactory,
    PhaseFactory,
    ThemeFactory,
    at,
)

NOW = at(16)


def forum(college, **values):
    filled = {
        "title": "“双高计划”建设座谈会",
        "held_on": A_MONDAY,
        "place": "第一会议室",
        "host": "陈示例",
        "expected": 28,
        "present": 26,
        "content": "围绕实训条件展开讨论。",
    }
    return Sheet(
        campaign=college.campaign,
        unit=college.branch,
        kind=ActivityKind.FORUM,
        values={**filled, **values},
        opinions=(),
    )


def log(sheet, by, key=None, version=0, now=NOW):
    return log_activity(sheet, by=by, client_key=key or uuid4(), version=version, now=now)


def draft(sheet, by, key=None, version=0, now=NOW):
    return save_draft(sheet, by=by, client_key=key or uuid4(), version=version, now=now)


def test_a_logged_activity_holds_what_was_written_who_and_when(college):
    theme = ThemeFactory(campaign=college.campaign)
    group = AudienceGroupFactory(campaign=college.campaign)
    sheet = replace(
        forum(college),
        lists={"themes": [theme], "audience_groups": [group]},
        opinions=[OpinionLine("希望实训室晚间开放", audience_group=group.pk, theme=theme.pk)],
    )

    activity = log(sheet, college.secretary)

    activity = Activity.objects.get(pk=activity.pk)
    assert activity.status == ActivityStatus.LOGGED
    assert (activity.created_by, activity.created_at) == (college.secretary, NOW)
    assert (activity.unit, activity.expected, activity.present) == (college.branch, 28, 26)
    assert activity.absent == 2
    assert list(activity.themes.all()) == [theme]
    opinion = activity.opinions.get()
    assert (opinion.text, opinion.theme, opinion.audience_group) == (
        "希望实训室晚间开放",
        theme,
        group,
    )
    assert (opinion.unit, opinion.raised_on) == (college.branch, A_MONDAY)
    assert (opinion.is_anonymous, opinion.contributor) == (True, None)


def test_logging_writes_one_history_row_with_its_lists_and_one_audit_row(college):
    theme = ThemeFactory(campaign=college.campaign)

    activity = log(replace(forum(college), lists={"themes": [theme]}), college.secretary)

    remembered = activity.history.get()
    assert [link.theme for link in remembered.themes.all()] == [theme]
    assert (remembered.history_user, remembered.history_change_reason) == (
        college.secretary,
        "记录",
    )
    entry = AuditEntry.objects.get(action="seminars.log")
    assert (entry.actor, entry.subject_id) == (college.secretary, str(activity.pk))
    assert entry.after["present"] == 26


@pytest.mark.parametrize("who", ["staff", "stranger", "organiser"])
def test_only_the_units_reporters_log_for_it(college, who):
    with pytest.raises(PermissionDenied):
        log(forum(college), getattr(college, who))
    with pytest.raises(PermissionDenied):
        draft(forum(college), getattr(college, who))

    assert not Activity.objects.exists()


def test_more_present_than_expected_is_refused_with_the_mend(college):
    with pytest.raises(ValidationError) as refused:
        log(forum(college, present=32), college.secretary)

    assert refused.value.message_dict == {
        "present": ["实到（32）比应到（28）多。列席人员请填在“列席”里。"]
    }
    assert not Activity.objects.exists()


def test_nothing_is_logged_in_a_phase_that_does_not_open_the_kind(college):
    college.campaign.phases.all().delete()
    PhaseFactory(
        campaign=college.campaign,
        starts_on=date(2019, 8, 25),
        ends_on=date(2019, 9, 10),
        opens=[Gate.PUBLICITY, Gate.STUDY],
    )
    early = forum(college, held_on=date(2019, 9, 10))

    with pytest.raises(NotOpen):
        log(early, college.secretary, now=at(10, on=date(2019, 9, 10)))
    with pytest.raises(NotOpen):
        log(early, college.secretary, now=at(10, on=date(2019, 9, 11)))
    log(
        replace(early, kind=ActivityKind.STAFF_POLITICAL_STUDY),
        college.secretary,
        now=at(10, on=date(2019, 9, 10)),
    )

    assert Activity.objects.get().kind == ActivityKind.STAFF_POLITICAL_STUDY


def test_a_kind_keeps_only_its_own_fields(college):
    sheet = forum(college, speaker="某专家", issued=100, channel="校报")

    activity = log(sheet, college.secretary)

    assert (activity.speaker, activity.issued, activity.channel) == ("", None, "")


def test_central_group_study_of_a_branchs_committee_is_at_college_level(college):
    sheet = replace(forum(college), kind=ActivityKind.CENTRAL_GROUP_STUDY, unit=college.committee)

    assert log(sheet, college.committee_secretary).level == StudyLevel.COLLEGE


def test_a_double_click_logs_once(college):
    key = uuid4()
    sheet = replace(forum(college), opinions=[OpinionLine("延长开放时间")])

    first = log(sheet, college.secretary, key)
    second = log(sheet, college.secretary, key)

    assert second == first
    assert Activity.objects.get().opinions.count() == 1
    assert first.history.count() == 1


def test_going_back_and_sending_another_text_is_not_lost_silently(college):
    key = uuid4()
    log(forum(college), college.secretary, key)

    with pytest.raises(EditedMeanwhile):
        log(forum(college, content="另一段内容"), college.secretary, key)
    with pytest.raises(EditedMeanwhile):
        log(
            replace(forum(college), opinions=[OpinionLine("后补的意见")]),
            college.secretary,
            key,
        )

    assert Activity.objects.get().content == "围绕实训条件展开讨论。"


def test_nobody_takes_over_a_key_of_another_unit(college):
    key = uuid4()
    log(forum(college), college.secretary, key)

    with pytest.raises(PermissionDenied):
        log(replace(forum(college), unit=college.sibling), college.stranger, key)


def test_a_draft_may_be_incomplete_and_contradict_itself(college):
    sheet = replace(
        forum(college, title="", present=32, content=""), opinions=[OpinionLine("半句话")]
    )

    saved = draft(sheet, college.secretary)

    saved = Activity.objects.get(pk=saved.pk)
    assert (saved.status, saved.title, saved.present) == (ActivityStatus.DRAFT, "", 32)
    assert [line["text"] for line in saved.draft_opinions] == ["半句话"]
    assert (saved.opinions.count(), saved.history.count()) == (0, 0)


def test_a_draft_becomes_a_record_and_its_lines_become_opinions(college):
    key = uuid4()
    sheet = replace(forum(college), opinions=[OpinionLine("延长开放时间")])
    saved = draft(sheet, college.secretary, key)

    activity = log(sheet, college.secretary, key, version=saved.version)

    assert activity.pk == saved.pk
    assert Activity.objects.get().draft_opinions == []
    assert [opinion.text for opinion in activity.opinions.all()] == ["延长开放时间"]


def test_saving_the_same_draft_twice_is_one_draft_and_no_conflict(college):
    key = uuid4()

    first = draft(forum(college), college.secretary, key)
    second = draft(forum(college), college.secretary, key)

    assert (second, second.version) == (first, first.version)


def test_a_draft_changed_on_another_device_is_not_overwritten(college):
    key = uuid4()
    saved = draft(forum(college), college.secretary, key)
    draft(forum(college, content="手机上写的"), college.secretary, key, version=saved.version)

    with pytest.raises(EditedMeanwhile) as late:
        draft(forum(college, content="电脑上写的"), college.liaison, key, version=saved.version)

    assert late.value.activity.content == "手机上写的"


def test_a_discarded_draft_leaves_nothing_and_a_record_cannot_be_discarded(college):
    saved = draft(forum(college), college.secretary)
    logged = log(forum(college), college.secretary)

    discard_draft(saved, by=college.secretary)
    discard_draft(logged, by=college.secretary)

    assert list(Activity.objects.all()) == [logged]
    assert Activity.history.filter(id=saved.pk).count() == 0
    assert logged.history.count() == 1


def test_an_edit_is_remembered_with_what_changed(college):
    activity = log(forum(college), college.secretary)

    edit_activity(
        activity,
        replace(forum(college, present=27), opinions=None),
        by=college.liaison,
        version=activity.version,
        now=NOW + timedelta(hours=1),
    )

    newest, oldest = activity.history.all()
    assert (oldest.present, newest.present) == (26, 27)
    assert (newest.history_user, newest.history_date) == (
        college.liaison,
        NOW + timedelta(hours=1),
    )
    entry = AuditEntry.objects.get(action="seminars.edit")
    assert (entry.before, entry.after) == ({"present": 26}, {"present": 27})


def test_the_later_of_two_editors_is_told_and_nothing_is_overwritten(college):
    activity = log(forum(college), college.secretary)
    stale = Activity.objects.get(pk=activity.pk)
    edit_activity(
        activity,
        forum(college, content="先到的修改"),
        by=college.secretary,
        version=activity.version,
        now=NOW,
    )

    with pytest.raises(EditedMeanwhile) as late:
        edit_activity(
            stale,
            forum(college, content="后到的修改"),
            by=college.liaison,
            version=stale.version,
            now=NOW,
        )

    assert late.value.activity.content == "先到的修改"
    assert Activity.objects.get().content == "先到的修改"
    assert activity.history.count() == 2


def test_an_edit_corrects_adds_and_drops_open_opinions_and_leaves_settled_ones(college):
    sheet = replace(
        forum(college), opinions=[OpinionLine("改一改"), OpinionLine("删掉"), OpinionLine("已定")]
    )
    activity = log(sheet, college.secretary)
    by_text = {opinion.text: opinion for opinion in activity.opinions.all()}
    activity.opinions.filter(text="已定").update(status=OpinionStatus.SOLVED)

    edit_activity(
        activity,
        replace(
            forum(college),
            opinions=[
                OpinionLine("改好了", opinion=str(by_text["改一改"].pk)),
                OpinionLine("新的"),
            ],
        ),
        by=college.secretary,
        version=activity.version,
        now=NOW,
    )

    texts = {opinion.text: opinion.pk for opinion in activity.opinions.all()}
    assert set(texts) == {"改好了", "新的", "已定"}
    assert texts["改好了"] == by_text["改一改"].pk


def test_a_sibling_unit_cannot_edit(college):
    activity = log(forum(college), college.secretary)

    with pytest.raises(PermissionDenied):
        edit_activity(activity, forum(college), by=college.stranger, version=1, now=NOW)


def test_an_edit_cannot_hand_a_record_to_a_unit_one_does_not_report_for(college):
    activity = log(forum(college), college.secretary)

    with pytest.raises(PermissionDenied):
        edit_activity(
            activity,
            replace(forum(college), unit=college.sibling),
            by=college.secretary,
            version=activity.version,
            now=NOW,
        )


def test_an_earlier_text_is_restored_as_a_new_edit_with_its_lists(college):
    first_work, second_work = (
        LinkedWork.objects.create(campaign=college.campaign, order=order, name=name)
        for order, name in enumerate(["主题教育", "巡视整改"])
    )
    activity = log(replace(forum(college), lists={"linked_works": [first_work]}), college.secretary)
    earlier = activity.history.get()
    activity = edit_activity(
        activity,
        replace(forum(college, content="改坏了"), lists={"linked_works": [second_work]}),
        by=college.secretary,
        version=activity.version,
        now=NOW,
    )

    restore(activity, earlier.history_id, by=college.liaison, version=activity.version, now=NOW)

    activity = Activity.objects.get()
    assert activity.content == "围绕实训条件展开讨论。"
    assert list(activity.linked_works.all()) == [first_work]
    assert activity.history.count() == 3
    assert activity.history.first().history_change_reason == "恢复到9月16日16:00的内容"


def test_a_copy_repeats_what_repeats_and_leaves_out_what_happened_once(college):
    theme = ThemeFactory(campaign=college.campaign)
    activity = log(
        replace(forum(college), lists={"themes": [theme]}, opinions=[OpinionLine("旧意见")]),
        college.secretary,
    )

    copied = copy_of(activity)

    assert (copied.kind, copied.unit) == (ActivityKind.FORUM, college.branch)
    assert (copied.values["place"], copied.values["expected"]) == ("第一会议室", 28)
    assert copied.lists["themes"] == [theme]
    assert not {"held_on", "present", "content"} & set(copied.values)
    assert copied.opinions == ()


def test_a_sheet_made_of_a_record_would_change_nothing(college):
    activity = log(forum(college), college.secretary)

    assert sheet_of(activity).columns()["content"] == "围绕实训条件展开讨论。"
    assert (
        log(replace(sheet_of(activity), opinions=()), college.secretary, activity.client_key)
        == activity
    )


def in_parallel(count: int, act: Callable[[int], object]) -> list[object]:
    """What each of `count` simultaneous calls returned or raised."""

    def one(number: int) -> object:
        try:
            return act(number)
        except Exception as error:  # noqa: BLE001 - the test looks at what was raised
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_editors_one_wins_and_seven_are_told(college):
    activity = log(forum(college), college.secretary)

    def edit(number: int) -> object:
        return edit_activity(
            Activity.objects.get(pk=activity.pk),
            forum(college, content=f"第{number}人的修改"),
            by=college.secretary,
            version=activity.version,
            now=NOW,
        )

    outcomes = in_parallel(8, edit)

    assert sum(isinstance(outcome, Activity) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, EditedMeanwhile) for outcome in outcomes) == 7
    assert activity.history.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_eight_simultaneous_posts_of_one_page_one_row_is_made(college):
    key = uuid4()
    sheet = replace(forum(college), opinions=[OpinionLine("延长开放时间")])

    outcomes = in_parallel(8, lambda _: log(sheet, college.secretary, key).pk)

    assert outcomes == [Activity.objects.get().pk] * 8
    assert Activity.objects.get().opinions.count() == 1
