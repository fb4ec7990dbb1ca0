"""How the plan group reviews a campaign: weights, quorum, co-signers, who takes which theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from proposals.assignment import assign_waiting, members_of_plan_group
from proposals.models import ReviewRules, ThemeDuty
from proposals.permissions import can_set_rules

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from accounts.models import User
    from campaign.models import Campaign

#: The criteria a campaign may add to the two of S32.
MOST_CRITERIA = 3


def _ask(by: User, campaign: Campaign) -> None:
    if not can_set_rules(by, campaign):
        raise PermissionDenied(f"{by.pk} may not set the review rules of campaign {campaign.pk}")


@transaction.atomic
def set_rules(
    campaign: Campaign, *, by: User, criteria: Sequence[tuple[str, int]] = (), **facts: Any
) -> ReviewRules:
    """Weights, quorum, co-signers, blind or not, and further criteria as (title, weight).

    Known by their titles: a changed weight counts for scores given before, and those of a
    criterion taken away count no more. Raises ValidationError if a title stands twice.
    """
    _ask(by, campaign)
    titles = [title for title, _ in criteria]
    if len(titles) != len(set(titles)):
        raise ValidationError("评分标准的名称不能重复。")
    facts["criteria"] = [{"title": title, "weight": weight} for title, weight in criteria]
    rules, _ = ReviewRules.objects.get_or_create(campaign=campaign)
    before = {name: getattr(rules, name) for name in facts}
    for name, value in facts.items():
        setattr(rules, name, value)
    rules.save(update_fields=list(facts))
    record(by, "proposals.set_rules", campaign, before, facts)
    return rules


@transaction.atomic
def set_duties(
    campaign: Campaign, duties: Mapping[int, Collection[int]], *, by: User, now: datetime
) -> int:
    """Who takes the proposals of each theme (by keys); those without a reviewer then get one.

    Returns how many found one. Whoever has a proposal already keeps it.
    """
    _ask(by, campaign)
    members = {one.pk for one in members_of_plan_group(campaign, timezone.localdate(now))}
    themes = set(campaign.themes.values_list("pk", flat=True))
    ThemeDuty.objects.filter(theme__campaign=campaign).delete()
    ThemeDuty.objects.bulk_create(
        ThemeDuty(theme_id=theme, reviewer_id=reviewer)
        for theme, reviewers in duties.items()
        for reviewer in sorted(reviewers)
        if theme in themes and reviewer in members
    )
    record(
        by,
        "proposals.set_duties",
        campaign,
        after={str(theme): sorted(reviewers) for theme, reviewers in duties.items()},
    )
    return assign_waiting(campaign, now=now)
