"""Who may change the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from units.standing import standing_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def can_manage_organisation(user: User | AnonymousUser) -> bool:
    """Administrators keep units, positions and headcounts."""
    return standing_of(user).is_administrator
