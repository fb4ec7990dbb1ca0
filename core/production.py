"""What production settings must be; a portal that breaks one of these does not start.

Production is what SECRET_KEY makes: as soon as it is set, real people's data is assumed.
"""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}
#: Django's own measure for a key that cannot be guessed.
SECRET_KEY_LEAST_LENGTH = 50
SECRET_KEY_LEAST_VARIETY = 5


def faults() -> list[str]:
    """One sentence for each setting under which the portal refuses to start."""
    return _rehearsal_faults() if settings.REHEARSAL else _production_faults()


def refuse_unsafe_settings() -> None:
    """Raises ImproperlyConfigured naming every fault. Called by whatever starts to serve."""
    found = faults()
    if found:
        raise ImproperlyConfigured("; ".join(found))


@register(Tags.security, deploy=True)
def check_production(**_kwargs: Any) -> list[Error]:
    """`check --deploy` says the same, and that a rehearsal is no deployment."""
    found = faults()
    if settings.REHEARSAL:
        found = ["SECRET_KEY is not set: these are rehearsal settings", *found]
    return [Error(sentence, id="core.E001") for sentence in found]


def _rehearsal_faults() -> list[str]:
    """The rehearsal key is public, so a rehearsal must not be reachable from elsewhere."""
    outside = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK]
    if outside:
        return [f"ALLOWED_HOSTS names {', '.join(outside)}: set SECRET_KEY as well"]
    return []


def _production_faults() -> list[str]:
    sentences = {
        "SECRET_KEY must be 50 random characters or more": _is_weak(settings.SECRET_KEY),
        "DEBUG must be off": settings.DEBUG,
        "ALLOWED_HOSTS must name the portal's own hosts, not *": "*" in settings.ALLOWED_HOSTS,
        "ALLOWED_HOSTS must be set": set(settings.ALLOWED_HOSTS) <= LOOPBACK,
        "DATABASE_URL must be PostgreSQL": connection.vendor != "postgresql",
        "BROKER_URL must be Redis": not settings.QUEUE_BROKER_URL.startswith("redis"),
    }
    return [sentence for sentence, is_broken in sentences.items() if is_broken]


def _is_weak(key: str) -> bool:
    return (
        len(key) < SECRET_KEY_LEAST_LENGTH
        or len(set(key)) < SECRET_KEY_LEAST_VARIETY
        or key.startswith("django-insecure-")
    )
