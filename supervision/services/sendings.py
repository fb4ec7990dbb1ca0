"""A person writes to those who still owe something: drafted, looked over, sent once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.audit import record
from campaign.choices import CampaignState
from core.local_time import local_day
from notices.services import Message, announce_all
from supervision import wording
from supervision.burden import ensure_room
from supervision.choices import Duty, SendingStatus
from supervision.models import Sending
from supervision.obligations import of_campaign, of_duty
from supervision.permissions import can_send
from supervision.recipients import Directory
from supervision.sent import SENDING
from units.choices import Position

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from accounts.models import User
    from campaign.models import Campaign
    from supervision.owing import Obligation
    from units.models import Unit


class NotAsSeen(Exception):
    """Somebody would get it who was not on the page that was looked over."""


class AlreadyHandled(Exception):
    """It was sent or dropped meanwhile."""


@dataclass(frozen=True)
class Addressee:
    """Somebody who would get it, and why: a line for each unit or thing they answer for."""

    person: User
    lines: tuple[str, ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Topic:
    """Something that is still owed, and by how many."""

    key: str
    title: str
    count: int


def topics(campaign: Campaign, on: date) -> list[Topic]:
    """What units and persons still owe, in the order of their days; the most to choose from."""
    found: dict[str, list[Obligation]] = defaultdict(list)
    for owed in _still_owed(campaign, on):
        found[_topic_of(owed)].append(owed)
    return [
        Topic(key, group[0].title if group[0].demand else str(group[0].duty.label), len(group))
        for key, group in found.items()
    ]


def _still_owed(campaign: Campaign, on: date) -> list[Obligation]:
    """What the plan group owes as a body is not the campaign group's to remind of."""
    return _missing(of_campaign(campaign, on))


def _missing(obligations: Iterable[Obligation]) -> list[Obligation]:
    return [
        owed
        for owed in obligations
        if not owed.is_met and not owed.is_of_plan_group and owed.unit is not None
    ]


def _topic_of(owed: Obligation) -> str:
    return f"demand-{owed.demand.pk}" if owed.demand else f"duty-{Duty(owed.duty).value}"


def _duty_in(about: str) -> str:
    return about.removeprefix("duty-")


def write(
    campaign: Campaign,
    by: User,
    *,
    about: Topic,
    positions: Collection[str],
    title: str,
    body: str,
    now: datetime,
) -> Sending:
    """Keep a draft; nothing goes out. Raises PermissionDenied."""
    if not can_send(by):
        raise PermissionDenied
    with transaction.atomic():
        sending = Sending.objects.create(
            campaign=campaign,
            about=about.key,
            about_title=about.title,
            positions=sorted(positions),
            title=title,
            body=body,
            written_by=by,
            written_at=now,
        )
        record(by, "supervision.write_sending", sending, after={"about": about.key})
    return sending


def rewrite(
    sending: Sending,
    by: User,
    *,
    about: Topic,
    positions: Collection[str],
    title: str,
    body: str,
    now: datetime,
) -> None:
    """Change a draft that is still as `sending` was read.

    Raises PermissionDenied, or AlreadyHandled if it was sent, dropped or changed meanwhile.
    """
    if not can_send(by):
        raise PermissionDenied
    draft = Sending.objects.filter(
        pk=sending.pk, status=SendingStatus.DRAFT, written_at=sending.written_at
    )
    with transaction.atomic():
        changed = draft.update(
            about=about.key,
            about_title=about.title,
            positions=sorted(positions),
            title=title,
            body=body,
            written_by=by,
            written_at=now,
        )
        if changed != 1:
            raise AlreadyHandled(sending.pk)
        record(by, "supervision.rewrite_sending", sending, after={"about": about.key})


def addressees(sending: Sending, on: date) -> list[Addressee]:
    """Who would get it on that day: those in office, for what is still owed on that day."""
    duty = Duty.DEMAND if sending.about.startswith("demand-") else Duty(_duty_in(sending.about))
    owed = [
        one
        for one in _missing(of_duty(sending.campaign, duty, on))
        if _topic_of(one) == sending.about
    ]
    directory = Directory(on, owed)
    people: dict[int, User] = {}
    lines: dict[int, list[str]] = defaultdict(list)
    units: dict[int, dict[int, Unit]] = defaultdict(dict)
    for one in owed:
        for person, role in directory.holders(one, sending.positions):
            people[person.pk] = person
            lines[person.pk].append(_line(one, role, on))
            if one.unit is not None:
                units[person.pk][one.unit.pk] = one.unit
    return [
        Addressee(person, tuple(lines[pk]), tuple(units[pk].values()))
        for pk, person in people.items()
    ]


def _line(owed: Obligation, role: str, on: date) -> str:
    where = owed.unit.short_name if owed.unit else ""
    return f"{where}{role}：“{owed.title}”{wording.missing(owed)}，{wording.deadline(owed, on)}"


def message_to(sending: Sending, one: Addressee) -> Message:
    """Exactly what that person reads."""
    by = sending.written_by
    return Message(
        recipient=one.person,
        key=f"sending:{sending.pk}",
        kind=SENDING,
        title=sending.title,
        body=f"{sending.body}\n\n" + "\n".join(one.lines),
        reason=(
            f"{by.name}代表三大工作组发给还没有完成“{sending.about_title}”的人。"
            "如何停止：这是一次性通知，完成后不会再收到。"
        ),
        url=reverse("supervision:owed_list"),
    )


def send(
    sending: Sending,
    by: User,
    seen: Collection[int],
    now: datetime,
    *,
    chosen: Collection[int] | None = None,
) -> list[Addressee]:
    """Send it to those on the page that was looked over who owe it still; who they were.

    Of them to the `chosen` ones alone, if any are given. Raises PermissionDenied, AlreadyHandled,
    NotAsSeen or OverBudget, and sends nothing then.
    """
    if not can_send(by) or sending.campaign.state == CampaignState.SEALED:
        raise PermissionDenied
    owing = addressees(sending, local_day(now))
    if any(one.person.pk not in seen for one in owing):
        raise NotAsSeen(sending.pk)
    told = [one for one in owing if chosen is None or one.person.pk in chosen]
    units = {unit.pk: unit for one in told for unit in one.units}
    with transaction.atomic():
        ensure_room(sending.campaign, units.values(), local_day(now))
        draft = Sending.objects.filter(pk=sending.pk, status=SendingStatus.DRAFT)
        if draft.update(status=SendingStatus.SENT, sent_by=by, sent_at=now) != 1:
            raise AlreadyHandled(sending.pk)
        sending.units.set(units.values())
        record(by, "supervision.send", sending, after={"people": len(told), "units": len(units)})
        announce_all([message_to(sending, one) for one in told], now)
    return told


def drop(sending: Sending, by: User) -> None:
    """Decide not to send it. Raises PermissionDenied or AlreadyHandled."""
    if not can_send(by):
        raise PermissionDenied
    with transaction.atomic():
        draft = Sending.objects.filter(pk=sending.pk, status=SendingStatus.DRAFT)
        if draft.update(status=SendingStatus.DROPPED) != 1:
            raise AlreadyHandled(sending.pk)
        record(by, "supervision.drop_sending", sending)


#: Whom a notice may be addressed to within a unit.
POSITIONS = {Position.LIAISON: "联络员", Position.SECRETARY: "书记"}
