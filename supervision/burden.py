"""The burden meter (N5): what units are asked for in a week, and how long the forms take.

Requests are counted from the records themselves: demands the work group set, notices a person
sent, inspections. Form times know no person, and fewer than five of them are not shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING

from django.db.models import Sum

from campaign.models import Campaign, Demand
from core.chinese_text import joined
from core.local_time import SHANGHAI
from proposals.forms import TextForm
from seminars.kinds import SHAPES
from supervision.choices import SendingStatus
from supervision.models import BurdenRule, FormTime, Inspection, Sending, Waiver
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

#: Fewer than so many form times are not shown: they might be one person's.
LEAST_SHOWN = 5
#: The median is taken over so many of a form's times at most.
_MOST_TIMES = 5_000
USUAL_BUDGET = 3
_UNITS_NAMED = 5


def week_of(day: date) -> date:
    """The Monday of that week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class Load:
    """What one unit is asked for in one week."""

    unit: Unit
    requests: tuple[str, ...]
    budget: int

    @property
    def is_over(self) -> bool:
        return len(self.requests) > self.budget

    @property
    def is_full(self) -> bool:
        """Whether one more request needs a waiver."""
        return len(self.requests) >= self.budget


class OverBudget(Exception):
    """Some units have had their week's requests, and no chair has allowed more (N5)."""

    def __init__(self, loads: Sequence[Load]) -> None:
        super().__init__(f"{len(loads)} units have had their requests of the week")
        self.loads = loads


def over_budget_words(error: OverBudget) -> str:
    """Which units have had enough, and what to do about it."""
    names = joined((one.unit.short_name for one in error.loads), _UNITS_NAMED, "个单位")
    return (
        f"{names}本周收到的要求和通知已到上限，这一件没有发出。"
        "请改到下周，或请组长在“减负”页写明理由批准增加。"
    )


def waived_in(campaign: Campaign, week_on: date) -> dict[int, int]:
    """How much more units may be asked for in that week, by their keys."""
    waived = Waiver.objects.filter(campaign=campaign, week_on=week_on).order_by()
    return dict(waived.values_list("units").annotate(n=Sum("extra")))


def rule_of(campaign: Campaign) -> int:
    """So many requests a unit may get in a week without a waiver."""
    rule = BurdenRule.objects.filter(campaign=campaign).first()
    return rule.weekly_requests if rule else USUAL_BUDGET


def loads_of(campaign: Campaign, week_on: date) -> list[Load]:
    """Every open unit in tree order with what it was asked for; constant queries."""
    budget, waived = rule_of(campaign), waived_in(campaign, week_on)
    units = list(Unit.objects.open().order_by("path"))
    asked: dict[int, list[str]] = defaultdict(list)
    first = datetime.combine(week_on, time(), tzinfo=SHANGHAI)
    week = (first, first + timedelta(days=7))
    for demand in _demands_made(campaign, week):
        for unit in units:
            if demand.quota_for(unit):
                asked[unit.pk].append(f"报送要求：{demand.title}")
    sent = Sending.objects.filter(campaign=campaign, status=SendingStatus.SENT)
    sent = sent.filter(sent_at__gte=week[0], sent_at__lt=week[1]).order_by("pk")
    for title, unit_id in sent.values_list("title", "units"):
        asked[unit_id].append(f"群发通知：{title}")
    visits = Inspection.objects.filter(campaign=campaign)
    visits = visits.filter(planned_at__gte=week[0], planned_at__lt=week[1]).order_by("pk")
    for title, unit_id in visits.values_list("title", "unit_id"):
        asked[unit_id].append(f"督促检查：{title}")
    return [Load(unit, tuple(asked[unit.pk]), budget + waived.get(unit.pk, 0)) for unit in units]


def _demands_made(campaign: Campaign, week: tuple[datetime, datetime]) -> Iterable[Demand]:
    """Demands the work group added in that week; what the plan asks for is not its doing."""
    made = Demand.history.filter(
        history_type="+", history_date__gte=week[0], history_date__lt=week[1]
    )
    added = Demand.objects.filter(campaign=campaign, is_from_plan=False)
    return added.filter(pk__in=made.order_by().values("id")).prefetch_related("quotas")


def full_units(campaign: Campaign, week_on: date) -> list[Load]:
    """Those that may not be asked for one thing more without a waiver."""
    return [one for one in loads_of(campaign, week_on) if one.is_full]


def ensure_room(campaign: Campaign, units: Iterable[Unit], on: date) -> None:
    """Raises OverBudget unless each of `units` may be asked for one thing more that week.

    Within a transaction; whoever asks at the same time waits, so that two do not both find room.
    """
    Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    wanted = {unit.pk for unit in units}
    if full := [one for one in full_units(campaign, week_of(on)) if one.unit.pk in wanted]:
        raise OverBudget(full)


@dataclass(frozen=True)
class FormFacts:
    """One form people fill in: how much it asks, and the median time, None if under five."""

    label: str
    required: int
    count: int
    median_seconds: int | None

    @property
    def is_hidden(self) -> bool:
        return self.median_seconds is None


@dataclass(frozen=True)
class _Form:
    label: str
    required: Callable[[], int]


def _required_of_log() -> int:
    return max(len(shape.all_required) for shape in SHAPES.values())


def _required_of_proposal() -> int:
    """Title, problem, measures, kind and theme, and one source (S20), before it is handed in."""
    return len({"title", "problem", "measures", "kind", "theme"} & set(TextForm.base_fields)) + 1


#: The forms that grassroots units fill in, by route; nameless ones are never timed.
FORMS = {
    "seminars:log": _Form("记一笔", _required_of_log),
    "proposals:edit": _Form("对策建议", _required_of_proposal),
    "proposals:package": _Form("报送材料综述", lambda: 0),
}


def forms_in_use() -> list[FormFacts]:
    times: dict[str, list[int]] = defaultdict(list)
    for form in FORMS:  # a handful of forms, whatever the number of rows
        rows = FormTime.objects.filter(form=form).values_list("seconds", flat=True)
        times[form] = list(rows[:_MOST_TIMES])
    return [
        FormFacts(form.label, form.required(), len(times[route]), _median(times[route]))
        for route, form in FORMS.items()
    ]


def _median(seconds: list[int]) -> int | None:
    return round(median(seconds)) if len(seconds) >= LEAST_SHOWN else None
