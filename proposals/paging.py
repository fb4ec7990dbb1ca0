"""Pages that follow a key instead of counting rows, so that the last costs what the first does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = TypeVar("Row", bound=Model)
Shown = TypeVar("Shown")
Narrowed = TypeVar("Narrowed", bound="QuerySet[Any, Any]")
_LONGEST_KEY = 18  # digits; a longer one is no key of ours


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page; `previous` and `next` are keys for `before=` and `after=`, empty at the ends."""

    rows: list[Row]
    previous: str
    next: str


def neighbours(
    rows: QuerySet[Any, Shown], row: Model, before: int, after: int
) -> tuple[list[Shown], list[Shown]]:
    """Up to so many rows that stand before and after `row` in `rows`, in their order.

    `row` itself need not be among them; `rows` may be of records or of their values.
    """
    order = [str(field) for field in rows.query.order_by]
    place = tuple(getattr(row, field.removeprefix("-")) for field in order)
    if None in place:
        return [], list(rows[:after])
    earlier = _beyond(rows.reverse(), _turned(order), place)[:before] if before else ()
    return list(earlier)[::-1], list(_beyond(rows, order, place)[:after])


def page_of(rows: QuerySet[Row], query: Mapping[str, str], size: int) -> Page[Row]:
    """The page that `after=KEY` or `before=KEY` asks for; the first one for any other key.

    `rows` must be ordered by own columns, the last of them the key.
    """
    order = [str(field) for field in rows.query.order_by]
    if before := _place(rows, order, query.get("before", "")):
        found = list(_beyond(rows.reverse(), _turned(order), before)[: size + 1])
        shown, has_more = found[:size][::-1], len(found) > size
        return _page(shown, has_previous=has_more, has_next=True)
    after = _place(rows, order, query.get("after", ""))
    found = list((_beyond(rows, order, after) if after else rows)[: size + 1])
    return _page(found[:size], has_previous=bool(after), has_next=len(found) > size)


def _page(shown: list[Row], *, has_previous: bool, has_next: bool) -> Page[Row]:
    if not shown:
        return Page([], "", "")
    first, last = str(shown[0].pk), str(shown[-1].pk)
    return Page(shown, first if has_previous else "", last if has_next else "")


def _place(rows: QuerySet[Row], order: list[str], key: str) -> tuple[object, ...] | None:
    """The values the rows are ordered by, of the row with that key; it may have left the list."""
    if not key.isdecimal() or len(key) > _LONGEST_KEY:
        return None
    columns = [field.removeprefix("-") for field in order]
    place = rows.model._default_manager.filter(pk=int(key)).values_list(*columns).first()
    return place if place and None not in place else None


def _turned(order: list[str]) -> list[str]:
    return [field[1:] if field.startswith("-") else f"-{field}" for field in order]


def _beyond(rows: Narrowed, order: list[str], place: tuple[object, ...]) -> Narrowed:
    """Rows that come after `place` in `order`.

    The bound on the first column follows from the rest; it lets an index start at the place.
    """
    condition, equal = Q(pk__in=[]), Q()
    for field, value in zip(order, place, strict=True):
        column = field.removeprefix("-")
        further = "lt" if field.startswith("-") else "gt"
        condition |= equal & Q(**{f"{column}__{further}": value})
        equal &= Q(**{column: value})
    bound = "lte" if order[0].startswith("-") else "gte"
    return rows.filter(condition, **{f"{order[0].removeprefix('-')}__{bound}": place[0]})
