"""Who of the plan group looks at a proposal first, and who can look at it at all (N11)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notices.services import Message, announce_all
from proposals.choices import Status
from proposals.models import Assignment, Proposal, Recusal, ThemeDuty
from proposals.querysets import is_home
from units.choices import UnitKind
from units.models import Membership

if TYPE_CHECKING:
    from datetime import date, datetime

    from campaign.models import Campaign
    from units.models import Unit


def members_of_plan_group(campaign: Campaign, on: date) -> list[User]:
    """Everyone who sits in the plan group on that day, in a fixed order."""
    seats = Membership.objects.current(on).filter(unit=campaign.plan_group_id)
    people = User.objects.filter(pk__in=seats.values("user"), is_active=True)
    return list(people.order_by("pk"))


def eligible_reviewers(proposal: Proposal, on: date) -> list[User]:
    """Members of the plan group without a conflict, in a fixed order."""
    return list(User.objects.filter(pk__in=eligible_keys(proposal, on)).order_by("pk"))


def eligible_keys(proposal: Proposal, on: date) -> set[int]:
    """Keys of `eligible_reviewers`: the same rule as `with_conflict_of`, for all members at once.

    Two queries, and one for what was merged into the proposal unless that was prefetched.
    """
    parts = [proposal, *proposal.merged.all()]
    recused = Recusal.objects.filter(proposal=proposal).values_list("reviewer_id", flat=True)
    out = {part.author_id for part in parts} | set(recused)
    units = [part.unit for part in parts]
    return {
        person
        for person, homes in _homes_of_members(proposal.campaign, on).items()
        if person not in out
        and not any(is_same_line(path, unit) for path in homes for unit in units)
    }


def is_same_line(path: str, unit: Unit) -> bool:
    """Whether the unit at `path` is `unit`, lies below it, or contains it short of the school."""
    contains = path.startswith(unit.path) and unit.kind != UnitKind.SCHOOL
    return contains or unit.path.startswith(path)


def _homes_of_members(campaign: Campaign, on: date) -> dict[int, set[str]]:
    """Tree paths of the units that are each member's own."""
    seats = Membership.objects.current(on).filter(unit=campaign.plan_group_id)
    posts = Membership.objects.current(on).filter(
        user__in=seats.values("user"), user__is_active=True, unit__closed_on__isnull=True
    )
    homes: dict[int, set[str]] = defaultdict(set)
    for person, path, kind in posts.values_list("user_id", "unit__path", "unit__kind"):
        homes[person] |= {path} if is_home(kind) else set()
    return homes


def assign(proposal: Proposal, *, now: datetime) -> User | None:
    """Give the proposal to the eligible reviewer with the fewest waiting ones; None if nobody is.

    Those on duty for its theme come first. An eligible reviewer who has it already keeps it.
    """
    eligible = eligible_reviewers(proposal, timezone.localdate(now))
    current = Assignment.objects.filter(proposal=proposal).first()
    if current and current.reviewer in eligible:
        return current.reviewer
    if not eligible:
        Assignment.objects.filter(proposal=proposal).delete()
        _call_for_reviewers(proposal, now)
        return None
    chosen = _least_loaded(eligible, proposal)
    Assignment.objects.update_or_create(proposal=proposal, defaults={"reviewer": chosen, "at": now})
    return chosen


def assign_waiting(campaign: Campaign, *, now: datetime) -> int:
    """Find a reviewer for every waiting proposal whose own has gone, or that never had one.

    For when somebody joins or leaves the plan group; returns how many found one.
    """
    members = {member.pk for member in members_of_plan_group(campaign, timezone.localdate(now))}
    waiting = Proposal.objects.in_campaign(campaign).waiting().select_related("campaign", "unit")
    lacking = waiting.exclude(assignment__reviewer__in=members).order_by("pk")
    return sum(assign(proposal, now=now) is not None for proposal in lacking)


def _least_loaded(eligible: list[User], proposal: Proposal) -> User:
    waiting = Assignment.objects.filter(
        proposal__status=Status.SUBMITTED, proposal__campaign_id=proposal.campaign_id
    )
    load = dict(waiting.order_by().values_list("reviewer").annotate(Count("pk")))
    duties = ThemeDuty.objects.filter(theme_id=proposal.theme_id)
    on_duty = set(duties.values_list("reviewer_id", flat=True))
    return min(
        eligible, key=lambda person: (person.pk not in on_duty, load.get(person.pk, 0), person.pk)
    )


def _call_for_reviewers(proposal: Proposal, now: datetime) -> None:
    """Nobody may judge it: the campaign group has to appoint somebody who may."""
    seats = Membership.objects.current(timezone.localdate(now)).filter(
        unit=proposal.campaign.campaign_group
    )
    seats = seats.order_by("user")
    announce_all(
        [
            Message(
                recipient=seat.user,
                key=f"proposal-without-reviewer:{proposal.pk}",
                kind="proposal",
                title=f"建议《{proposal.title}》没有可审议的成员",
                body="工作组成员均须回避。请增补一名与该建议无关的成员。",
                reason="您是三大工作组成员，负责协调。",
                url=reverse("proposals:detail", args=[proposal.pk]),
            )
            for seat in seats.select_related("user")
        ],
        now,
    )
