"""Filters of the ledger that a person keeps under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from seminars.models import SavedView

if TYPE_CHECKING:
    from accounts.models import User

MOST_VIEWS = 12


class TooManyViews(Exception):
    """The person has as many views as the page can show; one must go first."""


def keep_view(name: str, query: str, *, by: User) -> SavedView:
    """Keep a query of the ledger; the same name again replaces what it stood for."""
    mine = SavedView.objects.of(by)
    if not mine.filter(name=name).exists() and mine.count() >= MOST_VIEWS:
        raise TooManyViews(f"{by.pk} has {MOST_VIEWS} views already")
    view, _ = SavedView.objects.update_or_create(owner=by, name=name, defaults={"query": query})
    return view


def drop_view(view: SavedView, *, by: User) -> None:
    if view.owner_id != by.pk:
        raise PermissionDenied(f"view {view.pk} is not {by.pk}'s")
    view.delete()
