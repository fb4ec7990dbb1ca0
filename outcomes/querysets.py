"""Reading what came of the decisions. Every list and page starts at `visible_to`."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Q, QuerySet

from outcomes.choices import MeasureStatus
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models import Campaign
    from outcomes.models import Case, Measure, Outcome
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
