"""What supervision has told people: the notices of an obligation, rung by rung."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from notices.models import Notice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from notices.querysets import NoticeQuerySet
    from supervision.models import LadderStep

#: Kinds of notices that the log shows; all others are between the portal and one person.
LADDER, SENDING, EXTENSION = "ladder", "sending", "extension"
INSPECTION = "inspection"
KINDS = {
    LADDER: "到期提醒和督办",
    SENDING: "群发通知",
    EXTENSION: "延期批复",
    INSPECTION: "督促检查",
}


def notice_prefix(obligation: str, due_on: date | None) -> str:
    """What the keys of all notices of one obligation's deadline begin with."""
    return f"{LADDER}:{obligation}:{due_on}:"


def notices_of(obligation: str) -> NoticeQuerySet:
    """Every notice of the ladder about one obligation, whatever its deadline was then."""
    return Notice.objects.filter(key__startswith=f"{LADDER}:{obligation}:")


def told_of(steps: Sequence[LadderStep]) -> list[tuple[LadderStep, list[str]]]:
    """Each step with the names of the people told of it; one query."""
    keys = {f"{notice_prefix(step.obligation, step.due_on)}{step.rung}": step.pk for step in steps}
    names: dict[int, list[str]] = defaultdict(list)
    told = Notice.objects.filter(key__in=keys).order_by("pk")
    for key, name in told.values_list("key", "recipient__name"):
        names[keys[key]].append(name)
    return [(step, names[step.pk]) for step in steps]
