"""Reading report jobs, frozen reports and bulletins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from reports.choices import OPEN_TO_ALL, BulletinStatus, JobStatus
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from reports.models import ApiToken, Bulletin, FrozenReport, ReportJob


class ReportJobQuerySet(models.QuerySet["ReportJob"]):
    def visible_to(self, user: User) -> Self:
        """A person's own papers about what they may see today; a lost right hides them."""
        standing = standing_of(user)
        mine = self.filter(requested_by=user)
        if standing.sees_school:
            return mine
        own_units = below(standing.reporting_paths, "unit__path")
        return mine.filter(own_units | Q(kind__in=OPEN_TO_ALL))

    def for_list(self) -> Self:
        return self.select_related("unit", "theme", "phase", "campaign", "frozen").order_by("-pk")

    def unfinished(self) -> Self:
        """Asked for and not finished."""
        return self.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])

    def finished_before(self, moment: datetime) -> Self:
        """Over, one way or another, before `moment`."""
        return self.filter(finished_at__lt=moment)

    def left_behind(self, before: datetime) -> Self:
        """Being made by a worker that has not been heard of since `before`."""
        silent = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=before)
        return self.filter(silent, status=JobStatus.RUNNING)

    def waiting_since(self, before: datetime) -> Self:
        """Queued for so long that the hint to the worker must have been lost."""
        return self.filter(status=JobStatus.QUEUED, queued_at__lt=before)


class FrozenReportQuerySet(models.QuerySet["FrozenReport"]):
    def visible_to(self, user: User) -> Self:
        """Reports about what a person may see."""
        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        return self.filter(below(standing.reporting_paths, "unit__path"))

    def for_list(self) -> Self:
        related = ("unit", "theme", "phase", "campaign", "frozen_by")
        return self.select_related(*related).order_by("-pk")


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def visible_to(self, user: User) -> Self:
        """Published ones for everybody signed in; the others for those who make them."""
        standing = standing_of(user)
        if standing.is_organiser or standing.is_administrator:
            return self.all()
        return self.filter(status=BulletinStatus.PUBLISHED) if user.is_active else self.none()

    def for_list(self) -> Self:
        """What waits for a hand first, then the published ones, the latest number first."""
        return self.select_related("edited_by").order_by(
            models.F("number").desc(nulls_first=True), "-pk"
        )


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self, on: date) -> Self:
        """Neither revoked nor expired, of somebody who may still sign in; the last day counts."""
        return self.filter(revoked_at__isnull=True, expires_on__gte=on, user__is_active=True)
