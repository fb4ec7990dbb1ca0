from dataclasses import replace

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from core.files import check_upload
from core.refusal import FileRefused
from seminars.choices import ActivityStatus
from seminars.models import Activity, ActivityFile
from seminars.services.activities import edit_activity
from seminars.services.files import MOST_FILES, attach
from seminars.sheets import sheet_of
from tests.factories import ActivityFactory, OpinionFactory, at
from tests.queries import MOST_FOR_A_PAGE
from tests.seminars.pictures import photo


def sign_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")


def address(name, *args):
    return reverse(f"seminars:{name}", args=args)


@pytest.fixture
def activity(college):
    return ActivityFactory(
        campaign=college.campaign, unit=college.branch, content="第一行\n<script>x</script>"
    )


def keep_photo(activity, by, colour="red"):
    checked = check_upload(photo("现场.jpg", colour))
    return attach(activity, [checked], by=by, now=at(16))[0]


def test_a_record_shows_its_text_as_text(client, college, activity):
    sign_in(client, college.staff)

    page = client.get(address("activity", activity.pk)).content.decode()

    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<script>x" not in page


def test_who_may_not_edit_is_not_offered_it(client, college, activity):
    offered = {}
    for name in ("staff", "secretary"):
        sign_in(client, getattr(college, name))
        page = client.get(address("activity", activity.pk)).content.decode()
        offered[name] = "修改记录</a>" in page and address("edit", activity.pk) in page

    assert offered == {"staff": False, "secretary": True}


def test_a_file_leaves_as_a_download_under_its_chinese_name(client, college, activity):
    kept = keep_photo(activity, college.secretary)
    sign_in(client, college.staff)

    response = client.get(address("file", activity.pk, kept.pk))

    assert response.status_code == 200
    assert "filename*=utf-8''%E7%8E%B0%E5%9C%BA.jpg" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8")


def test_a_file_is_not_found_under_another_activity(client, college, activity):
    kept = keep_photo(activity, college.secretary)
    other = ActivityFactory(campaign=college.campaign, unit=college.branch)
    sign_in(client, college.staff)

    assert client.get(address("file", other.pk, kept.pk)).status_code == 404


def test_a_removed_file_leaves_the_disk(
    client, college, activity, django_capture_on_commit_callbacks
):
    kept = keep_photo(activity, college.secretary)
    names = [kept.file.name, kept.thumbnail.name]
    assert [default_storage.exists(name) for name in names] == [True, True]
    sign_in(client, college.secretary)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("remove_file", activity.pk, kept.pk))

    assert not ActivityFile.objects.exists()
    assert [default_storage.exists(name) for name in names] == [False, False]


def test_a_tenth_file_is_refused_and_leaves_nothing_behind(college, activity):
    for number in range(MOST_FILES):
        keep_photo(activity, college.secretary, colour=f"hsl({number * 40}, 100%, 50%)")

    with pytest.raises(FileRefused, match="最多保存9个文件"):
        keep_photo(activity, college.secretary, colour="white")

    assert activity.files.count() == MOST_FILES


def test_a_discarded_draft_takes_its_files_along(
    client, college, django_capture_on_commit_callbacks
):
    draft = ActivityFactory(
        campaign=college.campaign, unit=college.branch, status=ActivityStatus.DRAFT
    )
    kept = keep_photo(draft, college.secretary)
    sign_in(client, college.secretary)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address("discard", draft.pk))

    assert not Activity.objects.exists()
    assert not default_storage.exists(kept.file.name)


def edited(college, activity, content):
    activity = Activity.objects.get(pk=activity.pk)
    sheet = sheet_of(activity)
    return edit_activity(
        activity,
        replace(sheet, values={**sheet.values, "content": content}),
        by=college.secretary,
        version=activity.version,
        now=at(17),
    )


def test_a_version_shows_what_it_changed_and_can_be_brought_back(client, college, activity):
    activity = edited(college, activity, "第二版内容")
    oldest, newest = activity.history.order_by("history_id")
    sign_in(client, college.secretary)

    page = client.get(address("version", activity.pk, newest.history_id))
    assert [change.label for change in page.context["changes"]] == ["主要内容"]
    assert "<ins>" in page.content.decode()

    client.post(address("version", activity.pk, oldest.history_id), {"version": activity.version})
    activity.refresh_from_db()
    assert activity.content == "第一行\n<script>x</script>"


def test_bringing_back_a_text_over_an_unseen_change_is_refused(client, college, activity):
    activity = edited(college, activity, "第二版内容")
    oldest = activity.history.order_by("history_id").first()
    sign_in(client, college.secretary)

    client.post(address("version", activity.pk, oldest.history_id), {"version": "0"})

    activity.refresh_from_db()
    assert activity.content == "第二版内容"


@pytest.mark.parametrize("page", ["activity", "minutes", "history"])
def test_a_page_costs_the_same_with_one_row_and_three(
    client, college, activity, page, django_assert_max_num_queries
):
    sign_in(client, college.secretary)
    counts = []
    for batch in (1, 2):
        OpinionFactory.create_batch(
            batch, campaign=college.campaign, unit=college.branch, activity=activity
        )
        for number in range(batch):
            keep_photo(
                activity, college.secretary, colour=f"hsl({(batch * 2 + number) * 40}, 100%, 50%)"
            )
            edited(college, activity, f"第{batch}{number}版")
        with django_assert_max_num_queries(MOST_FOR_A_PAGE) as queries:
            client.get(address(page, activity.pk))
        counts.append(len(queries))

    assert counts[0] == counts[1]
