"""The trail: who did what, when, from where, and what changed (safety 28)."""

from __future__ import annotations

import hashlib
import hmac
import json
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import Model

    from accounts.models import User

#: The address of the request being answered; None in tasks and commands.
current_address: ContextVar[str | None] = ContextVar("current_address", default=None)

_SEALED_PER_PASS = 5_000
_ROWS_PER_INSERT = 500


@dataclass(frozen=True)
class BrokenEntry:
    """The first row of the trail that is not as it was written."""

    pk: int
    fault: str


def record(
    actor: User | None,
    action: str,
    subject: Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add a line to the trail; call it inside the transaction of the change it tells of.

    `action` is a short verb with its app, such as `proposals.publish`. `before` and `after` hold
    only the fields that changed, and never passwords or an anonymous opinion's text.
    """
    entry = _entry(actor, action, subject, before, after)
    entry.save(force_insert=True)
    return entry


def record_all(
    actor: User | None,
    action: str,
    changes: Iterable[tuple[Model, Mapping[str, Any], Mapping[str, Any]]],
) -> None:
    """`record` for one action on many rows, each with its before and after, in one INSERT."""
    AuditEntry.objects.bulk_create(
        [_entry(actor, action, subject, before, after) for subject, before, after in changes],
        batch_size=_ROWS_PER_INSERT,
    )


def _entry(
    actor: User | None,
    action: str,
    subject: Model | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> AuditEntry:
    entry = AuditEntry(
        at=timezone.now(),
        actor=actor,
        action=action,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk) if subject is not None else "",
        address=current_address.get(),
        before=_plain(before),
        after=_plain(after),
    )
    entry.entry_hash = _entry_hash(entry)
    return entry


def seal() -> int:
    """Chain the rows written since the last pass; returns how many. Safe to run twice at once.

    `position` is unique, so of two sealers the later one fails whole and the next pass goes on.
    """
    with transaction.atomic():
        last = AuditEntry.objects.filter(position__isnull=False).order_by("-position").first()
        position, chain_hash = (last.position or 0, last.chain_hash) if last else (0, "")
        waiting = list(
            AuditEntry.objects.filter(position__isnull=True).order_by("pk")[:_SEALED_PER_PASS]
        )
        for entry in waiting:
            position += 1
            chain_hash = _digest(f"{chain_hash}:{position}:{entry.entry_hash}")
            entry.position, entry.chain_hash = position, chain_hash
        AuditEntry.objects.bulk_update(waiting, ["position", "chain_hash"], batch_size=500)
    return len(waiting)


def first_broken() -> BrokenEntry | None:
    """The first row that was altered, moved or whose predecessor was removed; None if all hold."""
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=2_000):
        if not hmac.compare_digest(entry.entry_hash, _entry_hash(entry)):
            return BrokenEntry(entry.pk, "content differs from its hash")
    return _first_break_in_chain()


def _first_break_in_chain() -> BrokenEntry | None:
    chain_hash = ""
    for expected, entry in enumerate(_sealed(), start=1):
        if entry.position != expected:
            return BrokenEntry(entry.pk, f"entry {expected} of the chain is missing before it")
        chain_hash = _digest(f"{chain_hash}:{expected}:{entry.entry_hash}")
        if not hmac.compare_digest(entry.chain_hash, chain_hash):
            return BrokenEntry(entry.pk, "chain differs from here on")
    return None


def _sealed() -> Iterator[AuditEntry]:
    rows = AuditEntry.objects.filter(position__isnull=False).order_by("position")
    return rows.iterator(chunk_size=2_000)


def chain_length() -> int:
    return AuditEntry.objects.aggregate(last=Max("position"))["last"] or 0


def _plain(values: Mapping[str, Any] | None) -> dict[str, Any]:
    """The values as JSON gives them back, so that the hash is the same before and after storage."""
    plain: dict[str, Any] = json.loads(json.dumps(dict(values or {}), cls=DjangoJSONEncoder))
    return plain


def _entry_hash(entry: AuditEntry) -> str:
    facts = [
        entry.at.astimezone(timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.address,
        entry.before,
        entry.after,
    ]
    return _digest(json.dumps(facts, ensure_ascii=True, sort_keys=True))


def _digest(text: str) -> str:
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()
