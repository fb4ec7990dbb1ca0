"""Every date of a plan, found once and asked for by place."""

from bisect import bisect_left

from campaign.reading.lines import PlanText
from core.chinese_dates import DateContext, DateSpan, find_dates


class PlanDates:
    """The dates of one plan, read against its year and issue date; places are in the plan."""

    def __init__(self, plan: PlanText, context: DateContext) -> None:
        self.context = context
        self._spans = find_dates(plan.text, context)
        self._starts = [span.start for span in self._spans]

    def between(self, start: int, end: int) -> list[DateSpan]:
        """Dates that begin in [start, end), in order."""
        return self._spans[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def first_between(self, start: int, end: int) -> DateSpan | None:
        """The first date that begins in [start, end)."""
        position = bisect_left(self._starts, start)
        if position < len(self._spans) and self._starts[position] < end:
            return self._spans[position]
        return None
