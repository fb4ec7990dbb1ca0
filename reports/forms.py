"""What a person says when asking for figures or for a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from campaign.models import Theme
from core.forms import ChipRadio, DayInput, PortalFormHelper
from reports.choices import ReportFormat
from reports.counts import ROW_KINDS
from reports.permissions import can_read_school
from units.models import Unit
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User
    from campaign.models import Campaign
    from units.querysets import UnitQuerySet


def readable_units(user: User) -> UnitQuerySet:
    """The units whose figures this person may see, in the order of the organisation."""
    units: UnitQuerySet = Unit.objects.of_kind(*ROW_KINDS).filter(closed_on__isnull=True)
    if not can_read_school(user):
        units = units.filter(below(standing_of(user).reporting_paths))
    return units.order_by("path")


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Units indented by their depth."""

    def label_from_instance(self, unit: Unit) -> str:
        return f"{'　' * (unit.depth - 2)}{unit.short_name}"


class ThemeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # as above
    def label_from_instance(self, theme: Theme) -> str:
        return f"{theme.order}. {theme.title}"


class ScopeForm(forms.Form):
    """About what: the school, one unit with all below it, or one theme."""

    unit = UnitChoice(
        queryset=Unit.objects.none(), required=False, label="单位", to_field_name="code"
    )
    theme = ThemeChoice(
        queryset=Theme.objects.none(), required=False, label="主题", to_field_name="order"
    )

    def __init__(self, *args: Any, user: User, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = self.fields["unit"]
        units.queryset = readable_units(user)  # type: ignore[attr-defined]
        if can_read_school(user):
            units.empty_label = "全校"  # type: ignore[attr-defined]
            themes = self.fields["theme"]
            themes.queryset = campaign.themes.order_by("order")  # type: ignore[attr-defined]
            themes.empty_label = "全部主题"  # type: ignore[attr-defined]
        else:
            units.required = True
            units.empty_label = None  # type: ignore[attr-defined]
            del self.fields["theme"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("unit") and cleaned.get("theme"):
            self.add_error(
                "theme", "单位和主题请只选一个：单位报告已按主题列出，主题报告已按单位列出。"
            )
        return cleaned


class AskForm(ScopeForm):
    """Which paper, up to which day, in which format."""

    as_of = forms.DateField(label="数据截至", widget=DayInput())
    format = forms.ChoiceField(
        label="格式", choices=ReportFormat, widget=ChipRadio, initial=ReportFormat.PDF
    )

    field_order = ("unit", "theme", "as_of", "format")

    def __init__(self, *args: Any, today: date, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["as_of"].initial = today
        self.helper = PortalFormHelper(self, submit="生成报告", action=action)

    def clean_as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"]
        if as_of > self.today:
            raise forms.ValidationError("数据截至日期不能晚于今天。")
        return as_of
