"""The working calendar of this school: the national one and its own rest days."""

from core.working_calendar import RestDays, WorkingCalendar
from notices.models import RestPeriod


def school_calendar() -> WorkingCalendar:
    """One query; keep the result for as long as one answer or one pass takes."""
    periods = RestPeriod.objects.values_list("starts_on", "ends_on")
    return WorkingCalendar([RestDays(*period) for period in periods])
