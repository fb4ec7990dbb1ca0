"""Fills the frame around every signed-in page (`core.frame`) from campaign and notices.

It sits in config because it must know the addresses of all apps; imports run downwards.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from accounts.models import User
from campaign.current import current_phases
from campaign.models import Phase
from core.addresses import address
from core.frame import MOST_ON_RAIL, Frame, PhaseMark, Place, phase_mark
from notices.models import Notice
from reports.permissions import can_read_any
from units.standing import standing_of


def everyone(_user: User) -> bool:
    return True


def is_reviewer(user: User) -> bool:
    return standing_of(user).is_reviewer


@dataclass(frozen=True, slots=True)
class Entry:
    label: str
    route: str
    icon: str
    on_phone: bool = False
    #: Whom it is shown to: an entry that would answer 403 is a dead link.
    can_see: Callable[[User], bool] = everyone
    #: Other routes whose pages belong to this place.
    also: tuple[str, ...] = ()


#: Most used first: the first seven a person may see make the rail, the rest go into the menu.
#: `on_phone` ones (at most four) also stand at the bottom of a phone.
ENTRIES = (
    Entry("首页", "home", "home", on_phone=True),
    Entry("记录", "seminars:activities", "record", on_phone=True),
    Entry("审议", "proposals:desk", "review", can_see=is_reviewer),
    Entry("建议", "proposals:list", "proposal", on_phone=True),
    Entry("意见", "seminars:opinions", "idea"),
    Entry("应办事项", "supervision:owed_list", "clock"),
    Entry(
        "报告",
        "reports:cockpit",
        "report",
        on_phone=True,
        can_see=can_read_any,
        also=("reports:index",),
    ),
    Entry("方案", "campaign:plan", "theme", also=("campaign:campaigns",)),
    Entry(
        "举措和成果",
        "outcomes:measures",
        "measure",
        also=("outcomes:outcomes", "outcomes:cases", "outcomes:news"),
    ),
    Entry("单位", "units:tree", "unit"),
    Entry("方案文本", "proposals:documents", "clause"),
)
MENU = (
    Entry("个人信息", "units:me", "person"),
    Entry("修改密码", "accounts:password", "lock"),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Reads the database only when a template asks, once per request."""
    return {"frame": SimpleLazyObject(partial(_frame_of, request))}


def _frame_of(request: HttpRequest) -> Frame:
    known: Frame | None = getattr(request, "_frame", None)
    if known is None:
        known = build_frame(request, on=timezone.localdate())
        request._frame = known  # type: ignore[attr-defined]  # a page may render several templates
    return known


def build_frame(request: HttpRequest, *, on: date) -> Frame:
    """Three queries: the campaign with its phases, the person's posts, the unread notices."""
    user = request.user
    if not isinstance(user, User):
        return Frame()
    phases = current_phases(request)
    places = _places(tuple(entry for entry in ENTRIES if entry.can_see(user)), request.path)
    return Frame(
        campaign_title=phases[0].campaign.short_title if phases else "",
        is_demo=phases[0].campaign.is_demo if phases else False,
        phases=_marks(phases, on),
        places=tuple(place for _, place in places[:MOST_ON_RAIL]),
        more_places=tuple(place for _, place in places[MOST_ON_RAIL:]),
        bottom_places=tuple(place for entry, place in places if entry.on_phone),
        menu=tuple(place for _, place in _places(MENU, request.path)),
        log_url=address("seminars:log") if standing_of(user).is_reporter else "",
        search_url=address("search"),
        notices_url=address("notices:inbox"),
        unread=Notice.objects.visible_to(user).unread().count(),
        person_name=user.name,
        sign_out_url=address("accounts:sign_out"),
    )


def _marks(phases: Sequence[Phase], on: date) -> tuple[PhaseMark, ...]:
    return tuple(phase_mark(phase.name, phase.starts_on, phase.ends_on, on=on) for phase in phases)


def _places(entries: tuple[Entry, ...], path: str) -> list[tuple[Entry, Place]]:
    """The entries with addresses; the one that leads furthest into `path` is current."""
    reach = {entry: _reach(entry, path) for entry in entries}
    furthest = max(reach.values(), default=0)
    return [
        (
            entry,
            Place(
                entry.label,
                address(entry.route),
                entry.icon,
                current=0 < furthest == reach[entry],
            ),
        )
        for entry in entries
    ]


def _reach(entry: Entry, path: str) -> int:
    """How many characters of `path` the entry's addresses cover; home covers only itself."""
    addresses = [address(route) for route in (entry.route, *entry.also)]
    covering = [a for a in addresses if path == a or (a != "/" and path.startswith(a))]
    return max(map(len, covering), default=0)
