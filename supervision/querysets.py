"""Reading what supervision remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from supervision.models import Extension


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, user: User) -> Self:
        """Both bodies see all; others what concerns their units or what they asked for."""
        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        return self.filter(below(standing.paths, "unit__path") | Q(asked_by=user))

    def waiting(self) -> Self:
        """Not answered yet, oldest first."""
        return self.filter(is_granted__isnull=True).order_by("pk")
