"""What a unit usually does, so that the log form can be filled in before anyone types."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from campaign.choices import ActivityKind
from seminars.kinds import SHAPES
from seminars.models import Activity

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign
    from units.models import Unit

_LOOKED_AT = 30
_KINDS_AT_HAND = 4
#: Held by most units most of the time; at hand for a unit without records.
_COMMON = (
    ActivityKind.FORUM,
    ActivityKind.THEMED_PARTY_DAY,
    ActivityKind.STAFF_POLITICAL_STUDY,
    ActivityKind.SEMINAR,
)
_REPEATED = ("place", "host", "expected")


@dataclass(frozen=True)
class Habits:
    """The last records of one unit, newest first; one query."""

    records: Sequence[Activity]

    @property
    def kind(self) -> str:
        """What it will most likely be again."""
        return self.kinds_at_hand((*ActivityKind.values,))[0]

    def kinds_at_hand(self, offered: Sequence[str]) -> list[str]:
        """The few kinds shown first: the unit's usual ones, then common ones, then any."""
        usual = [kind for kind, _ in Counter(row.kind for row in self.records).most_common()]
        ranked = dict.fromkeys([*usual, *_COMMON, *offered])
        return [kind for kind in ranked if kind in offered][:_KINDS_AT_HAND]

    def suggestions(self, kind: str, user: User, today: date) -> dict[str, Any]:
        """First guesses for a new sheet of `kind`: today, me, and where and who last time."""
        alike = [row for row in self.records if row.kind == kind] or list(self.records)
        guesses: dict[str, Any] = {"held_on": today, "recorder": user.name}
        for name in _REPEATED:
            said = (getattr(row, name) for row in alike if getattr(row, name) not in (None, ""))
            guesses[name] = next(said, None)
        return {name: value for name, value in guesses.items() if name in SHAPES[kind].fields}


def habits_of(unit: Unit) -> Habits:
    rows = Activity.objects.latest_of(unit, _LOOKED_AT)
    return Habits(list(rows.only("kind", "place", "host", "expected")))


def offered_kinds(campaign: Campaign) -> list[str]:
    """The kinds the campaign offers, in its order, and 其他 at the end (S14)."""
    kinds = [row.kind for row in campaign.offeredkinds.all()] or list(ActivityKind.values)
    return [kind for kind in kinds if kind != ActivityKind.OTHER] + [str(ActivityKind.OTHER)]
