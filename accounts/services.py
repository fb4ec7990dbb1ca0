"""What changes in an account, and what the trail says of it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.audit import record
from accounts.models import User
from accounts.permissions import can_manage_people

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.forms import NewPasswordForm

_PASSWORD_BYTES = 9  # twelve characters: short enough to dictate, far too many to guess


@transaction.atomic
def change_password(request: HttpRequest, form: NewPasswordForm) -> None:
    """Store the new password; every other session of the person ends with this request."""
    user = form.save()
    update_session_auth_hash(request, user)
    record(user, "accounts.change_password", user)


@transaction.atomic
def add_person(by: User, *, username: str, name: str, email: str = "") -> tuple[User, str]:
    """A new person and the password to hand over; it is stored nowhere else."""
    _ask(by)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    person = User.objects.create_user(username, email, password, name=name)
    record(by, "accounts.add_person", person, after={"username": username, "name": name})
    return person, password


@transaction.atomic
def edit_person(by: User, person: User, *, name: str, email: str, is_active: bool) -> None:
    """Correct a person's data or disable them; a disabled person's sessions end at once.

    Raises PermissionDenied if administrators would lock themselves out.
    """
    _ask(by)
    if person == by and not is_active:
        raise PermissionDenied
    before = {"name": person.name, "email": person.email, "is_active": person.is_active}
    after = {"name": name, "email": email, "is_active": is_active}
    User.objects.filter(pk=person.pk).update(**after)
    record(by, "accounts.edit_person", person, before, after)


@transaction.atomic
def reset_password(by: User, person: User) -> str:
    """A new password to hand over; the old one and all sessions of the person end."""
    _ask(by)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    person.set_password(password)
    person.save(update_fields=["password"])
    record(by, "accounts.reset_password", person)
    return password


def _ask(by: User) -> None:
    if not can_manage_people(by):
        raise PermissionDenied
