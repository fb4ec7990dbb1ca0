"""What the frame around every page shows: campaign, phase, places, person.

Only the contract lives here. `config.frame` fills it from the campaign and the notices,
because imports run downwards and the frame sits above all of them; the templates read it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: More than this is no longer taken in at a glance.
MOST_ON_RAIL = 7


class PhaseState(StrEnum):
    PAST = "past"
    CURRENT = "current"
    FUTURE = "future"

    @property
    def label(self) -> str:
        return {"past": "已结束", "current": "进行中", "future": "未开始"}[self.value]


@dataclass(frozen=True, slots=True)
class PhaseMark:
    """One part of the phase line; both dates are included."""

    name: str
    starts_on: date
    ends_on: date
    state: PhaseState
    #: Which day of the phase today is, counted from 1; 0 unless the phase is current.
    day: int = 0

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def days_left(self) -> int:
        """Whole days after today until the last day; 0 unless the phase is current."""
        return self.days - self.day if self.state is PhaseState.CURRENT else 0

    @property
    def done_percent(self) -> float:
        """How much of the phase has passed, 0 to 100."""
        if self.state is PhaseState.CURRENT:
            return round(100 * self.day / self.days, 1)
        return 100 if self.state is PhaseState.PAST else 0


def phase_mark(name: str, starts_on: date, ends_on: date, *, on: date) -> PhaseMark:
    """Where `on` stands relative to a phase; the first and the last day both belong to it."""
    if on < starts_on:
        return PhaseMark(name, starts_on, ends_on, PhaseState.FUTURE)
    if on > ends_on:
        return PhaseMark(name, starts_on, ends_on, PhaseState.PAST)
    return PhaseMark(name, starts_on, ends_on, PhaseState.CURRENT, (on - starts_on).days + 1)


@dataclass(frozen=True, slots=True)
class Place:
    """A way to somewhere: an entry of the rail, the bottom bar or the person's menu."""

    label: str
    url: str
    #: Name of a symbol in `static/img/icons.svg`.
    icon: str
    current: bool = False
    #: Shown beside the label when above zero.
    count: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything `base.html` needs besides the page itself. Empty strings hide their part."""

    home_url: str = "/"
    campaign_title: str = ""
    #: The campaign is fictional, which every page says.
    is_demo: bool = False
    phases: tuple[PhaseMark, ...] = ()
    #: The rail on a desktop; at most MOST_ON_RAIL.
    places: tuple[Place, ...] = ()
    #: What the rail has no room for; in the person's menu.
    more_places: tuple[Place, ...] = ()
    #: The bar at the bottom of a phone; at most four.
    bottom_places: tuple[Place, ...] = ()
    #: The person's own menu, above 退出.
    menu: tuple[Place, ...] = ()
    log_url: str = ""
    search_url: str = ""
    search_text: str = ""
    notices_url: str = ""
    unread: int = 0
    person_name: str = ""
    sign_out_url: str = ""

    @property
    def phase(self) -> PhaseMark | None:
        """The phase that includes today; the first of them if two overlap."""
        return next((mark for mark in self.phases if mark.state is PhaseState.CURRENT), None)

    @property
    def phase_note(self) -> str:
        """What to say in place of the current phase when there is none."""
        coming = [mark for mark in self.phases if mark.state is PhaseState.FUTURE]
        if coming:
            first = coming[0]
            return f"{first.name} {first.starts_on.month}月{first.starts_on.day}日开始"
        return "各阶段已结束" if self.phases else ""

    @property
    def unread_label(self) -> str:
        return "99+" if self.unread > 99 else str(self.unread)  # noqa: PLR2004 - two digits fit

    @property
    def off_bar_places(self) -> tuple[Place, ...]:
        """Places of the rail that the bottom bar lacks; a phone shows them in the menu."""
        return tuple(place for place in self.places if place not in self.bottom_places)

    @property
    def left_places(self) -> tuple[Place, ...]:
        """The bottom bar left of 记一笔."""
        return self.bottom_places[: (len(self.bottom_places) + 1) // 2]

    @property
    def right_places(self) -> tuple[Place, ...]:
        return self.bottom_places[(len(self.bottom_places) + 1) // 2 :]
