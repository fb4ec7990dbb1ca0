"""Reading the campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from campaign.choices import CampaignState
from units.choices import UnitKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from campaign.models import Campaign, Phase, SubTopic
    from units.models import Unit


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def running(self) -> Self:
        """Campaigns that accept records, newest first."""
        return self.filter(state=CampaignState.RUNNING).order_by("-pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Running and sealed campaigns for everybody; those in preparation for who sets them up."""
        from units.standing import standing_of

        standing = standing_of(user)
        if standing.is_administrator:
            return self.all()
        groups = [post.unit_id for post in standing.posts if post.kind == UnitKind.CAMPAIGN_GROUP]
        ready = ~Q(state=CampaignState.DRAFT)
        return self.filter(ready | Q(campaign_group__in=groups))

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def with_plan(self) -> Self:
        """Loads everything the plan's page touches."""
        return self.prefetch_related(
            "phases__steps",
            "phases__departments",
            "themes",
            "studydocuments",
            "linkedworks",
            "audiencegroups",
            "targets__progress",
            "demands__quotas__unit",
            "demands__asked_by",
            "gate_switches__by",
            "documents__versions",
        )

    def current(self) -> Campaign | None:
        """The campaign that pages mean when they name none: the newest running one."""
        return self.running().first()


class PhaseQuerySet(models.QuerySet["Phase"]):
    def open_on(self, day: date) -> Self:
        """Phases that include `day`; the first and last day both count."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def of_current_campaign(self) -> list[Phase]:
        """The phases of the newest running campaign, in order, for the frame; one query."""
        running = self.filter(campaign__state=CampaignState.RUNNING).select_related("campaign")
        rows = running.only(
            "name", "starts_on", "ends_on", "campaign__short_title", "campaign__is_demo"
        )
        phases = list(rows.order_by("-campaign", "order"))
        return [phase for phase in phases if phase.campaign_id == phases[0].campaign_id]


class SubTopicQuerySet(models.QuerySet["SubTopic"]):
    def in_campaign(self, campaign: Campaign) -> Self:
        return self.filter(theme__campaign=campaign)

    def usable_by(self, units: Iterable[Unit]) -> Self:
        """Topics of these units and of the units above them, by theme, with their unit."""
        paths = {
            unit.path[:end]
            for unit in units
            for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)
        }
        own = self.filter(unit__path__in=paths).select_related("unit")
        return own.order_by("theme__order", "unit__path", "pk")
