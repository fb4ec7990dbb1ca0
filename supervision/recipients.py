"""Who hears of a rung: one role higher each time (N9)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.models import User
from supervision.choices import Duty, Rung
from supervision.ladder import RUNGS
from supervision.owing import PLAN_GROUP_DUTIES, UNIT_DUTIES
from units.choices import LEADING_POSITIONS, REPORTING_POSITIONS, Position, UnitKind
from units.models import Membership, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from supervision.owing import Obligation


@dataclass(frozen=True)
class Audience:
    """The people told of a rung, each once, and the role that makes them the right ones."""

    people: tuple[User, ...]
    role: str

    @property
    def is_doer(self) -> bool:
        """Whether they are the ones who owe it, not somebody above them."""
        return self.role in (PERSON_ROLES[0], WORDING_ROLES[0], CLOSING_ROLES[0])


NOBODY = Audience((), "")
#: The role each rung goes to, lowest first.
UNIT_ROLES = ("本单位联络员", "本单位书记", "上级单位书记", "三大工作组组长、副组长")
REVIEW_ROLES = (
    "“双高计划”工作组成员",
    "“双高计划”工作组副组长",
    "“双高计划”工作组组长",
    "三大工作组组长、副组长",
)
WORDING_ROLES = ("拟办人", *REVIEW_ROLES[1:])
CLOSING_ROLES = ("发现人本人", "三大工作组副组长", "三大工作组组长", REVIEW_ROLES[-1])
PERSON_ROLES = ("责任人本人", *UNIT_ROLES[1:])


def roles_of(duty: Duty) -> tuple[str, ...]:
    """The role of each rung, lowest first."""
    if duty in PLAN_GROUP_DUTIES:
        return REVIEW_ROLES
    if duty == Duty.WORDING:
        return WORDING_ROLES
    if duty == Duty.CLOSING:
        return CLOSING_ROLES
    return UNIT_ROLES if duty in UNIT_DUTIES else PERSON_ROLES


class Directory:
    """Everyone in office on one day, and the people who owe something in person; two queries."""

    def __init__(self, on: date, obligations: Iterable[Obligation] = ()) -> None:
        self._by_unit: dict[tuple[str, str], list[User]] = defaultdict(list)
        self._by_kind: dict[tuple[str, str], list[User]] = defaultdict(list)
        self._kinds: dict[str, str] = {}
        in_person = {owed.person_id for owed in obligations if owed.person_id is not None}
        self._people = User.objects.filter(is_active=True).in_bulk(in_person)
        posts = (
            Membership.objects.current(on)
            .exclude(position=Position.STAFF)
            .filter(user__is_active=True, unit__closed_on__isnull=True)
            .select_related("user", "unit")
            .order_by("pk")
        )
        for post in posts:
            self._by_unit[post.unit.path, post.position].append(post.user)
            self._by_kind[post.unit.kind, post.position].append(post.user)
            self._kinds[post.unit.path] = post.unit.kind

    def of_rung(self, owed: Obligation, rung: Rung) -> Audience:
        """Who is told; where a rung has nobody, the next role up, else the next one down.

        The last rung stands apart: leadership hears of what was confirmed and of nothing else.
        """
        levels = list(zip(self._levels(owed), roles_of(owed.duty), strict=True))
        at = RUNGS.index(rung)
        tried = levels[at:] if rung == Rung.RED else [*levels[at:-1], *reversed(levels[:at])]
        for people, role in tried:
            if people:
                return Audience(tuple({person.pk: person for person in people}.values()), role)
        return NOBODY

    def _levels(self, owed: Obligation) -> list[list[User]]:
        leaders = self._holding(UnitKind.CAMPAIGN_GROUP, *sorted(LEADING_POSITIONS))
        if owed.is_of_plan_group or owed.duty == Duty.WORDING:
            members = self._holding(
                UnitKind.PLAN_GROUP, Position.MEMBER, Position.LIAISON, Position.SECRETARY
            )
            return [
                members if owed.is_of_plan_group else self._doers(owed, ""),
                self._holding(UnitKind.PLAN_GROUP, Position.DEPUTY_CHAIR),
                self._holding(UnitKind.PLAN_GROUP, Position.CHAIR),
                leaders,
            ]
        if owed.duty == Duty.CLOSING:
            deputies = self._holding(UnitKind.CAMPAIGN_GROUP, Position.DEPUTY_CHAIR)
            chairs = self._holding(UnitKind.CAMPAIGN_GROUP, Position.CHAIR)
            return [self._doers(owed, ""), deputies, chairs, leaders]
        path = owed.unit.path if owed.unit else ""
        secretaries = self._by_unit[path, Position.SECRETARY]
        above = self._above(path) or self._holding(
            UnitKind.CAMPAIGN_GROUP, Position.SECRETARY, Position.LIAISON, Position.MEMBER
        )
        return [self._doers(owed, path), secretaries, above, leaders]

    def holders(self, owed: Obligation, positions: Iterable[str]) -> list[tuple[User, str]]:
        """Who answers for it: the person who owes it, else the holders of these posts."""
        if owed.person_id is not None:
            return [(person, "责任人") for person in self._doers(owed, "")]
        path = owed.unit.path if owed.unit else ""
        return [
            (person, str(Position(position).label))
            for position in positions
            for person in self._by_unit[path, position]
        ]

    def _doers(self, owed: Obligation, path: str) -> list[User]:
        if owed.person_id is not None:
            person = self._people.get(owed.person_id)
            return [person] if person else []
        return self._by_unit[path, Position.LIAISON]

    def _above(self, path: str) -> list[User]:
        """The secretary of the nearest unit above, short of the school itself."""
        for end in range(len(path) - Unit.steplen, 0, -Unit.steplen):
            above = self._by_unit[path[:end], Position.SECRETARY]
            if above and self._kinds[path[:end]] != UnitKind.SCHOOL:
                return above
        return []

    def _holding(self, kind: str, *positions: str) -> list[User]:
        return [person for position in positions for person in self._by_kind[kind, position]]


def reporters_of(unit: Unit, on: date) -> list[User]:
    """Secretaries and liaisons in office in the unit itself, each once."""
    posts = (
        Membership.objects.current(on)
        .filter(unit=unit, position__in=REPORTING_POSITIONS, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return list({post.user_id: post.user for post in posts}.values())
