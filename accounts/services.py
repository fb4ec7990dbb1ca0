"""What changes in an account, and what the trail says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import update_session_auth_hash
from django.db import transaction

from accounts.audit import record

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.forms import NewPasswordForm


@transaction.atomic
def change_password(request: HttpRequest, form: NewPasswordForm) -> None:
    """Store the new password; every other session of the person ends with this request."""
    user = form.save()
    update_session_auth_hash(request, user)
    record(user, "accounts.change_password", user)
