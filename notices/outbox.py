"""Sending what was written: claimed by one UPDATE, repeated with growing waits, given up in sight.

Any number of workers may do this at once, and any of them may die; the rows say what is left.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from core.local_time import SHANGHAI, local
from notices.calendar import school_calendar
from notices.channels import SENDERS, Undeliverable
from notices.choices import Channel, DeliveryStatus
from notices.models import Delivery
from notices.services import preference_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.working_calendar import WorkingCalendar

#: Waiting time after the first, second, … failed attempt; after the last one we give up.
RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360))
MAX_ATTEMPTS = len(RETRY_AFTER) + 1
#: What group robots accept, with some room: (so many, within so long).
ROBOT_LIMITS = ((20, timedelta(minutes=1)), (1_000, timedelta(hours=1)))
#: Minutes of the hour in which everybody's robots speak at once.
BUSY_MINUTES = (0, 30)
_ONE_MINUTE = timedelta(minutes=1)
_ROWS_PER_SWEEP = 5_000
_KEYS_PER_UPDATE = 500


def deliver(delivery_id: int, now: datetime) -> bool:
    """Send one outbox row, and what may travel with it, if its time has come; True if it went out.

    False as well if somebody else has it, if it must wait, or if it failed; the row says which.
    """
    delivery = Delivery.objects.due(now).with_recipients().filter(pk=delivery_id).first()
    if delivery is None:
        return False
    if _is_collected(delivery):
        delivery = _first_of_its_mail(delivery, now)
    later = _later(delivery, now, school_calendar())
    if later > now:
        Delivery.objects.pending().filter(pk=delivery.pk).update(not_before=later)
        return False
    if not _claim(delivery, now):
        return False
    return _send([delivery, *_claim_companions(delivery, now)], now)


def _is_collected(delivery: Delivery) -> bool:
    """Whether it goes into the person's one message of the day."""
    return (
        delivery.channel == Channel.EMAIL
        and delivery.notice.is_automatic
        and preference_of(delivery.notice.recipient).digest_on
    )


def _first_of_its_mail(delivery: Delivery, now: datetime) -> Delivery:
    """The oldest reminder that would travel with it.

    The first one leads, so that a message sent again has the same Message-ID.
    """
    waiting = Delivery.objects.reminders_by_mail(delivery.notice.recipient_id).pending()
    return waiting.filter(not_before__lte=now).with_recipients().first() or delivery


def _later(delivery: Delivery, now: datetime, calendar: WorkingCalendar) -> datetime:
    """The earliest moment at which it may go out; `now` if that is now."""
    moment = now
    if delivery.notice.is_automatic:
        moment = _after_quiet_hours(delivery, calendar.next_send_moment(now))
        moment = calendar.next_send_moment(moment)
    if _is_collected(delivery):
        moment = max(moment, _after_todays_mail(delivery, now, calendar))
    if delivery.channel == Channel.WEBHOOK:
        moment = max(moment, _when_the_robot_may_speak(delivery, now))
    return moment


def _after_quiet_hours(delivery: Delivery, moment: datetime) -> datetime:
    """`moment`, or the end of the person's own quiet hours around it."""
    here = local(moment)
    end = preference_of(delivery.notice.recipient).quiet_end(here.time())
    if end is None:
        return moment
    ends_at = datetime.combine(here.date(), end, tzinfo=SHANGHAI)
    return ends_at if ends_at > moment else ends_at + timedelta(days=1)


def _after_todays_mail(delivery: Delivery, now: datetime, calendar: WorkingCalendar) -> datetime:
    """Tomorrow's first sending hour if the person has had today's message, else `now`."""
    midnight = local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    mails = Delivery.objects.reminders_by_mail(delivery.notice.recipient_id)
    if mails.filter(status=DeliveryStatus.CLAIMED).exclude(pk=delivery.pk).exists():
        return now + _ONE_MINUTE  # one is on its way; look again when it has arrived
    if mails.filter(sent_at__gte=midnight).exists():
        return calendar.next_send_moment(midnight + timedelta(days=1))
    return now


def _when_the_robot_may_speak(delivery: Delivery, now: datetime) -> datetime:
    """Keeps the limits of the robots' owners, and away from the full and the half hour."""
    person = delivery.notice.recipient_id
    for most, period in ROBOT_LIMITS:
        if Delivery.objects.posted_since(person, now - period).count() >= most:
            return now + _ONE_MINUTE
    return now + _ONE_MINUTE if local(now).minute in BUSY_MINUTES else now


def _claim(delivery: Delivery, now: datetime) -> bool:
    """Test and write in one UPDATE: of many workers one gets the row."""
    mine = Delivery.objects.due(now).filter(pk=delivery.pk)
    claimed = mine.update(
        status=DeliveryStatus.CLAIMED,
        claimed_at=now,
        attempts=F("attempts") + 1,
        carried_by=None,
    )
    delivery.attempts += 1
    return claimed == 1


def _claim_companions(delivery: Delivery, now: datetime) -> list[Delivery]:
    """Claim whatever else is due for the same mail; in the order in which it was written."""
    if not _is_collected(delivery):
        return []
    others = Delivery.objects.reminders_by_mail(delivery.notice.recipient_id).pending()
    keys = list(others.filter(not_before__lte=now).values_list("pk", flat=True))
    Delivery.objects.pending().filter(pk__in=keys).update(
        status=DeliveryStatus.CLAIMED,
        claimed_at=now,
        attempts=F("attempts") + 1,
        carried_by=delivery,
    )
    carried = Delivery.objects.filter(carried_by=delivery, status=DeliveryStatus.CLAIMED)
    return list(carried.with_recipients().order_by("pk"))


def _send(batch: list[Delivery], now: datetime) -> bool:
    try:
        SENDERS[batch[0].channel]([delivery.notice for delivery in batch], now)
    except Undeliverable as error:
        for delivery in batch:
            _mark(delivery, status=DeliveryStatus.GIVEN_UP, error=str(error))
        return False
    except OSError as error:  # every smtplib error is one
        for delivery in batch:
            _try_later(delivery, str(error), now)
        return False
    for delivery in batch:
        _mark(delivery, status=DeliveryStatus.SENT, sent_at=now, error="")
    return True


def _mark(delivery: Delivery, **values: object) -> None:
    """Write the result of our own attempt; nothing if the sweeper has taken the row from us.

    A success is written even then: it happened.
    """
    ours = Delivery.objects.filter(pk=delivery.pk)
    if values["status"] != DeliveryStatus.SENT:
        ours = ours.filter(status=DeliveryStatus.CLAIMED, attempts=delivery.attempts)
    ours.update(**values)


def _try_later(delivery: Delivery, error: str, now: datetime) -> None:
    if delivery.attempts >= MAX_ATTEMPTS:
        _mark(delivery, status=DeliveryStatus.GIVEN_UP, error=error)
        return
    wait = RETRY_AFTER[delivery.attempts - 1]
    _mark(delivery, status=DeliveryStatus.PENDING, not_before=now + wait, error=error)


def deliver_due(now: datetime, seconds_at_most: float) -> int:
    """One pass of the sweeper, ended after that time; how many messages went out.

    Takes back what a dead worker claimed, then sends whatever is due: lost hints, retries and
    what waited for its hour.
    """
    _take_back_abandoned(now)
    stop_at = time.monotonic() + seconds_at_most
    sent = 0
    for pk in Delivery.objects.due(now).values_list("pk", flat=True)[:_ROWS_PER_SWEEP]:
        sent += deliver(pk, now)
        if time.monotonic() > stop_at:
            break
    return sent


def _take_back_abandoned(now: datetime) -> None:
    abandoned = Delivery.objects.abandoned(now)
    lost = "发送进程中断"
    abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(status=DeliveryStatus.GIVEN_UP, error=lost)
    abandoned.update(status=DeliveryStatus.PENDING, not_before=now, error=lost)


def try_again(delivery: Delivery, now: datetime) -> bool:
    """Give up's undoing by hand, with all attempts anew; False if somebody was quicker."""
    given_up = Delivery.objects.filter(pk=delivery.pk, status=DeliveryStatus.GIVEN_UP)
    return given_up.update(status=DeliveryStatus.PENDING, attempts=0, not_before=now) == 1


def undelivered_keys(kind: str) -> list[str]:
    """The events of that kind of which something has not gone out yet."""
    waiting = Delivery.objects.pending().filter(notice__kind=kind)
    return list(waiting.order_by().values_list("notice__key", flat=True).distinct())


def stop_deliveries(keys: Iterable[str]) -> int:
    """Keep notices of these events from going out further: what they ask for is done."""
    ordered = sorted(set(keys))
    stopped = 0
    for start in range(0, len(ordered), _KEYS_PER_UPDATE):
        batch = ordered[start : start + _KEYS_PER_UPDATE]
        stopped += (
            Delivery.objects.pending()
            .filter(notice__key__in=batch)
            .update(status=DeliveryStatus.STOPPED)
        )
    return stopped
