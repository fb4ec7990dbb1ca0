import pytest
from django.urls import reverse

from campaign.models import LinkedWork
from seminars.models import SavedView
from seminars.services.saved_views import MOST_VIEWS
from tests.factories import ActivityFactory

pytestmark = pytest.mark.django_db

LEDGER = reverse("seminars:activities")
SAVE = reverse("seminars:save_view")


@pytest.fixture
def as_secretary(client, college):
    client.force_login(college.secretary)
    return client


def test_filters_kept_under_a_name_are_one_tap_away_and_can_be_dropped(as_secretary, college):
    as_secretary.post(SAVE, {"name": "座谈会里说企业的", "query": "q=企&kind=forum&after=1&x=y"})

    [view] = SavedView.objects.all()
    assert (view.owner, view.query) == (college.secretary, "q=%E4%BC%81&kind=forum")
    page = as_secretary.get(f"{LEDGER}?{view.query}").content.decode()
    assert "座谈会里说企业的" in page
    as_secretary.post(reverse("seminars:drop_view", args=[view.pk]))
    assert not SavedView.objects.exists()


def test_the_same_name_again_replaces_the_filters(as_secretary):
    as_secretary.post(SAVE, {"name": "常看", "query": "kind=forum"})
    as_secretary.post(SAVE, {"name": "常看", "query": "kind=seminar"})

    assert [view.query for view in SavedView.objects.all()] == ["kind=seminar"]


def test_nothing_is_kept_without_a_name_or_without_filters(as_secretary):
    as_secretary.post(SAVE, {"name": "", "query": "kind=forum"})
    as_secretary.post(SAVE, {"name": "空", "query": "kind=没有这种"})

    assert not SavedView.objects.exists()


def test_a_full_list_is_said_and_nobody_elses_is_shown(as_secretary, college):
    for number in range(MOST_VIEWS):
        SavedView.objects.create(owner=college.secretary, name=str(number), query="kind=forum")
    SavedView.objects.create(owner=college.stranger, name="别人的", query="kind=forum")

    page = as_secretary.post(SAVE, {"name": "再来", "query": "q=a"}, follow=True).content.decode()

    assert f"最多保存{MOST_VIEWS}个" in page
    assert "别人的" not in page


def test_a_tag_narrows_to_what_was_held_together_with_that_work(as_secretary, college):
    work = LinkedWork.objects.create(campaign=college.campaign, order=1, name="巡视整改")
    other = LinkedWork.objects.create(campaign=college.campaign, order=2, name="主题教育")
    both = ActivityFactory(campaign=college.campaign, unit=college.branch, title="两项一起")
    both.linked_works.set([work, other])
    ActivityFactory(campaign=college.campaign, unit=college.branch, title="单独的")

    page = as_secretary.get(LEDGER, {"tag": work.pk}).content.decode()

    assert "两项一起" in page
    assert "单独的" not in page
    assert "共1条" in page
