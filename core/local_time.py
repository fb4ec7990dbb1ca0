"""Which day and hour it is on campus.

Moments (`*_at`) are stored in UTC and compared as they are. Only what a person reads and
what depends on the clock on the wall (quiet hours, "today") is turned into local time.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(moment: datetime) -> datetime:
    """The same moment on the campus clock. Raises ValueError for a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(SHANGHAI)


def local_day(moment: datetime) -> date:
    """The campus day a moment falls on: 2019-09-15T16:00Z is already 16 September."""
    return local(moment).date()
