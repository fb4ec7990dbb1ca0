"""Sessions that end after a time without a request, and are not written at every one.

Django's own `SESSION_SAVE_EVERY_REQUEST` puts the end off at every request, which costs each page
a transaction. Here it is put off once a thirtieth of that time has gone by, so that a session may
end this much early, never late. `SESSION_ENGINE` names this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSession
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime

#: The part of the idle time after which a request puts the end off.
PUT_OFF_AFTER = 1 / 30


class SessionStore(DatabaseSession):
    """A row a session; read late enough after its last writing, it asks to be written."""

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]  # not in the stubs
        if row is not None and self._is_due(row.expire_date):
            self.modified = True  # the middleware writes it and sends the cookie again
        return row

    def _is_due(self, ends_at: datetime) -> bool:
        idle: int = self.get_session_cookie_age()
        left = (ends_at - timezone.now()).total_seconds()
        return left < idle * (1 - PUT_OFF_AFTER)
