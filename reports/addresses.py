"""Addresses of pages about one report: the wish as a query."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from reports.dossier import Wish


def fields_of_wish(wish: Wish) -> dict[str, str]:
    """The wish as `ReportForm` reads it."""
    fields = {
        "kind": str(wish.kind),
        "unit": wish.unit.code if wish.unit else "",
        "theme": str(wish.theme.order) if wish.theme else "",
        "phase": str(wish.phase.order) if wish.phase else "",
        "since": wish.since.isoformat() if wish.since else "",
        "as_of": wish.as_of.isoformat() if wish.as_of else "",
    }
    return {name: value for name, value in fields.items() if value}


def address_of_wish(route: str, wish: Wish) -> str:
    return f"{reverse(route)}?{urlencode(fields_of_wish(wish))}"
