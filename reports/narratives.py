"""What people add to a report in words, kept when its figures are taken anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.audit import record
from core.chinese_text import clean_text
from reports.choices import NarrativePart
from reports.models import Narrative
from reports.permissions import can_write_narrative

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from reports.dossier import Wish


class NarrativeMoved(Exception):
    """Somebody else saved the text after this person began to write."""


@dataclass(frozen=True)
class Passage:
    """One part of a report as a person wrote it, a paragraph each."""

    part: str
    paragraphs: tuple[str, ...]


def passages_of(wish: Wish) -> tuple[Passage, ...]:
    """What was written for this report, in the order of its parts; one query."""
    known = narrative_of(wish)
    if known is None:
        return ()
    written = ((part, _paragraphs(str(known.texts.get(part, "")))) for part in NarrativePart.values)
    return tuple(Passage(part, paragraphs) for part, paragraphs in written if paragraphs)


def narrative_of(wish: Wish) -> Narrative | None:
    return Narrative.objects.filter(campaign=wish.campaign, key=key_of(wish)).first()


def key_of(wish: Wish) -> str:
    """Names the report whatever the day of its data, so that the words outlive the figures."""
    about = (wish.unit, wish.theme, wish.phase)
    return ":".join([wish.kind, *(str(row.pk) if row else "" for row in about)])


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def save_narrative(
    wish: Wish, texts: Mapping[str, str], *, by: User, seen_version: int
) -> Narrative:
    """Keep the texts as a new version.

    Raises PermissionDenied, and NarrativeMoved if `seen_version` is not the latest.
    """
    if not can_write_narrative(by, wish.unit):
        raise PermissionDenied
    clean = {part: clean_text(texts.get(part, "")) for part in NarrativePart.values}
    with transaction.atomic():
        known, _ = Narrative.objects.get_or_create(
            campaign=wish.campaign,
            key=key_of(wish),
            defaults={"edited_by": by, "edited_at": timezone.now()},
        )
        unchanged = Narrative.objects.filter(pk=known.pk, version=seen_version)
        before = known.texts
        if not unchanged.update(
            texts=clean, version=seen_version + 1, edited_by=by, edited_at=timezone.now()
        ):
            raise NarrativeMoved(f"narrative {known.pk} is no longer at version {seen_version}")
        known.refresh_from_db()
        Narrative.history.bulk_history_create([known], update=True)
        record(by, "reports.write", known, before=before, after=clean)
    return known
