"""A monthly series: drafts of the same activity for the months to come."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from seminars.services.activities import EditedMeanwhile, copy_of, save_draft

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import User
    from seminars.models import Activity

MOST_TIMES = 12


def begin_series(
    activity: Activity, *, by: User, first: date, times: int, now: datetime
) -> list[Activity]:
    """One draft a month from `first` on. The same series asked for twice is one series.

    A draft of the series that somebody has worked on since is left as it is.
    """
    return [_draft(activity, day, by, now) for day in monthly(first, times)]


def monthly(first: date, times: int) -> list[date]:
    """The same day of each month; the last day where a month is too short."""
    months = [first.year * 12 + first.month - 1 + number for number in range(times)]
    days = []
    for month in months:
        year, index = divmod(month, 12)
        last = monthrange(year, index + 1)[1]
        days.append(first.replace(year=year, month=index + 1, day=min(first.day, last)))
    return days


def _draft(activity: Activity, day: date, by: User, now: datetime) -> Activity:
    sheet = copy_of(activity)
    sheet = replace(sheet, values={**sheet.values, "held_on": day})
    key = uuid5(NAMESPACE_URL, f"sanda:series:{activity.client_key}:{day.isoformat()}")
    try:
        return save_draft(sheet, by=by, client_key=key, version=0, now=now)
    except EditedMeanwhile as late:
        return late.activity
