"""The ordered lists of a campaign: a page hands a list over whole, in its new order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.audit import record
from campaign.models import Target, TargetProgress
from campaign.services import drop
from campaign.steering import ask

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign
    from campaign.models.lists import Listed

#: Clear of every order in use while rows change places.
_ASIDE = 10_000


@transaction.atomic
def save_entries(
    by: User,
    campaign: Campaign,
    model: type[Listed],
    rows: Sequence[tuple[Listed | None, dict[str, Any]]],
) -> None:
    """Make the list what `rows` say: existing entries or None for new ones, with their facts.

    An entry that is not among them is taken away. Raises InUse if records refer to it.
    """
    ask(by, campaign)
    entries = model._default_manager.filter(campaign=campaign)
    before = [str(entry) for entry in entries.order_by("order")]
    kept = [entry.pk for entry, _ in rows if entry is not None]
    drop(entries.exclude(pk__in=kept))
    for known in entries:
        entries.filter(pk=known.pk).update(order=_ASIDE + known.order)
    for order, (entry, facts) in enumerate(rows, start=1):
        row = entry if entry is not None else model(campaign=campaign)
        for name, value in (facts | {"order": order}).items():
            setattr(row, name, value)
        row.save()
    after = [str(entry) for entry in entries.order_by("order")]
    if before != after:
        names = {"list": model._meta.model_name}
        record(
            by, "campaign.edit_list", campaign, names | {"rows": before}, names | {"rows": after}
        )


@transaction.atomic
def note_progress(
    by: User, target: Target, *, on: date, count: int, note: str, now: datetime
) -> TargetProgress:
    """How many of the target are reached on a day; said again, it is another row."""
    ask(by, target.campaign)
    row = TargetProgress.objects.create(target=target, on=on, count=count, note=note, by=by, at=now)
    record(by, "campaign.note_progress", target, after={"on": on, "count": count, "note": note})
    return row
