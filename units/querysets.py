"""Reading the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db.models import Case, Manager, Q, QuerySet, Subquery, When

from units.choices import Position

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from accounts.models import User
    from units.models import Membership, Unit

    NodeManager = Manager
    NodeQuerySet = QuerySet["Unit"]
else:  # treebeard ships no types; at run time its own classes keep the tree in order
    from treebeard.mp_tree import MP_NodeManager as NodeManager
    from treebeard.mp_tree import MP_NodeQuerySet as NodeQuerySet


def below(paths: Iterable[str], field: str = "path") -> Q:
    """A condition for the units at `paths` and everything under them; no path matches nothing."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


class UnitQuerySet(NodeQuerySet):
    def with_units_below(self, pk: int) -> Self:
        """The unit of this key first, then the open units directly below it, in tree order."""
        from units.models import Unit

        head = Unit.objects.filter(pk=pk)
        found = self.filter(path__startswith=Subquery(head.values("path")))
        found = found.filter(Q(pk=pk) | Q(depth=Subquery(head.values("depth")) + 1, closed_on=None))
        return found.order_by("path")

    def at_or_below(self, unit: Unit) -> Self:
        """`unit` and its whole subtree, in tree order."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit: Unit) -> Self:
        """The units that `unit` lies in, without itself."""
        step = unit.steplen
        paths = [unit.path[:end] for end in range(step, len(unit.path), step)]
        return self.filter(path__in=paths)

    def open(self) -> Self:
        """Units that have not been closed."""
        return self.filter(closed_on__isnull=True)

    def open_on(self, day: date) -> Self:
        """Units not yet closed on `day`; the day of closing is the first one without it."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds)

    def visible_to(self, user: User) -> Self:
        """Everything for those who see the whole school; for others their own subtrees."""
        from units.standing import standing_of

        standing = standing_of(user)
        if standing.sees_school:
            return self.all()
        return self.filter(below(standing.paths))


class UnitManager(NodeManager.from_queryset(UnitQuerySet)):  # type: ignore[misc]  # made at run time
    """treebeard's manager with our reading methods."""

    def get_queryset(self) -> UnitQuerySet:
        """In tree order; treebeard's own method would answer with its own query set."""
        return UnitQuerySet(self.model, using=self._db).order_by("path")


class MembershipQuerySet(QuerySet["Membership"]):
    def current(self, on: date) -> Self:
        """Memberships in force on `on`; first and last day both count."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)

    def former(self, on: date) -> Self:
        """Memberships that were over before `on`, the latest first."""
        return self.filter(ends_on__lt=on).order_by("-ends_on", "-pk")

    def coming(self, on: date) -> Self:
        """Memberships that begin after `on`, the soonest first."""
        return self.filter(starts_on__gt=on).order_by("starts_on", "pk")

    def by_rank(self) -> Self:
        """Chairs first, staff last; the longest-serving first among equals."""
        ranks = [When(position=position, then=rank) for rank, position in enumerate(Position)]
        return self.order_by(Case(*ranks, default=len(ranks)), "starts_on", "pk")


def find_people(words: str) -> QuerySet[User]:
    """People whose name or sign-in name holds `words`, by sign-in name; with their posts."""
    from accounts.models import User

    people = User.objects.prefetch_related("memberships__unit").order_by("username")
    return people.filter(Q(name__icontains=words) | Q(username__icontains=words))
