"""One page of the ledger: its lines, and the keys of the pages above and below."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from campaign.choices import ActivityKind
from seminars.models import Activity
from seminars.querysets import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seminars.querysets import ActivityQuerySet

PAGE_ROWS = 50
_KINDS = dict(ActivityKind.choices)


@dataclass(frozen=True, slots=True)
class Line:
    """An activity as the ledger shows it; None where nobody noted a number."""

    pk: int
    title: str
    held_on: date
    kind: str
    unit: str
    expected: int | None
    present: int | None
    opinions: int
    themes: str = ""

    @property
    def key(self) -> str:
        return f"{self.held_on:%Y-%m-%d}.{self.pk}"


@dataclass(frozen=True, slots=True)
class LedgerPage:
    lines: tuple[Line, ...] = ()
    #: Keys of the page below and of the page above; empty if there is none.
    earlier: str = ""
    later: str = ""
    #: Whether it is certain that there are no other lines.
    is_all: bool = False


def page_of(rows: ActivityQuerySet, *, after: str = "", before: str = "") -> LedgerPage:
    """The newest lines, or those below the key `after`, or above the key `before`; two queries."""
    above, below = _place(before), _place(after)
    if above:
        found = _lines(rows.after(above))
        shown = found[:PAGE_ROWS][::-1]
        has_later, has_earlier = len(found) > PAGE_ROWS, True
    else:
        found = _lines(rows.before(below) if below else rows.newest_first())
        shown = found[:PAGE_ROWS]
        has_later, has_earlier = below is not None, len(found) > PAGE_ROWS
    if not shown:
        return LedgerPage(is_all=not (above or below))
    return LedgerPage(
        tuple(shown),
        shown[-1].key if has_earlier else "",
        shown[0].key if has_later else "",
        is_all=not (has_earlier or has_later),
    )


def _place(text: str) -> Place | None:
    """The place a key names; None for anything that is no key of ours."""
    day, _, pk = text.partition(".")
    try:
        return Place(date.fromisoformat(day), int(pk[:18]))
    except ValueError:
        return None


def _lines(rows: ActivityQuerySet) -> list[Line]:
    """A page of them and one more, which tells whether there is a next page."""
    found = list(rows.for_ledger()[: PAGE_ROWS + 1])
    themes = _themes(row[0] for row in found)
    return [
        Line(
            pk, title, day, _KINDS[kind], unit, expected, present, opinions or 0, themes.get(pk, "")
        )
        for pk, title, day, kind, unit, expected, present, opinions in found
    ]


def _themes(keys: Iterable[int]) -> dict[int, str]:
    """Short titles of each activity's themes, in their order, by its key."""
    links = Activity.themes.through.objects.filter(activity__in=list(keys)).order_by("theme__order")
    titles: dict[int, list[str]] = defaultdict(list)
    for pk, title in links.values_list("activity_id", "theme__short_title"):
        titles[pk].append(title)
    return {pk: "、".join(short) for pk, short in titles.items()}
