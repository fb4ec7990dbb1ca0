"""Who may change accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def can_manage_people(user: User | AnonymousUser) -> bool:
    """Administrators keep the register of people."""
    return user.is_active and user.is_superuser
