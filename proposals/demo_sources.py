"""What the proposals of the fictional school rest on: opinions that ask for the same thing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from campaign.demo import Wish, wishes
from seminars.choices import OpinionStatus
from seminars.models import Opinion

if TYPE_CHECKING:
    from uuid import UUID

    from campaign.models import Campaign
    from units.models import Unit


class Asked(NamedTuple):
    """What opinions asked for: the order of the theme, the proposal that says so, their keys."""

    theme: int
    wish: Wish
    opinions: list[UUID]


class Waiting:
    """Opinions nothing has become of yet and that some proposal answers; each is used once."""

    def __init__(self, campaign: Campaign) -> None:
        self._by_unit: dict[int, list[tuple[UUID, str]]] = defaultdict(list)
        waiting = Opinion.objects.filter(
            campaign=campaign, status=OpinionStatus.NEW, text__in=wishes()
        ).order_by("pk")
        for pk, unit_id, text in waiting.values_list("pk", "unit_id", "text"):
            self._by_unit[unit_id].append((pk, text))

    def take(self, unit: Unit, most: int) -> Asked:
        """Up to so many of the unit's that ask for one thing; another's when it has none left."""
        rows = self._by_unit[unit.pk] or next(filter(None, self._by_unit.values()))
        text = rows[0][1]
        taken = [pk for pk, said in rows if said == text][:most]
        rows[:] = [(pk, said) for pk, said in rows if pk not in taken]
        return Asked(*wishes()[text], taken)
