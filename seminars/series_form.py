"""How often and from when a monthly series runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.chinese_text import chinese_date
from core.forms import PortalForm
from seminars.fields import CountField, DayField
from seminars.services.series import MOST_TIMES, monthly

if TYPE_CHECKING:
    from datetime import date

    from seminars.models import Activity


class SeriesForm(PortalForm):
    first = DayField(label="下一次的日期")
    times = CountField(label="一共几次", unit="次", help_text=f"每月一次，最多{MOST_TIMES}次。")

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._activity = activity
        self.initial = {"first": monthly(activity.held_on, 2)[1], "times": 3}

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first <= self._activity.held_on:
            held_on = chinese_date(self._activity.held_on)
            raise forms.ValidationError(f"请填写{held_on}以后的日期。")
        return first

    def clean_times(self) -> int:
        times: int = self.cleaned_data["times"]
        if not 1 <= times <= MOST_TIMES:
            raise forms.ValidationError(f"请填写1到{MOST_TIMES}之间的整数。")
        return times

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        last_day = max(
            (each.ends_on for each in self._activity.campaign.phases.all()), default=None
        )
        if last_day and "first" in cleaned and "times" in cleaned:
            last = monthly(cleaned["first"], cleaned["times"])[-1]
            if last > last_day:
                said = f"最后一次（{chinese_date(last)}）在活动结束（{chinese_date(last_day)}）以后"
                self.add_error("times", f"{said}，请减少次数。")
        return cleaned
