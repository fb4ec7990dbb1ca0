"""Reading what people were told and what is still on its way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from notices.choices import Channel, DeliveryStatus

if TYPE_CHECKING:
    from collections.abc import Collection
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

    def with_recipients(self) -> Self:
        """With what decides how each recipient is told."""
        return self.select_related("recipient", "recipient__notice_preference", "recipient__robot")

    def of_kinds(self, kinds: Collection[str]) -> Self:
        return self.filter(kind__in=kinds)

    def about(self, words: str) -> Self:
        """Sent to somebody of that name, or with these words in the title."""
        return self.filter(Q(recipient__name__icontains=words) | Q(title__icontains=words))

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

    def with_recipients(self) -> Self:
        """With the notice and what decides how its recipient is told."""
        person = "notice__recipient"
        return self.select_related(person, f"{person}__notice_preference", f"{person}__robot")

    def pending(self) -> Self:
        return self.filter(status=DeliveryStatus.PENDING)

    def reminders_by_mail(self, user_id: int) -> Self:
        """Automatic mail to that person, in the order in which it was written."""
        return self.filter(
            channel=Channel.EMAIL, notice__recipient_id=user_id, notice__is_automatic=True
        ).order_by("pk")

    def posted_since(self, user_id: int, since: datetime) -> Self:
        """What went to that person's robot after `since`."""
        return self.filter(channel=Channel.WEBHOOK, notice__recipient_id=user_id, sent_at__gt=since)

    def given_up(self) -> Self:
        """What did not arrive and will not be tried again by itself, newest first."""
        return self.filter(status=DeliveryStatus.GIVEN_UP).order_by("-pk")

    def abandoned(self, now: datetime) -> Self:
        """Claimed so long ago that whoever claimed it is gone."""
        return self.filter(status=DeliveryStatus.CLAIMED, claimed_at__lte=now - CLAIM_LASTS)
