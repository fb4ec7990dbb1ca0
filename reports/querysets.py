"""Reading report jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from reports.choices import JobStatus
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from reports.models import ReportJob


class ReportJobQuerySet(models.QuerySet["ReportJob"]):
    def visible_to(self, user: User) -> Self:
        """A person's own papers about what they may see today; a lost right hides them."""
        standing = standing_of(user)
        mine = self.filter(requested_by=user)
        if standing.sees_school:
            return mine
        return mine.filter(below(standing.reporting_paths, "unit__path"))

    def for_list(self) -> Self:
        return self.select_related("unit", "theme", "campaign").order_by("-pk")

    def unfinished(self) -> Self:
        """Asked for and not finished."""
        return self.filter(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])

    def left_behind(self, before: datetime) -> Self:
        """Being made by a worker that has not been heard of since `before`."""
        silent = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=before)
        return self.filter(silent, status=JobStatus.RUNNING)

    def waiting_since(self, before: datetime) -> Self:
        """Queued for so long that the hint to the worker must have been lost."""
        return self.filter(status=JobStatus.QUEUED, queued_at__lt=before)
