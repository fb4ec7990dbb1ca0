"""Who may do what in supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User


def can_confirm_red(user: User) -> bool:
    """The campaign group confirms that something is overdue before leadership hears of it."""
    return standing_of(user).is_organiser
