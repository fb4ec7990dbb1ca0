"""News of the campaign (S45): written by a unit, approved by the campaign group, read by all.

Each step is one UPDATE that says which status it expects, so that of two people one wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.audit import record
from notices.services import announce
from outcomes.choices import NewsStatus
from outcomes.models import News
from outcomes.permissions import (
    can_approve_news,
    can_edit_news,
    can_take_down_news,
    can_write_news,
)
from outcomes.services import AlreadySettled

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from campaign.models import Campaign
    from units.models import Unit


@transaction.atomic
def draft_news(campaign: Campaign, by: User, *, unit: Unit, **columns: object) -> News:
    """Write something down that only the unit sees. Raises PermissionDenied."""
    if not can_write_news(by, campaign, unit):
        raise PermissionDenied
    news = News.objects.create(campaign=campaign, unit=unit, author=by, **columns)
    record(by, "outcomes.draft_news", news, after={"title": news.title})
    return news


@transaction.atomic
def edit_news(news: News, by: User, **columns: object) -> None:
    """Raises PermissionDenied, or AlreadySettled if it was handed in meanwhile."""
    if not can_edit_news(by, news):
        raise PermissionDenied
    _move(news, NewsStatus.DRAFT, NewsStatus.DRAFT, **columns)
    record(by, "outcomes.edit_news", news, after={"title": news.title})


@transaction.atomic
def hand_in_news(news: News, by: User) -> None:
    """Raises PermissionDenied or AlreadySettled."""
    if not can_edit_news(by, news):
        raise PermissionDenied
    _move(news, NewsStatus.DRAFT, NewsStatus.SUBMITTED, reason="")
    record(by, "outcomes.hand_in_news", news)


@transaction.atomic
def publish_news(news: News, by: User, now: datetime) -> None:
    """Everybody may read it from now on. Raises PermissionDenied or AlreadySettled."""
    if not can_approve_news(by, news):
        raise PermissionDenied
    columns = {"approved_by": by, "published_at": now}
    _move(news, NewsStatus.SUBMITTED, NewsStatus.PUBLISHED, **columns)
    record(by, "outcomes.publish_news", news)
    _tell_author(news, "已发布", "所有人可以看到，并会编入工作简报。", now)


@transaction.atomic
def return_news(news: News, by: User, *, reason: str, now: datetime) -> None:
    """Back to its author with a reason. Raises PermissionDenied or AlreadySettled."""
    if not can_approve_news(by, news):
        raise PermissionDenied
    _move(news, NewsStatus.SUBMITTED, NewsStatus.DRAFT, reason=reason)
    record(by, "outcomes.return_news", news, after={"reason": reason})
    _tell_author(news, "退回修改", reason, now)


@transaction.atomic
def take_down_news(news: News, by: User, *, reason: str, now: datetime) -> None:
    """Nobody but the unit and the campaign group reads it any more.

    Raises PermissionDenied or AlreadySettled.
    """
    if not can_take_down_news(by, news):
        raise PermissionDenied
    _move(news, NewsStatus.PUBLISHED, NewsStatus.WITHDRAWN, reason=reason)
    record(by, "outcomes.take_down_news", news, after={"reason": reason})
    _tell_author(news, "已撤下", reason, now)


def _move(news: News, old: NewsStatus, new: NewsStatus, **columns: object) -> None:
    """Raises AlreadySettled unless the row still stands where it was seen."""
    moved = News.objects.filter(pk=news.pk, status=old).update(status=new, **columns)
    if moved != 1:
        raise AlreadySettled(news.pk)
    news.refresh_from_db()
    News.history.bulk_history_create([news], update=True)


def _tell_author(news: News, what: str, body: str, now: datetime) -> None:
    announce(
        news.author,
        f"news-{news.status}:{news.pk}:{now:%Y%m%d%H%M%S}",
        kind="news",
        title=f"动态《{news.title}》{what}",
        body=body,
        reason="您是这条动态的作者。",
        url=reverse("outcomes:news_item", args=[news.pk]),
        now=now,
    )
