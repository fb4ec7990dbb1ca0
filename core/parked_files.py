"""Files that were checked and wait for a confirmation: one for each person and purpose."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

if TYPE_CHECKING:
    from django.core.files.base import File

_WAITS_SECONDS = 60 * 60


def park(person_id: int, purpose: str, upload: File[bytes]) -> str:
    """Keep the checked file, the latest of each person, and return the token for it."""
    upload.seek(0)
    data = upload.read()
    extension = PurePosixPath(str(upload.name)).suffix.lower()
    name = f"{purpose}/{person_id}{extension}"
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(data))
    return signing.dumps([person_id, stored, hashlib.sha256(data).hexdigest()], salt=purpose)


def fetch(person_id: int, purpose: str, token: str) -> File[bytes] | None:
    """The file of a token of this person's, unless it is old or another has taken its place."""
    try:
        owner, name, fingerprint = signing.loads(token, salt=purpose, max_age=_WAITS_SECONDS)
        with default_storage.open(name) as stored:
            data = stored.read()
    except (signing.BadSignature, FileNotFoundError):
        return None
    if owner != person_id or hashlib.sha256(data).hexdigest() != fingerprint:
        return None
    return ContentFile(data, name=name)


def forget(parked: File[Any]) -> None:
    """What was confirmed need not wait any more."""
    default_storage.delete(str(parked.name))
