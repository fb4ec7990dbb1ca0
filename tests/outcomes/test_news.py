"""News (S45): a draft is invisible, a second person approves, everybody reads what is published."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEntry
from campaign.choices import CampaignState
from notices.models import Notice
from outcomes import news as service
from outcomes.choices import NewsKind, NewsStatus
from outcomes.models import News
from outcomes.services import AlreadySettled
from reports.bulletin_drafts import draft_text
from tests.factories import ActivityFactory, MembershipFactory, at
from tests.queries import queries_of
from units.choices import Position

NOW = at(10)
TODAY = NOW.date()


def drafted(college, **facts):
    return service.draft_news(
        college.campaign,
        college.secretary,
        **{
            "unit": college.branch,
            "kind": NewsKind.UPDATE,
            "title": "支部研讨学分银行",
            "text": "大家谈了三个办法。",
            **facts,
        },
    )


def handed_in(college, **facts):
    news = drafted(college, **facts)
    service.hand_in_news(news, college.secretary)
    return news


def published(college, **facts):
    news = handed_in(college, **facts)
    service.publish_news(news, college.organiser, NOW)
    return news


def typed(college, **more):
    return {
        "kind": NewsKind.EXCHANGE,
        "unit": college.branch.pk,
        "title": "三句话讲清学分银行",
        "text": "先认定，再转换，后兑换。",
        **more,
    }


def seen_by(user):
    return set(News.objects.visible_to(user))


def test_a_draft_is_seen_by_its_unit_alone(college):
    news = drafted(college)

    readers = [college.secretary, college.organiser, college.reviewer, college.sibling_secretary]
    assert [news in seen_by(user) for user in readers] == [True, False, False, False]


def test_what_waits_is_seen_by_the_unit_and_the_campaign_group(college):
    news = handed_in(college)

    readers = [college.secretary, college.organiser, college.reviewer, college.sibling_secretary]
    assert [news in seen_by(user) for user in readers] == [True, True, False, False]


def test_everybody_reads_what_is_published(college):
    news = published(college)

    assert all(news in seen_by(user) for user in (college.reviewer, college.sibling_secretary))
    assert (news.approved_by, news.published_at) == (college.organiser, NOW)


def test_the_author_hears_of_publishing_and_of_return(college):
    news = handed_in(college)
    service.return_news(news, college.organiser, reason="请写明地点。", now=NOW)
    service.hand_in_news(news, college.secretary)
    service.publish_news(news, college.organiser, NOW)

    told = Notice.objects.filter(recipient=college.secretary, kind="news").order_by("pk")
    assert [(notice.title, notice.body) for notice in told] == [
        ("动态《支部研讨学分银行》退回修改", "请写明地点。"),
        ("动态《支部研讨学分银行》已发布", "所有人可以看到，并会编入工作简报。"),
    ]


def test_nobody_approves_what_they_wrote(college):
    MembershipFactory.create(
        unit=college.branch, user=college.organiser, position=Position.SECRETARY
    )
    news = service.draft_news(
        college.campaign,
        college.organiser,
        unit=college.branch,
        kind=NewsKind.UPDATE,
        title="自己写的",
        text="正文。",
    )
    service.hand_in_news(news, college.organiser)

    with pytest.raises(PermissionDenied):
        service.publish_news(news, college.organiser, NOW)
    news.refresh_from_db()
    assert news.status == NewsStatus.SUBMITTED


@pytest.mark.parametrize("step", ["hand_in", "publish", "return", "take_down"])
def test_only_who_may_takes_a_step(college, step):
    news = {"hand_in": drafted, "publish": handed_in, "return": handed_in, "take_down": published}[
        step
    ](college)
    steps = {
        "hand_in": lambda: service.hand_in_news(news, college.sibling_secretary),
        "publish": lambda: service.publish_news(news, college.reviewer, NOW),
        "return": lambda: service.return_news(news, college.reviewer, reason="不", now=NOW),
        "take_down": lambda: service.take_down_news(news, college.secretary, reason="不", now=NOW),
    }
    before = AuditEntry.objects.count()

    with pytest.raises(PermissionDenied):
        steps[step]()

    assert AuditEntry.objects.count() == before


def test_of_two_who_approve_the_second_is_told(college):
    first = handed_in(college)
    second = News.objects.get(pk=first.pk)
    service.publish_news(first, college.organiser, NOW)

    with pytest.raises(AlreadySettled):
        service.return_news(second, college.organiser, reason="晚了", now=NOW)

    assert News.objects.get().status == NewsStatus.PUBLISHED
    assert News.history.filter(status=NewsStatus.PUBLISHED).count() == 1


def test_nothing_is_written_once_the_campaign_is_sealed(college):
    college.campaign.state = CampaignState.SEALED
    college.campaign.save()

    with pytest.raises(PermissionDenied):
        drafted(college)


def test_a_secretary_writes_hands_in_and_reads_the_answer(client, college):
    client.force_login(college.secretary)
    held = ActivityFactory.create(campaign=college.campaign, unit=college.branch)

    answer = client.post(
        reverse("outcomes:write_news"), typed(college, activity=held.pk), follow=True
    )

    news = News.objects.get()
    assert (news.status, news.activity, news.author) == (
        NewsStatus.SUBMITTED,
        held,
        college.secretary,
    )
    assert "已交三大工作组审核" in answer.content.decode()


def test_a_draft_stays_a_draft_until_it_is_handed_in(client, college):
    client.force_login(college.secretary)

    client.post(reverse("outcomes:write_news"), typed(college, action="draft"))
    news = News.objects.get()
    assert news.status == NewsStatus.DRAFT
    client.post(reverse("outcomes:edit_news", args=[news.pk]), typed(college, title="改了标题"))

    news.refresh_from_db()
    assert (news.title, news.status) == ("改了标题", NewsStatus.SUBMITTED)


def test_wrong_input_is_named_and_what_was_typed_stays(client, college):
    client.force_login(college.secretary)

    answer = client.post(reverse("outcomes:write_news"), typed(college, title="", text="写了很多"))

    assert answer.status_code == 422
    assert answer.context["form"].errors["title"] == ["请填写“标题”。"]
    assert "写了很多" in answer.content.decode()
    assert not News.objects.exists()


def test_the_campaign_group_publishes_and_takes_down_on_the_pages(client, college):
    news = handed_in(college)
    client.force_login(college.organiser)

    client.post(reverse("outcomes:publish_news", args=[news.pk]))
    refused = client.post(reverse("outcomes:take_down_news", args=[news.pk]), {"reason": ""})
    client.post(reverse("outcomes:take_down_news", args=[news.pk]), {"reason": "地点写错了。"})

    news.refresh_from_db()
    assert refused.status_code == 422
    assert (news.status, news.reason) == (NewsStatus.WITHDRAWN, "地点写错了。")
    assert news not in seen_by(college.sibling_secretary)


def test_the_list_costs_the_same_queries_for_one_and_for_three(client, college):
    published(college)
    client.force_login(college.sibling_secretary)
    one = queries_of(lambda: client.get(reverse("outcomes:news")))
    published(college, title="第二条")
    published(college, title="第三条")

    assert queries_of(lambda: client.get(reverse("outcomes:news"))) == one


def test_a_bulletin_starts_from_the_news_published_in_its_days(college):
    published(college)
    handed_in(college, title="还没发布")

    text = draft_text(college.campaign, TODAY, TODAY, NOW)

    assert "动态选登" in text
    assert f"{college.branch.short_name}：支部研讨学分银行。大家谈了三个办法。" in text
    assert "还没发布" not in text
    assert "动态选登" not in draft_text(college.campaign, date(2019, 9, 1), date(2019, 9, 2), NOW)


def test_what_waits_stands_on_the_home_of_the_campaign_group(client, college):
    handed_in(college)
    client.force_login(college.organiser)

    page = client.get(reverse("home")).content.decode()

    assert "等待审核的动态" in page
