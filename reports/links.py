"""Where the records behind a figure are listed."""

from dataclasses import dataclass
from functools import cache

from django.urls import NoReverseMatch, reverse

from reports.facts import Scope

#: The list of each kind of record, and what it calls the filters used here.
_ROUTES = {
    "activities": "seminars:activities",
    "opinions": "seminars:opinions",
    "problems": "seminars:problems",
    "proposals": "proposals:list",
    "revisions": "proposals:documents",
    "measures": "outcomes:measures",
    "outcomes": "outcomes:outcomes",
}


@dataclass(frozen=True)
class RecordLinks:
    """Addresses of lists narrowed to the scope of the facts and to what is asked beside it."""

    scope: Scope

    def __call__(self, records: str, /, **filters: object) -> str:
        """The list's address; empty when the portal has no such list."""
        address = _address(records)
        if not address:
            return ""
        wanted = {"unit": self.scope.unit_id, "theme": self.scope.theme_id, **filters}
        query = "&".join(f"{name}={value}" for name, value in wanted.items() if value is not None)
        return f"{address}?{query}" if query else address


@cache
def _address(records: str) -> str:
    """Asked for hundreds of times a page; reversing an address anew each time would show."""
    try:
        return reverse(_ROUTES[records])
    except (KeyError, NoReverseMatch):
        return ""
