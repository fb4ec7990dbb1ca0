"""Reminders and the ladder: told once, to the right person, at a decent hour, with the reason."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.urls import reverse

from accounts.audit import record
from campaign.models import Campaign
from core.chinese_text import chinese_moment
from core.local_time import local_day
from notices.calendar import school_calendar
from notices.outbox import stop_deliveries, undelivered_keys
from notices.services import Message, announce_all
from proposals.choices import Status
from proposals.models import Review
from supervision import sent as sent_notices
from supervision import wording
from supervision.choices import Duty, Rung
from supervision.ladder import Thresholds, is_higher, rung_on
from supervision.models import LadderStep
from supervision.obligations import of_campaign
from supervision.owing import Obligation
from supervision.permissions import can_confirm_red
from supervision.phrasing import Phrasing, phrasing_of
from supervision.recipients import Audience, Directory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from accounts.models import User

#: The kind of every notice the ladder sends.
NOTICE_KIND = sent_notices.LADDER


class NotOverdue(Exception):
    """Red was to be confirmed for something that is done, not due yet, or red already."""


@dataclass(frozen=True)
class Sent:
    """One rung of one obligation and the people told of it in this pass."""

    owed: Obligation
    due_on: date
    rung: Rung
    audience: Audience


@dataclass(frozen=True)
class Skipped:
    owed: Obligation
    reason: str


@dataclass
class Pass:
    """What one pass of `send_due` did and left undone."""

    sent: list[Sent] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    stopped: int = 0


def send_due(now: datetime) -> Pass:
    """One pass over everything owed in the running campaigns.

    Each person hears of each deadline and rung once, whatever runs twice, late or together.
    A pass after a pause looks only at the rung of today: those missed meanwhile are not made up.
    """
    done = Pass()
    live: set[str] = set()
    may_send = school_calendar().may_send(now)
    for campaign in Campaign.objects.running().prefetch_related("phases", "demands__quotas"):
        owed = of_campaign(campaign, local_day(now), with_wordings=True)
        live |= {_notice_prefix(one) for one in owed if not one.is_met}
        if may_send:
            _climb(campaign, owed, now, done)
        else:
            reason = f"{chinese_moment(now)}不是发送时间（工作日8:00—20:00）"
            done.skipped += [Skipped(one, reason) for one in owed]
    done.stopped = _stop_settled(live)
    return done


def _climb(campaign: Campaign, obligations: list[Obligation], now: datetime, done: Pass) -> None:
    """Decide about each obligation, then write all steps and notices at once."""
    on = local_day(now)
    thresholds = thresholds_of(campaign)
    reached = _rungs_reached(campaign)
    directory = Directory(on, obligations)
    finished = _reviews_finished(campaign)
    sent: list[Sent] = []
    for owed in obligations:
        rung = _rung_due(owed, on, thresholds)
        reason = _why_not(owed, rung, reached.get((owed.key, owed.due_on), []))
        if reason or rung is None or owed.due_on is None:
            done.skipped.append(Skipped(owed, reason))
            continue
        audience = _without_finished(owed, directory.of_rung(owed, rung), finished)
        if not audience.people:
            done.skipped.append(Skipped(owed, "没有可以通知的人"))
            continue
        sent.append(Sent(owed, owed.due_on, rung, audience))
    _write(campaign, sent, thresholds, now)
    done.sent += sent


def _rung_due(owed: Obligation, on: date, thresholds: Thresholds) -> Rung | None:
    if owed.due_on is None:
        return None
    return rung_on(owed.opens_on, owed.due_on, on, thresholds, owed.grace_until)


def _why_not(owed: Obligation, rung: Rung | None, reached: list[str]) -> str:
    """Why nothing is sent about it now; empty if something is."""
    if owed.is_met:
        return "已完成"
    if owed.due_on is None:
        return "没有截止日期"
    if rung is None:
        return "未到提醒时间"
    if any(not is_higher(rung, than=before) for before in reached):
        return f"{rung.label}色一级已经提醒"
    if rung == Rung.RED:
        return "已超期，待三大工作组确认"
    return ""


def confirmed_red(owed: Iterable[Obligation]) -> set[str]:
    """The keys of those whose present deadline somebody confirmed as overdue; one query."""
    days = {one.key: one.due_on for one in owed if one.due_on is not None}
    steps = LadderStep.objects.filter(rung=Rung.RED, obligation__in=days)
    return {key for key, due_on in steps.values_list("obligation", "due_on") if days[key] == due_on}


def thresholds_of(campaign: Campaign) -> Thresholds:
    try:
        return campaign.ladder_rule.thresholds
    except ObjectDoesNotExist:  # nobody has changed the usual ones
        return Thresholds()


def _rungs_reached(campaign: Campaign) -> dict[tuple[str, date | None], list[str]]:
    reached: dict[tuple[str, date | None], list[str]] = defaultdict(list)
    steps = LadderStep.objects.filter(campaign=campaign).order_by()
    for obligation, due_on, rung in steps.values_list("obligation", "due_on", "rung"):
        reached[obligation, due_on].append(rung)
    return reached


def _reviews_finished(campaign: Campaign) -> dict[tuple[int, date | None], int]:
    """How many of the proposals still waiting, by the day they are due, each reviewer has done."""
    rows = (
        Review.objects.filter(proposal__campaign=campaign, proposal__status=Status.SUBMITTED)
        .order_by()
        .values_list("reviewer_id", "proposal__review_due_on")
        .annotate(count=Count("pk"))
    )
    return {(reviewer, due_on): count for reviewer, due_on, count in rows}


def _without_finished(
    owed: Obligation, audience: Audience, finished: dict[tuple[int, date | None], int]
) -> Audience:
    """Leave out reviewers who have done their part of what still waits."""
    if owed.duty != Duty.REVIEW:
        return audience
    waiting = tuple(
        person
        for person in audience.people
        if finished.get((person.pk, owed.due_on), 0) < owed.missing
    )
    return Audience(waiting, audience.role)


def _write(campaign: Campaign, sent: list[Sent], thresholds: Thresholds, now: datetime) -> None:
    """Steps and notices in one transaction; what another scheduler wrote first stays as it is."""
    if not sent:
        return
    phrasing = phrasing_of(campaign)
    steps = [_step(campaign, one, thresholds, now) for one in sent]
    with transaction.atomic():
        LadderStep.objects.bulk_create(steps, ignore_conflicts=True)
        announce_all(
            [
                message
                for one, step in zip(sent, steps, strict=True)
                for message in _messages(one, step, phrasing)
            ],
            now,
        )


def _step(campaign: Campaign, sent: Sent, thresholds: Thresholds, now: datetime) -> LadderStep:
    owed = sent.owed
    return LadderStep(
        campaign=campaign,
        obligation=owed.key,
        title=owed.title,
        unit=owed.unit,
        due_on=sent.due_on,
        rung=sent.rung,
        at=now,
        rule=wording.rule(owed, sent.rung, sent.audience.role, thresholds),
    )


def _messages(sent: Sent, step: LadderStep, phrasing: Phrasing) -> list[Message]:
    owed, on = sent.owed, local_day(step.at)
    reason = "\n".join([step.rule, wording.grounds(owed), wording.way_out(owed)])
    return [
        Message(
            recipient=person,
            key=f"{_notice_prefix(owed)}{sent.rung}",
            kind=NOTICE_KIND,
            title=phrasing.title(owed, sent.rung, on),
            body=phrasing.body(owed, sent.rung, on, to_doer=sent.audience.is_doer),
            reason=reason,
            url=reverse("supervision:owed", args=[owed.key]),
            is_automatic=step.confirmed_by is None,
        )
        for person in sent.audience.people
    ]


def _notice_prefix(owed: Obligation) -> str:
    """What the keys of all notices about this deadline begin with."""
    return sent_notices.notice_prefix(owed.key, owed.due_on)


def _stop_settled(live: set[str]) -> int:
    """Hold back mail about what is done, withdrawn or moved; `live` is what is still owed."""
    keys = undelivered_keys(NOTICE_KIND)
    return stop_deliveries(key for key in keys if key.rpartition(":")[0] + ":" not in live)


def confirm_red(campaign: Campaign, key: str, by: User, now: datetime) -> Sent:
    """Say that something is overdue indeed, and tell leadership, at whatever hour.

    Raises PermissionDenied, or NotOverdue if it is no longer overdue or somebody was quicker.
    """
    if not can_confirm_red(by):
        raise PermissionDenied
    on = local_day(now)
    owed = next((one for one in of_campaign(campaign, on) if one.key == key), None)
    if owed is None or owed.due_on is None or not owed.is_overdue(on):
        raise NotOverdue(key)
    audience = Directory(on, [owed]).of_rung(owed, Rung.RED)
    sent = Sent(owed, owed.due_on, Rung.RED, audience)
    step = _step(campaign, sent, thresholds_of(campaign), now)
    step.confirmed_by = by
    try:
        with transaction.atomic():
            step.save()
            record(by, "supervision.confirm_red", step, after={"obligation": owed.key})
            announce_all(_messages(sent, step, phrasing_of(campaign)), now)
    except IntegrityError as error:
        raise NotOverdue(f"{key} is red already") from error
    return sent


def waiting_for_red(
    obligations: Iterable[Obligation], campaign: Campaign, on: date
) -> list[Obligation]:
    """What is overdue and not confirmed yet."""
    reached = _rungs_reached(campaign)
    return [
        owed
        for owed in obligations
        if owed.is_overdue(on) and Rung.RED not in reached.get((owed.key, owed.due_on), [])
    ]
