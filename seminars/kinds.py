"""What is asked about each kind of activity (S10–S17): the one table that says which field belongs.

The form shows these fields, the checks require them, the services blank all others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from campaign.choices import ActivityKind, Gate
from seminars.choices import AWAY

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Asked of every kind, first on the page.
HEAD = ("title", "held_on")
#: Asked of every kind, after the kind's own fields.
BODY = ("themes", "sub_topics", "content")
#: Offered to every kind under 补充信息.
EXTRAS = ("audience_groups", "linked_works", "takeaway")
#: Fields that hold several rows of a list of the campaign or of the unit.
LISTS = ("themes", "sub_topics", "linked_works", "audience_groups", "study_documents")
#: Of these, what units set for themselves; a form shows it only where there is any (S31).
UNITS_OWN = "sub_topics"


@dataclass(frozen=True)
class Shape:
    """One kind: the gate it passes, its fields on the screen and under 补充信息, the required."""

    gate: Gate
    screen: tuple[str, ...]
    more: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()

    @property
    def first(self) -> tuple[str, ...]:
        """What is asked on the one screen, in order."""
        return (*HEAD, *self.screen, *BODY)

    @property
    def second(self) -> tuple[str, ...]:
        """What stands folded under 补充信息, in order."""
        return (*self.more, *EXTRAS)

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.first) | frozenset(self.second)

    @property
    def all_required(self) -> frozenset[str]:
        return frozenset(HEAD) | self.required


_MEETING = ("place", "host", "expected", "present")
_MEETING_MORE = (
    "starts_at",
    "ends_at",
    *AWAY,
    "sitting_in",
    "recorder",
    "agenda",
    "decisions",
)
_MEETING_REQUIRED = frozenset({"place", "expected", "present", "content"})


def _meeting(gate: Gate) -> Shape:
    return Shape(gate, _MEETING, _MEETING_MORE, _MEETING_REQUIRED)


def _study(screen: tuple[str, ...] = _MEETING) -> Shape:
    return Shape(Gate.STUDY, (*screen, "study_documents"), _MEETING_MORE, _MEETING_REQUIRED)


_LECTURE_MORE = ("speaker_title", "expected", *_MEETING_MORE)

SHAPES: Mapping[str, Shape] = {
    ActivityKind.KICK_OFF: _meeting(Gate.PUBLICITY),
    ActivityKind.EXPERT_LECTURE: Shape(
        Gate.STUDY,
        ("speaker", "place", "host", "present"),
        _LECTURE_MORE,
        frozenset({"speaker", "place", "present", "content"}),
    ),
    ActivityKind.PLAN_GROUP_BRIEFING: Shape(
        Gate.STUDY,
        ("place", "host", "present"),
        ("speaker", *_LECTURE_MORE),
        frozenset({"place", "present", "content"}),
    ),
    ActivityKind.PUBLICITY: Shape(
        Gate.PUBLICITY, ("channel", "link", "place"), (), frozenset({"channel"})
    ),
    ActivityKind.CENTRAL_GROUP_STUDY: _study(("level", *_MEETING)),
    ActivityKind.THEMED_PARTY_DAY: _study(),
    ActivityKind.STAFF_POLITICAL_STUDY: _study(),
    ActivityKind.SELF_STUDY: Shape(
        Gate.STUDY, ("present", "study_documents"), (), frozenset({"present", "content"})
    ),
    ActivityKind.FORUM: _meeting(Gate.DISCUSSION),
    ActivityKind.SEMINAR: _meeting(Gate.DISCUSSION),
    ActivityKind.EXCHANGE_MEETING: _meeting(Gate.DISCUSSION),
    ActivityKind.FIELD_VISIT: Shape(
        Gate.DISCUSSION,
        ("visited", "team", "present"),
        ("starts_at", "ends_at", "host", "recorder", "decisions"),
        frozenset({"visited", "team", "content"}),
    ),
    ActivityKind.QUESTIONNAIRE: Shape(
        Gate.DISCUSSION,
        ("issued", "returned", "valid"),
        ("recorder", "link"),
        frozenset({"issued", "returned", "valid", "content"}),
    ),
    ActivityKind.OTHER: Shape(
        Gate.STUDY,
        _MEETING,
        _MEETING_MORE,
        frozenset({"content"}),
    ),
}
