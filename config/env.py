"""Readers for environment variables.

A wrong value stops the start with the variable's name in the message, because a portal
that half starts with a guessed setting is worse than one that does not start.
"""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

#: Waits for a lock instead of failing, and lets readers go on while one writes.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def text(name: str, default: str = "") -> str:
    """The variable as written, or `default` when it is unset or empty."""
    return str(_env.str(name, default="")) or default


def flag(name: str, *, default: bool) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; anything else is refused."""
    value = text(name).strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write true or false")


def number(name: str, *, default: int, least: int = 0) -> int:
    """A whole number not below `least`."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number of at least {least}")
    return int(value)


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list without empty parts."""
    value = text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default


#: PostgreSQL would spend 30 ms on compiling a query of a page that then takes 15, and more on
#: trying out the order of nine joins, all of them by key, than on doing them.
_PLANNED_FOR_PAGES = "-c jit=off -c join_collapse_limit=5"


def database(name: str, fallback: Path) -> dict[str, Any]:
    """Django's DATABASES entry for a URL; without one, the SQLite file `fallback`."""
    url = text(name) or f"sqlite:///{fallback}"
    if urlparse(url).scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name}: expected sqlite:///… or postgres://…")
    entry: dict[str, Any] = _env.db_url_config(url)
    if entry["ENGINE"].endswith("sqlite3"):
        entry["OPTIONS"] = SQLITE_OPTIONS
    else:
        entry["HOST"] = unquote(entry["HOST"])  # a folder of sockets is written with %2F
        entry["CONN_MAX_AGE"] = 60
        entry["CONN_HEALTH_CHECKS"] = True
        options = {"options": _PLANNED_FOR_PAGES, **entry.get("OPTIONS", {})}
        entry["OPTIONS"] = {**options, "connect_timeout": 3}
    return entry


def broker(name: str, fallback: Path) -> str:
    """The queue's address: Redis, or without a value the SQLite file `fallback`."""
    for rival in ("CELERY_BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL"):
        # Celery would obey it whatever our settings say; its own command copies BROKER_URL there.
        if text(rival) not in {"", text(name)}:
            raise ImproperlyConfigured(f"{rival} is set: remove it and use {name}")
    url = text(name) or f"sqla+sqlite:///{fallback}"
    if urlparse(url).scheme not in {"redis", "rediss", "redis+socket", "sqla+sqlite", "memory"}:
        raise ImproperlyConfigured(f"{name}: expected redis://…, rediss://… or redis+socket://…")
    return url


def broker_options(url: str) -> dict[str, Any]:
    """How long a request waits for the broker at `url`: under two seconds, whatever is wrong.

    kombu would try for ever, redis-py for half a minute, SQLite for five seconds. Waiting
    longer gains nothing, because the row in the database is the job and the message a hint.
    """
    options: dict[str, Any] = {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    }
    if url.startswith("redis"):
        options |= {"socket_connect_timeout": 0.8, "socket_timeout": 0.8}
        # Longer than the longest job (a paper, two minutes); looked at every ten seconds.
        options |= {"visibility_timeout": 600, "unacked_restore_throttle": 1}
    if url.startswith("sqla"):
        options |= {"connect_args": {"timeout": 1}}
    return options


def scanner(name: str) -> str:
    """The address of a virus scanner; empty without one."""
    address = text(name)
    if address and urlparse(address).scheme not in {"clamd", "unix"}:
        raise ImproperlyConfigured(f"{name} must begin with clamd:// or unix://, not {address!r}")
    return address


def email(name: str, fallback: Path) -> dict[str, Any]:
    """Django's e-mail settings for a URL; without one, messages become files in `fallback`."""
    url = text(name) or f"filemail:///{fallback}"
    if urlparse(url).scheme not in environ.Env.EMAIL_SCHEMES:
        raise ImproperlyConfigured(
            f"{name}: expected smtp+tls://user:password@host:587 or the like"
        )
    return dict(_env.email_url_config(url))
