"""What did not arrive: a person looks at it, mends the cause and sends it once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from core.queue import hint
from notices import tasks
from notices.outbox import try_again
from supervision.permissions import can_read_log

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from notices.models import Delivery


@transaction.atomic
def send_again(delivery: Delivery, by: User, now: datetime) -> bool:
    """Put a given-up delivery back into the outbox; False if it is there already.

    Raises PermissionDenied.
    """
    if not can_read_log(by):
        raise PermissionDenied
    if not try_again(delivery, now):
        return False
    record(by, "supervision.send_again", delivery)
    hint(tasks.deliver_one, delivery.pk)
    return True
