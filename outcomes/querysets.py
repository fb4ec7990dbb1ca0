"""Reading what came of the decisions. Every list and page starts at `visible_to`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, F, Q, QuerySet

from outcomes.choices import MeasureStatus, NewsStatus
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign
    from outcomes.models import Case, Measure, News, Outcome
    from units.models import Unit


class _InCampaign(QuerySet[Any]):
    def in_campaign(self, campaign: Campaign) -> Self:
        return self.filter(campaign=campaign)

    def of_subtree(self, unit: Unit) -> Self:
        return self.filter(unit__path__startswith=unit.path)


class MeasureQuerySet(_InCampaign, QuerySet["Measure"]):
    def visible_to(self, user: User) -> Self:
        """What was published is for everybody (N2); drafts are for the two working bodies."""
        if standing_of(user).sees_school:
            return self.all()
        return self.exclude(status=MeasureStatus.DRAFT)

    def overdue(self, on: date) -> Self:
        """Still open although the last day is over."""
        return self.filter(status=MeasureStatus.OPEN, due_on__lt=on)

    def with_list_facts(self) -> Self:
        """Unit, theme and how many milestones there are and are reached; next deadline first."""
        rows = self.select_related("unit", "theme", "owner").order_by("due_on", "pk")
        done = Count("milestones", filter=Q(milestones__done_on__isnull=False))
        return rows.annotate(milestone_count=Count("milestones"), done_count=done)


class OutcomeQuerySet(_InCampaign, QuerySet["Outcome"]):
    def visible_to(self, user: User) -> Self:
        """Everybody with a post reads what the campaign brought about (N2, S46)."""
        return self.all() if user.is_active else self.none()

    def with_list_facts(self) -> Self:
        rows = self.select_related("unit", "theme", "case")
        return rows.order_by("-achieved_on", "-pk")


class CaseQuerySet(QuerySet["Case"]):
    def visible_to(self, user: User) -> Self:
        """Published ones are for everybody; drafts for the unit's reporters and both bodies."""
        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        own = below(standing.reporting_paths, "outcome__unit__path")
        return self.filter(Q(published_at__isnull=False) | own)

    def in_campaign(self, campaign: Campaign) -> Self:
        return self.filter(outcome__campaign=campaign)

    def with_list_facts(self) -> Self:
        """With the outcome it was made of and how many units took it up; newest first."""
        rows = self.select_related("outcome__unit", "outcome__theme", "outcome__campaign")
        return rows.annotate(reuse_count=Count("reuses")).order_by("-published_at", "-pk")


class NewsQuerySet(_InCampaign, QuerySet["News"]):
    def visible_to(self, user: User) -> Self:
        """What is published is for everybody; the rest for its unit and for who approves it."""
        standing = standing_of(user)
        shown = Q(status=NewsStatus.PUBLISHED) | below(standing.reporting_paths, "unit__path")
        if standing.is_organiser or standing.is_administrator:
            shown |= ~Q(status=NewsStatus.DRAFT)
        return self.filter(shown)

    def waiting(self) -> Self:
        return self.filter(status=NewsStatus.SUBMITTED)

    def published_between(self, since: date, until: date) -> Self:
        """Of these days, both included; in the order of publishing."""
        rows = self.filter(status=NewsStatus.PUBLISHED, published_at__date__range=(since, until))
        return rows.order_by("published_at", "pk")

    def with_list_facts(self) -> Self:
        """What waits first, then the newest."""
        rows = self.select_related("unit")
        return rows.order_by(F("published_at").desc(nulls_first=True), "-pk")
