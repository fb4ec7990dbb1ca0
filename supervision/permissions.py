"""Who may do what in supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supervision.choices import Duty
from units.standing import standing_of

if TYPE_CHECKING:
    from accounts.models import User
    from supervision.models import Extension
    from supervision.owing import Obligation
    from units.models import Unit

#: What the campaign group may put off for a unit or a person.
EXTENSIBLE = frozenset({Duty.DEMAND, Duty.SETTLING, Duty.PACKAGE, Duty.MEASURE, Duty.MILESTONE})


def can_confirm_red(user: User) -> bool:
    """The campaign group confirms that something is overdue before leadership hears of it."""
    return standing_of(user).is_organiser


def can_read_log(user: User) -> bool:
    """The campaign group sees what was sent and why; administrators, because they mend it."""
    standing = standing_of(user)
    return standing.is_organiser or standing.is_administrator


def can_ask_extension(user: User, owed: Obligation) -> bool:
    """Whoever owes it, in person or for a unit, while it is not done and has a deadline."""
    if owed.duty not in EXTENSIBLE or owed.is_met or owed.due_on is None:
        return False
    reports = owed.unit is not None and standing_of(user).reports_for(owed.unit)
    return reports or owed.person_id == user.pk


def can_decide_extension(user: User, extension: Extension) -> bool:
    """The campaign group, but nobody on their own request."""
    return standing_of(user).is_organiser and extension.asked_by_id != user.pk


def can_say_done(user: User, unit: Unit) -> bool:
    """Whoever reports for the unit."""
    return standing_of(user).reports_for(unit)
