"""Reading what people were told and what is still on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from notices.choices import DeliveryStatus

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from notices.models import Delivery, Notice

#: Longer than any conversation with a mail server; a claim older than this lost its worker.
CLAIM_LASTS = timedelta(minutes=10)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """A person's own notices; nobody reads another person's."""
        return self.filter(recipient_id=user.pk)

    def unread(self) -> Self:
        return self.filter(opened_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def older_than(self, notice: Notice) -> Self:
        """What stands after `notice` in `newest_first` order."""
        same_moment = Q(created_at=notice.created_at, pk__lt=notice.pk)
        return self.filter(Q(created_at__lt=notice.created_at) | same_moment)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> Self:
        """What may go out at `now`, oldest first."""
        return self.filter(status=DeliveryStatus.PENDING, not_before__lte=now).order_by(
            "not_before", "pk"
        )

    def abandoned(self, now: datetime) -> Self:
        """Claimed so long ago that whoever claimed it is gone."""
        return self.filter(status=DeliveryStatus.CLAIMED, claimed_at__lte=now - CLAIM_LASTS)
