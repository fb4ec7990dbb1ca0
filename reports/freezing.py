"""Frozen reports: facts kept as they were, a code to check a printed copy by."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.audit import record
from core.local_time import local_day
from reports.facts import content_hash, from_plain, to_plain
from reports.kinds import KINDS
from reports.models import FrozenReport
from reports.paper import Seal
from reports.permissions import can_freeze
from reports.production import assemble
from reports.seals import code_picture

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import User
    from reports.dossier import Wish
    from reports.paper import Paper

#: No 0 and O, no 1 and I and L: read from paper and typed by hand.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE_LENGTH = 12


def freeze(wish: Wish, *, by: User, now: datetime) -> FrozenReport:
    """Keep the report as it stands now under a code nobody can guess."""
    if not (KINDS[wish.kind].may_have(by, wish) and can_freeze(by, wish.unit)):
        raise PermissionDenied
    facts = assemble(wish, now)
    with transaction.atomic():
        frozen = FrozenReport.objects.create(
            campaign=wish.campaign,
            kind=wish.kind,
            unit=wish.unit,
            theme=wish.theme,
            phase=wish.phase,
            since=wish.since,
            as_of=wish.as_of or timezone.localdate(now),
            facts=to_plain(facts),
            content_hash=content_hash(facts),
            code=_new_code(),
            frozen_by=by,
            frozen_at=now,
        )
        record(by, "reports.freeze", frozen, after={"hash": frozen.content_hash})
    return frozen


def _new_code() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))


def thawed(frozen: FrozenReport) -> Any:
    """The facts as they were kept."""
    return from_plain(KINDS[frozen.kind].facts, frozen.facts)


def is_unaltered(frozen: FrozenReport) -> bool:
    """Whether the facts kept are still those the hash was made of."""
    return content_hash(thawed(frozen)) == frozen.content_hash


def typed_code(text: str) -> str:
    """A code as somebody typed it: small letters, spaces and hyphens do not matter."""
    return "".join(letter for letter in text.upper() if letter in _LETTERS)


def sealed(paper: Paper, frozen: FrozenReport) -> Paper:
    """The paper with its code, and the code as a picture a phone can read."""
    address = f"{settings.SITE_URL}{reverse('reports:verify_code', args=[frozen.code])}"
    seal = Seal(
        code=frozen.printed_code,
        address=address,
        content_hash=frozen.content_hash,
        frozen_on=local_day(frozen.frozen_at),
        picture=code_picture(address),
    )
    return replace(paper, seal=seal)
