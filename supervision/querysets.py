"""Reading what supervision remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

from supervision.choices import FindingStatus, HandInState
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from supervision.models import Extension, Finding, Fulfilment, Inspection


class FulfilmentQuerySet(models.QuerySet["Fulfilment"]):
    def visible_to(self, user: User) -> Self:
        """Both bodies see all; others what their units and those below handed in."""
        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        return self.filter(below(standing.paths, "unit__path"))

    def waiting(self) -> Self:
        """Handed in, to be approved and not answered yet; oldest first."""
        wanted = self.filter(demand__needs_approval=True, state=HandInState.HANDED_IN)
        return wanted.order_by("pk")

    def to_be_answered_by(self, user: User) -> Self:
        """What waits for one of the person's working bodies."""
        groups = [post.unit_id for post in standing_of(user).posts]
        own = Q(demand__asked_by__in=groups)
        campaigns = Q(demand__asked_by=None, demand__campaign__campaign_group__in=groups)
        return self.waiting().filter(own | campaigns)


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


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> Self:
        """Both bodies see all; others those of the units they report for or answer within."""
        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        owned = Q(pk__in=_inspections_owned_by(user))
        return self.filter(below(standing.reporting_paths, "unit__path") | owned)

    def with_list_facts(self) -> Self:
        """With the unit and how many findings there are and are still open."""
        still_open = Count("findings", filter=~Q(findings__status=FindingStatus.CLOSED))
        rows = self.select_related("unit").order_by("-planned_on", "-pk")
        return rows.annotate(found=Count("findings"), still_open=still_open)


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> Self:
        """Both bodies see all; others their units' and those they answer for themselves."""
        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        return self.filter(
            below(standing.reporting_paths, "inspection__unit__path") | Q(owner=user)
        )


def _inspections_owned_by(user: User) -> models.QuerySet[Any]:
    """Inspections in which this person answers for something."""
    from supervision.models import Finding

    return Finding.objects.filter(owner=user).order_by().values("inspection")
