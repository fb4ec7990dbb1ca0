"""A unit hands in what no other record shows; the group that asked may approve or return it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from accounts.audit import record
from core.chinese_text import counted
from notices.services import announce
from supervision.choices import HandInState
from supervision.counting import SAID_KINDS
from supervision.models import Fulfilment, FulfilmentFile
from supervision.permissions import can_approve, can_say_done

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Demand
    from core.files import CheckedFile
    from units.models import Unit


class Incomplete(Exception):
    """Something the demand wants is missing; the message says what."""


class AlreadyAnswered(Exception):
    """Somebody else has approved or returned it."""


def length_of(text: str) -> int:
    """How many characters count as words: all but blanks and line ends."""
    return len("".join(text.split()))


def words_wanted(demand: Demand) -> str:
    """800—1500字, 不少于800字, 不超过1500字; empty if any length will do."""
    least, most = demand.words_min, demand.words_max
    if least and most:
        return f"{least}—{most}字"
    if least:
        return f"不少于{least}字"
    return f"不超过{most}字" if most else ""


def wrong_length(demand: Demand, text: str) -> str:
    """What is wrong with the length of `text`; empty if nothing is."""
    length = length_of(text)
    is_short = demand.words_min is not None and length < demand.words_min
    is_long = demand.words_max is not None and length > demand.words_max
    if not (is_short or is_long):
        return ""
    mend = "补充" if is_short else "压缩"
    return f"要求{words_wanted(demand)}，现在{counted(length, '字')}，请{mend}。"


def say_done(
    demand: Demand,
    unit: Unit,
    by: User,
    *,
    note: str,
    done_on: date,
    now: datetime,
    text: str = "",
    files: Mapping[str, CheckedFile] | None = None,
) -> Fulfilment:
    """Hand in for `demand`; the same thing twice is one row, handed in again after a return.

    Late is taken like any other. Raises PermissionDenied, Incomplete, or ValueError if other
    records show whether the demand is met.
    """
    if not can_say_done(by, unit):
        raise PermissionDenied
    if demand.kind not in SAID_KINDS:
        raise ValueError(f"demand {demand.pk} of kind {demand.kind} is counted from records")
    files = files or {}
    _require_all(demand, text, files)
    stored: list[FulfilmentFile] = []
    try:
        with transaction.atomic():
            fulfilment, is_new = Fulfilment.objects.get_or_create(
                demand=demand,
                unit=unit,
                note=note,
                defaults={
                    "done_on": done_on, "by": by, "at": now, "text": text, "words": length_of(text)
                },
            )  # fmt: skip
            if is_new or _hand_in_again(fulfilment, by, text, done_on, now):
                for wanted, one in files.items():
                    stored.append(_keep(fulfilment, wanted, one))
                record(by, "supervision.say_done", fulfilment, after={"note": note})
    except BaseException:
        _erase(stored)
        raise
    return fulfilment


def decide_hand_in(
    fulfilment: Fulfilment, by: User, *, is_approved: bool, note: str, now: datetime
) -> None:
    """Approve what was handed in, or return it with a reason; who handed it in is told.

    Raises PermissionDenied, ValueError for a return without a reason, or AlreadyAnswered.
    """
    if not can_approve(by, fulfilment.demand) or fulfilment.by_id == by.pk:
        raise PermissionDenied
    if not is_approved and not note:
        raise ValueError("a return needs a reason")
    state = HandInState.APPROVED if is_approved else HandInState.RETURNED
    waiting = Fulfilment.objects.filter(pk=fulfilment.pk, state=HandInState.HANDED_IN)
    with transaction.atomic():
        answered = waiting.update(state=state, decided_by=by, decided_at=now, decision_note=note)
        if answered != 1:
            raise AlreadyAnswered(fulfilment.pk)
        record(by, "supervision.decide_hand_in", fulfilment, after={"state": state, "note": note})
        _tell(fulfilment, state, note, now)


def _require_all(demand: Demand, text: str, files: Mapping[str, CheckedFile]) -> None:
    missing = [name for name in demand.attachments if name not in files]
    if missing:
        raise Incomplete(f"缺少附件：{'、'.join(missing)}。")
    if fault := wrong_length(demand, text):
        raise Incomplete(fault)


def _hand_in_again(
    fulfilment: Fulfilment, by: User, text: str, done_on: date, now: datetime
) -> bool:
    """A returned thing takes the place of its former self; anything else stays as it is."""
    returned = Fulfilment.objects.filter(pk=fulfilment.pk, state=HandInState.RETURNED)
    again = returned.update(
        state=HandInState.HANDED_IN,
        text=text,
        words=length_of(text),
        done_on=done_on,
        by=by,
        at=now,
        decided_by=None,
        decided_at=None,
    )
    if again:
        old = list(fulfilment.files.all())
        transaction.on_commit(partial(_erase, old))
        fulfilment.files.all().delete()
    return bool(again)


def _keep(fulfilment: Fulfilment, wanted: str, one: CheckedFile) -> FulfilmentFile:
    return FulfilmentFile.objects.create(
        fulfilment=fulfilment,
        wanted=wanted,
        file=one.content,
        name=one.name,
        size_bytes=one.size_bytes,
        sha256=one.sha256,
    )


def _erase(files: Iterable[FulfilmentFile]) -> None:
    for file in files:
        if file.file:
            default_storage.delete(str(file.file.name))


def _tell(fulfilment: Fulfilment, state: HandInState, note: str, now: datetime) -> None:
    demand = fulfilment.demand
    announce(
        fulfilment.by,
        f"hand-in:{fulfilment.pk}:{fulfilment.at.isoformat()}",
        kind="hand_in",
        title=f"“{fulfilment.note}”{state.label}",
        body=note,
        reason=f"您交来了“{demand.title}”的材料。",
        url=reverse("supervision:owed", args=[f"demand-{demand.pk}-{fulfilment.unit_id}"]),
        now=now,
    )
