"""The ledger of activities: first page, filter, one-character search, export, beside a bare list.

The same for `--scale large`: the first page there may cost 1.5 times that of campus. An export is
read to its end; 20,000 rows may take 2 s as CSV and 5 s as XLSX.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from benchmarks.floor import beside_bare_list, page_of
from campaign.demo import SLUG
from campaign.models import Campaign, Theme
from seminars.models import Activity
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from datetime import date

    from benchmarks.frame import Row

#: The largest export that is measured; on a larger scale it is narrowed to about as many.
EXPORTED = 20_000


def run() -> list[Row]:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(
            User.objects.get(username="leader"),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        pages = [_page(client, name, query) for name, query in _looks().items()]
        return [*pages, *(_export(client, kind) for kind in ("csv", "xlsx"))]


def _looks() -> dict[str, dict[str, Any]]:
    committees = [UnitKind.GRASSROOTS_COMMITTEE, UnitKind.GENERAL_BRANCH]
    committee = Unit.objects.filter(kind__in=committees).order_by("path")[0]
    theme = Theme.objects.filter(campaign__slug=SLUG).order_by("order")[0]
    filters = {"unit": committee.pk, "kind": "forum", "theme": theme.pk}
    return {
        "first page": {},
        "filter: unit, kind, theme": filters,
        "search: one character": {"q": "企"},
        "search: a rare character": {"q": "罕"},
        "search: two characters in a unit": {"q": "课程", "unit": committee.pk},
    }


def _page(client: Client, name: str, query: dict[str, Any]) -> Row:
    ask = partial(page_of, client, reverse("seminars:activities"), query)
    return beside_bare_list(name, ask, repetitions=20)


def _export(client: Client, file_format: str) -> Row:
    address = reverse("seminars:export", args=[file_format])
    read = partial(page_of, client, address, {"first": _since().isoformat()})
    rows = min(Activity.objects.logged().count(), EXPORTED)
    name = f"export of {rows:,} as {file_format.upper()}"
    return beside_bare_list(name, read, repetitions=3)


def _since() -> date:
    """The day from which on there are about as many records as are to be exported."""
    rows = Activity.objects.logged().filter(campaign=Campaign.objects.get(slug=SLUG))
    at = min(rows.count(), EXPORTED) - 1
    return rows.newest_first().values_list("held_on", flat=True)[at]
