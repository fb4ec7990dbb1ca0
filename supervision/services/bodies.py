"""Units confirm that the plan reached them, and set up their working teams."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from campaign.models import Receipt
from supervision.permissions import can_set_up_team, can_sign
from units.choices import Position, UnitKind
from units.models import Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign

#: Positions of a working team, in the order in which pages name them.
TEAM_POSITIONS = (Position.CHAIR, Position.DEPUTY_CHAIR, Position.MEMBER)
#: Behind the branches, so that the paths of those need not make room for it.
_LAST = 900


@transaction.atomic
def sign(campaign: Campaign, unit: Unit, by: User, now: datetime) -> Receipt:
    """The unit has received the plan (S1). Twice is once; the first signature stays."""
    if not can_sign(by, campaign, unit):
        raise PermissionDenied
    receipt, created = Receipt.objects.get_or_create(
        campaign=campaign, unit=unit, defaults={"by": by, "at": now}
    )
    if created:
        record(by, "supervision.sign", receipt, after={"unit": unit.code})
    return receipt


@transaction.atomic
def set_team(unit: Unit, by: User, people: Mapping[str, Sequence[User]], on: date) -> Unit:
    """The working team of `unit` consists of `people`, by position, from `on`.

    Who was in it and is named no more leaves with the day before; terms are kept.
    """
    if not can_set_up_team(by, unit):
        raise PermissionDenied
    team = team_of(unit) or new_team(unit)
    wanted = {(person.pk, str(place)) for place in TEAM_POSITIONS for person in people[place]}
    before = []
    for post in team.memberships.current(on).select_related("user"):
        before.append([post.user.username, post.position])
        if (post.user_id, post.position) in wanted:
            wanted.discard((post.user_id, post.position))
        else:
            _leave(post, on)
    for position in TEAM_POSITIONS:
        for person in people[position]:
            if (person.pk, str(position)) in wanted:
                Membership.objects.create(user=person, unit=team, position=position, starts_on=on)
    after = [[person.username, place] for place in TEAM_POSITIONS for person in people[place]]
    record(by, "supervision.set_team", team, {"people": before}, {"people": after, "on": on})
    return team


def team_of(unit: Unit) -> Unit | None:
    """The unit's open working team."""
    below = Unit.objects.at_or_below(unit).open().of_kind(UnitKind.WORKING_TEAM)
    team: Unit | None = below.filter(depth=unit.depth + 1).order_by("path").first()
    return team


def new_team(unit: Unit) -> Unit:
    """An empty working team of `unit`. It asks nobody: `set_team` does."""
    facts = {
        "code": f"{unit.code[:34]}-team",
        "name": f"{unit.name[:76]}工作小组",
        "short_name": f"{unit.short_name[:26]}工作小组",
        "kind": UnitKind.WORKING_TEAM,
        "order": _LAST,
        "is_demo": unit.is_demo,
    }
    team: Unit = Unit.objects.add_child(unit, facts)
    return team


def _leave(post: Membership, on: date) -> None:
    """The last day is the one before `on`; who came the same day was never in it."""
    if post.starts_on >= on:
        post.delete()
    else:
        post.ends_on = on - timedelta(days=1)
        post.save(update_fields=["ends_on"])
