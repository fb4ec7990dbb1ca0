"""What the campaign group may set: thresholds, budget, words of reminders, rest days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from campaign.permissions import can_steer
from notices.models import RestPeriod
from supervision.models import BurdenRule, LadderRule, NoticeTemplate

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign
    from supervision.phrasing import Template


@transaction.atomic
def set_rules(
    campaign: Campaign, by: User, *, blue: int, yellow: int, orange: int, weekly_requests: int
) -> None:
    """When the rungs begin and how much a unit may be asked for. Raises PermissionDenied.

    Rungs that were told already are not told again: the steps remember them.
    """
    _ask(by, campaign)
    shares = {"blue_percent": blue, "yellow_percent": yellow, "orange_percent": orange}
    rule, _made = LadderRule.objects.update_or_create(campaign=campaign, defaults=shares)
    BurdenRule.objects.update_or_create(
        campaign=campaign, defaults={"weekly_requests": weekly_requests}
    )
    after = {**shares, "weekly_requests": weekly_requests}
    record(by, "supervision.set_rules", rule, after=after)


@transaction.atomic
def word_reminder(campaign: Campaign, by: User, rung: str, template: Template) -> None:
    """Reminders of that rung read so from now on. Raises PermissionDenied."""
    _ask(by, campaign)
    words = {"title": template.title, "body": template.body}
    row, _made = NoticeTemplate.objects.update_or_create(
        campaign=campaign, rung=rung, defaults=words
    )
    record(by, "supervision.word_reminder", row, after=words)


@transaction.atomic
def use_usual_words(campaign: Campaign, by: User, rung: str) -> None:
    """Back to the usual words. Raises PermissionDenied."""
    _ask(by, campaign)
    for row in NoticeTemplate.objects.filter(campaign=campaign, rung=rung):
        record(by, "supervision.use_usual_words", row, before={"title": row.title})
        row.delete()


@transaction.atomic
def add_rest_days(
    campaign: Campaign, by: User, *, name: str, starts_on: date, ends_on: date
) -> RestPeriod:
    """Days on which the school rests and nothing is sent. Raises PermissionDenied."""
    _ask(by, campaign)
    period = RestPeriod.objects.create(name=name, starts_on=starts_on, ends_on=ends_on)
    record(by, "supervision.add_rest_days", period, after={"from": starts_on, "to": ends_on})
    return period


@transaction.atomic
def remove_rest_days(campaign: Campaign, by: User, period: RestPeriod) -> None:
    """The school does not rest then after all. Raises PermissionDenied."""
    _ask(by, campaign)
    record(by, "supervision.remove_rest_days", period, before={"name": period.name})
    period.delete()


def _ask(by: User, campaign: Campaign) -> None:
    if not can_steer(by, campaign):
        raise PermissionDenied
