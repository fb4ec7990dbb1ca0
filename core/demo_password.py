"""The one password of all demo people: DEMO_PASSWORD, or drawn once and kept."""

import secrets

from django.conf import settings


def demo_password() -> str:
    """For who creates the demo people; bin/run prints what this wrote down."""
    kept = settings.DEMO_PASSWORD_FILE
    password = settings.DEMO_PASSWORD or (kept.read_text() if kept.exists() else "")
    password = password or secrets.token_hex(6)
    kept.touch(mode=0o600)
    kept.write_text(password)
    return password
