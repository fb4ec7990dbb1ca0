"""Forms with which the campaign group steers."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms

from campaign.choices import ActivityKind, CampaignState, DemandKind, Gate
from campaign.models import Campaign, Demand, Phase
from core.forms import ChipCheckboxes, DayInput, NumberWithUnit, Pair, PortalFormHelper
from units.choices import UnitKind
from units.models import Unit

#: The plan's 各单位: departments, committees and general branches.
ALL_UNITS = ("all", "各单位（部门、党委、党总支）")
_ASKED_KINDS = (
    UnitKind.DEPARTMENT,
    UnitKind.GRASSROOTS_COMMITTEE,
    UnitKind.GENERAL_BRANCH,
    UnitKind.BRANCH,
)
_DAYS_REVERSED = "截止日期早于开始日期，请改正其中一个。"


class CampaignForm(forms.ModelForm[Campaign]):
    class Meta:
        model = Campaign
        fields = ["plan_group", "campaign_group", "review_working_days", "state"]
        widgets = {"review_working_days": NumberWithUnit("个工作日")}
        help_texts = {
            "plan_group": "其成员审议建议、修订方案。",
            "campaign_group": "其成员管理本活动，正副组长看全校进展。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (
            ("plan_group", UnitKind.PLAN_GROUP),
            ("campaign_group", UnitKind.CAMPAIGN_GROUP),
        ):
            field = self.fields[name]
            field.queryset = Unit.objects.open().of_kind(kind)  # type: ignore[attr-defined]
        unsealed = [choice for choice in CampaignState.choices if choice[0] != CampaignState.SEALED]
        self.fields["state"].choices = unsealed  # type: ignore[attr-defined]  # a choice field
        self.helper = PortalFormHelper(self, submit="保存设置")


class PhaseForm(forms.ModelForm[Phase]):
    opens = forms.MultipleChoiceField(
        label="开放事项", choices=Gate, widget=ChipCheckboxes, required=False
    )

    class Meta:
        model = Phase
        fields = ["starts_on", "ends_on", "opens"]
        widgets = {"starts_on": DayInput, "ends_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(
            self, submit="保存阶段", layout=Layout(Pair("starts_on", "ends_on"), "opens")
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期早于开始日期，请改正其中一个。")
        return data


class DemandForm(forms.ModelForm[Demand]):
    """What units owe. Of a demand of the plan only days and number can be set."""

    unit_kinds = forms.MultipleChoiceField(
        label="面向的单位",
        choices=[ALL_UNITS, *((kind.value, kind.label) for kind in _ASKED_KINDS)],
        widget=ChipCheckboxes,
    )
    activity_kinds = forms.MultipleChoiceField(
        label="计入的活动形式",
        choices=ActivityKind,
        widget=ChipCheckboxes,
        required=False,
        help_text="要求的是活动时选择；不选表示任何形式都算。",
    )

    class Meta:
        model = Demand
        fields = [
            "kind",
            "title",
            "text",
            "unit_kinds",
            "activity_kinds",
            "quota",
            "opens_on",
            "due_on",
        ]
        widgets = {
            "opens_on": DayInput,
            "due_on": DayInput,
            "quota": NumberWithUnit("项"),
            "text": forms.Textarea({"rows": 3}),
        }
        help_texts = {"due_on": "不填就不会有到期提醒。", "opens_on": "从这天起的记录才计入。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]  # a choice field
            choice for choice in DemandKind.choices if choice[0] != DemandKind.OTHER
        ]
        days = Pair("opens_on", "due_on")
        layout = Layout("kind", "title", "text", "unit_kinds", "activity_kinds", "quota", days)
        if self.instance.is_from_plan:
            for name in ("kind", "title", "text", "unit_kinds", "activity_kinds"):
                del self.fields[name]
            layout = Layout("quota", days)
        self.helper = PortalFormHelper(self, submit="保存要求", layout=layout)

    def clean_quota(self) -> int:
        quota: int = self.cleaned_data["quota"]
        if quota < 1:
            raise forms.ValidationError("数量至少为1。")
        return quota

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens_on, due_on = data.get("opens_on"), data.get("due_on")
        if opens_on and due_on and due_on < opens_on:
            self.add_error("due_on", _DAYS_REVERSED)
        return data
