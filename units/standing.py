"""Where a person stands today: the one place from which rights are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from units.choices import LEADING_POSITIONS, REPORTING_POSITIONS, SCHOOL_WIDE_KINDS, UnitKind

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User
    from units.models import Unit


@dataclass(frozen=True)
class Post:
    """One membership in force: the unit's key, tree path and kind, and the position held."""

    unit_id: int
    path: str
    kind: str
    position: str


@dataclass(frozen=True)
class Standing:
    """All posts a person holds on one day. Nobody signed in holds none."""

    posts: tuple[Post, ...]
    is_administrator: bool = False

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Tree paths of every unit the person belongs to."""
        return tuple(sorted({post.path for post in self.posts}))

    @cached_property
    def reporting_paths(self) -> tuple[str, ...]:
        """Tree paths of the units the person reports for, as secretary or liaison."""
        posts = (post for post in self.posts if post.position in REPORTING_POSITIONS)
        return tuple(sorted({post.path for post in posts}))

    @property
    def is_leader(self) -> bool:
        """Chair or deputy chair of the campaign group (S33)."""
        return self.holds({UnitKind.CAMPAIGN_GROUP}, LEADING_POSITIONS)

    @property
    def is_chair(self) -> bool:
        return self.holds({UnitKind.CAMPAIGN_GROUP}, {"chair"})

    @property
    def is_organiser(self) -> bool:
        """A member of the campaign group, in any position."""
        return self.holds({UnitKind.CAMPAIGN_GROUP})

    @property
    def is_reviewer(self) -> bool:
        """A member of the plan group, in any position."""
        return self.holds({UnitKind.PLAN_GROUP})

    @property
    def sees_school(self) -> bool:
        """Both working bodies see every unit; so does an administrator."""
        return self.is_administrator or self.holds(SCHOOL_WIDE_KINDS)

    @property
    def is_reporter(self) -> bool:
        return bool(self.reporting_paths)

    def holds(self, kinds: Collection[str], positions: Collection[str] | None = None) -> bool:
        return any(
            post.kind in kinds and (positions is None or post.position in positions)
            for post in self.posts
        )

    def belongs_to(self, unit_id: int) -> bool:
        return any(post.unit_id == unit_id for post in self.posts)

    def reports_for(self, unit: Unit) -> bool:
        """Secretaries and liaisons report for their unit and the units below it."""
        return any(unit.path.startswith(path) for path in self.reporting_paths)

    def is_within(self, unit: Unit) -> bool:
        """True if `unit` is one of the person's units or lies below one."""
        return any(unit.path.startswith(path) for path in self.paths)


def standing_of(user: User | AnonymousUser, on: date | None = None) -> Standing:
    """The person's posts on `on` (default today); one query, remembered on the user object.

    The user object lives for one request, so a changed membership bites on the next one.
    An inactive or anonymous person stands nowhere.
    """
    if on is None and (known := getattr(user, "_standing_today", None)):
        return known  # type: ignore[no-any-return]
    standing = _read_standing(user, on or timezone.localdate())
    if on is None:
        user._standing_today = standing  # type: ignore[union-attr]
    return standing


def _read_standing(user: User | AnonymousUser, on: date) -> Standing:
    from units.models import Membership

    if not user.is_authenticated or not user.is_active:
        return Standing(())
    rows = (
        Membership.objects.current(on)
        .filter(user_id=user.pk, unit__closed_on__isnull=True)
        .values_list("unit_id", "unit__path", "unit__kind", "position")
    )
    return Standing(tuple(Post(*row) for row in rows), is_administrator=user.is_superuser)
