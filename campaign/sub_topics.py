"""Units' own topics (S31): each under exactly one theme, set by whoever reports for the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from campaign.models import SubTopic
from campaign.permissions import can_set_topics
from core.chinese_text import counted

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Theme
    from units.models import Unit


class OtherTheme(Exception):
    """The unit has this topic already, under a theme that the message names."""


@transaction.atomic
def add_sub_topic(by: User, unit: Unit, theme: Theme, title: str) -> SubTopic:
    """Set a topic; the same one twice is one row. Raises PermissionDenied or OtherTheme."""
    if not can_set_topics(by, unit, theme.campaign):
        raise PermissionDenied
    same = SubTopic.objects.filter(unit=unit, title=title, theme__campaign=theme.campaign_id)
    for known in same.select_related("theme"):
        if known.theme_id != theme.pk:
            raise OtherTheme(str(known.theme))
        return known
    topic = SubTopic.objects.create(unit=unit, theme=theme, title=title)
    record(by, "campaign.add_sub_topic", topic, after={"unit": unit.pk, "title": title})
    return topic


class StillNamed(Exception):
    """Records say that this topic was discussed; the message says how many."""


@transaction.atomic
def remove_sub_topic(by: User, topic: SubTopic) -> None:
    """Raises PermissionDenied, or StillNamed while a record names the topic."""
    if not can_set_topics(by, topic.unit, topic.theme.campaign):
        raise PermissionDenied
    if records := topic.activities.count():
        raise StillNamed(f"已有{counted(records, '场')}活动记录了这个主题")
    record(by, "campaign.remove_sub_topic", topic, before={"title": topic.title})
    topic.delete()
