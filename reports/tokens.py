"""Keys for other systems: made, read, revoked. Only a digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from reports.models import ApiToken

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User

PREFIX = "sanda_"
LONGEST = timedelta(days=366)


def make_token(user: User, name: str, days: int, now: datetime) -> tuple[ApiToken, str]:
    """The row and the key itself, which nobody can read again. At most a year."""
    key = PREFIX + secrets.token_urlsafe(32)
    expires_on = timezone.localdate(now) + min(timedelta(days=days), LONGEST)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=user, name=name, digest=_digest(key), created_at=now, expires_on=expires_on
        )
        record(user, "reports.make_token", token, after={"用途": name, "有效期至": expires_on})
    return token, key


def revoke_token(token: ApiToken, *, by: User, now: datetime) -> None:
    with transaction.atomic():
        mine = ApiToken.objects.filter(pk=token.pk, user=by, revoked_at__isnull=True)
        if mine.update(revoked_at=now):
            record(by, "reports.revoke_token", token)


def user_of(key: str, now: datetime) -> User | None:
    """Whose key it is, if it is in force; the day it was last used is noted."""
    today = timezone.localdate(now)
    rows = ApiToken.objects.in_force(today).select_related("user")
    token = rows.filter(digest=_digest(key)).first()
    if token is None:
        return None
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token.user


def _digest(key: str) -> str:
    """The key is 256 bits of chance, so a plain hash cannot be tried through."""
    return hashlib.sha256(key.encode()).hexdigest()
