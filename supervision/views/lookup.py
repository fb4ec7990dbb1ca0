"""What several views of supervision look up first."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.http import Http404

from campaign.models import Campaign
from supervision import obligations
from supervision.choices import Duty

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from accounts.models import User
    from supervision.owing import Obligation


def person(request: HttpRequest) -> User:
    """Who asks; the pages of supervision are for people signed in."""
    return cast("User", request.user)


def find_owed(request: HttpRequest, key: str, on: date) -> tuple[Campaign, Obligation]:
    """The obligation if the person may see it; raises Http404 otherwise."""
    campaign = Campaign.objects.current()
    if campaign is not None:
        # The key begins with the kind; demands are most of what is owed and need no other source.
        only = frozenset({Duty.DEMAND} if key.startswith("demand-") else ())
        for one in obligations.visible_to(person(request), campaign, on, only):
            if one.key == key:
                return campaign, one
    raise Http404(key)
