"""What the campaign group may set: thresholds, budget, words of reminders, rest days."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from accounts.models import AuditEntry
from campaign.models import Campaign
from campaign.permissions import can_steer
from notices.models import RestPeriod
from supervision.burden import rule_of
from supervision.ladder import Thresholds
from supervision.models import BurdenRule, LadderRule, NoticeTemplate
from supervision.phrasing import USUAL, phrasing_of
from supervision.services.ladder import thresholds_of

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from supervision.phrasing import Template

_SET_RULES = "supervision.set_rules"
_CHANGES_SHOWN = 5


@dataclass(frozen=True)
class Rules:
    """At how much time left the rungs begin, in percent, and how much a unit may be asked for."""

    blue: int
    yellow: int
    orange: int
    weekly_requests: int

    def __str__(self) -> str:
        shares = f"蓝{self.blue}%、黄{self.yellow}%、橙{self.orange}%"
        return f"{shares}，每周{self.weekly_requests}项"

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(self.blue, self.yellow, self.orange)


class SetMeanwhile(Exception):
    """Somebody has set it since it was shown; the message is what it says now."""


def rules_of(campaign: Campaign) -> Rules:
    shares = thresholds_of(campaign)
    return Rules(shares.blue, shares.yellow, shares.orange, rule_of(campaign))


@transaction.atomic
def set_rules(campaign: Campaign, by: User, rules: Rules, *, seen: str = "") -> None:
    """Set the rules if they still are as `seen` says; empty: whatever they are.

    Rungs that were told already are not told again: the steps remember them. Raises
    PermissionDenied or SetMeanwhile.
    """
    _ask(by, campaign)
    before = rules_of(_held(campaign))
    _compare(str(before), seen)
    rule, _made = LadderRule.objects.update_or_create(
        campaign=campaign,
        defaults={
            "blue_percent": rules.blue,
            "yellow_percent": rules.yellow,
            "orange_percent": rules.orange,
        },
    )
    BurdenRule.objects.update_or_create(
        campaign=campaign, defaults={"weekly_requests": rules.weekly_requests}
    )
    record(by, _SET_RULES, rule, before=asdict(before), after=asdict(rules))


def changes_of_rules(campaign: Campaign) -> list[tuple[AuditEntry, Rules, Rules]]:
    """The latest changes, newest first, each with the rules before and after."""
    rule = LadderRule.objects.filter(campaign=campaign).first()
    changed = AuditEntry.objects.filter(
        action=_SET_RULES,
        subject_type=LadderRule._meta.label_lower,
        subject_id=rule.pk if rule else "",
    )
    entries = changed.select_related("actor").order_by("-pk")[:_CHANGES_SHOWN]
    return [(one, Rules(**one.before), Rules(**one.after)) for one in entries]


@transaction.atomic
def word_reminder(
    campaign: Campaign, by: User, rung: str, template: Template, *, seen: str = ""
) -> None:
    """Reminders of that rung read so from now on. Raises PermissionDenied or SetMeanwhile."""
    _ask(by, campaign)
    now = phrasing_of(_held(campaign)).templates.get(rung, USUAL)
    _compare(str(now), seen)
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


def _held(campaign: Campaign) -> Campaign:
    """The campaign, locked until the transaction ends: some rules have no row of their own yet."""
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)


def _compare(now: str, seen: str) -> None:
    if seen and seen != now:
        raise SetMeanwhile(now)


def _ask(by: User, campaign: Campaign) -> None:
    if not can_steer(by, campaign):
        raise PermissionDenied
