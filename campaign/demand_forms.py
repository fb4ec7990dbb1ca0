"""The form for what units owe."""

from __future__ import annotations

import re
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.db.models import Q

from campaign.choices import ActivityKind, DemandKind
from campaign.demanding import WORDED_BY_THE_PLAN, Quota
from campaign.models import Campaign, Demand
from campaign.timed_forms import CarriesSeen, Times, clean_deadline, resolution
from core.chinese_text import clean_line
from core.forms import (
    ChipCheckboxes,
    DayInput,
    MoreFields,
    NumberWithUnit,
    Pair,
    PortalFormHelper,
    TextBox,
    TimeInput,
)
from core.plain_speech import PlainSpeech
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
_QUOTA_LINE = re.compile(r"(?P<whom>.+?)[：:\s]*(?P<number>[0-9]{1,4})\s?[个场条份项篇次件]?")
_LONGEST_NAME = 60


class DemandForm(CarriesSeen, PlainSpeech, forms.ModelForm[Demand]):
    """What units owe. Of a demand of the plan everything but its words can be set."""

    unit_kinds = forms.MultipleChoiceField(
        label="面向的单位",
        choices=[ALL_UNITS, *((kind.value, kind.label) for kind in _ASKED_KINDS)],
        widget=ChipCheckboxes,
        required=False,
        help_text="只面向个别单位时可以不选，在“分类数量”里写明单位。",
    )
    activity_kinds = forms.MultipleChoiceField(
        label="计入的活动形式",
        choices=ActivityKind,
        widget=ChipCheckboxes,
        required=False,
        help_text="要求的是活动时选择；不选表示任何形式都算。",
    )
    quotas = forms.CharField(
        label="分类数量",
        required=False,
        widget=TextBox({"rows": 3}),
        help_text="与上面数量不同的，一行一个：“党总支 2”“教务处 1”；写0表示不要求。",
    )
    attachments = forms.CharField(
        label="必交附件",
        required=False,
        widget=TextBox({"rows": 2}),
        help_text="一行一个名称。只用于需要交材料的要求（实施方案、工作报告、其他）。",
    )
    anchor = forms.ChoiceField(
        label="起算日", required=False, help_text="只有相对时间（“会后10个工作日”）才要选。"
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
            "due_label",
            "due_on",
            "due_time",
            "grace_days",
            "words_min",
            "words_max",
            "needs_approval",
            "asked_by",
        ]
        widgets = {
            "opens_on": DayInput,
            "due_on": DayInput,
            "due_time": TimeInput,
            "quota": NumberWithUnit("项"),
            "grace_days": NumberWithUnit("个工作日"),
            "words_min": NumberWithUnit("字"),
            "words_max": NumberWithUnit("字"),
            "text": TextBox({"rows": 3}),
        }
        help_texts = {
            "due_on": "不填就不会有到期提醒。",
            "opens_on": "从这天起的记录才计入。",
            "due_label": "照文件写：“10月底前”“会后10个工作日”。不填日期时按它推算。",
            "due_time": "不填就是当天24时。",
            "grace_days": "宽限期内不算超期，仍按截止时间标明迟交。",
            "needs_approval": "审核通过才算完成，退回的要重交。",
            "asked_by": "由它审核交来的材料。不选就是活动的领导机构。",
        }

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carry_seen()
        demand = self.instance if self.instance.pk else None
        self.times = Times(campaign, demand)
        self.fields["anchor"].choices = self.times.choices()  # type: ignore[attr-defined]
        self.fields["kind"].choices = DemandKind.choices  # type: ignore[attr-defined]
        self.fields["grace_days"].required = False
        self._offer_bodies(campaign)
        self.initial["anchor"] = self.times.token_of(demand)
        if demand is not None:
            self._fill_in(demand)
        if self.instance.is_from_plan:
            for name in WORDED_BY_THE_PLAN:
                del self.fields[name]
        self.helper = PortalFormHelper(self, submit="保存要求", layout=self._layout())

    def _fill_in(self, demand: Demand) -> None:
        self.initial["attachments"] = "\n".join(demand.attachments)
        rows = demand.quotas.select_related("unit")
        self.initial["quotas"] = "\n".join(
            f"{row.unit.short_name if row.unit else row.get_unit_kind_display()} {row.quota}"
            for row in rows
        )
        if demand.is_relative:
            self.initial["due_on"] = None
        self.fields["due_label"].help_text += resolution(self.times, demand)

    def _offer_bodies(self, campaign: Campaign) -> None:
        """The working bodies of the school; without a choice the campaign group asks."""
        asked_by: Any = self.fields["asked_by"]
        asked_by.queryset = Unit.objects.open().of_kind(
            UnitKind.CAMPAIGN_GROUP, UnitKind.PLAN_GROUP
        )
        group = campaign.campaign_group
        asked_by.empty_label = f"{group.short_name}（不另选）" if group else "不另选"

    def _layout(self) -> Layout:
        words = [
            name
            for name in ("kind", "title", "text", "unit_kinds", "activity_kinds")
            if name in self.fields
        ]
        return Layout(
            *words,
            "quota",
            Pair("due_label", "anchor"),
            Pair("opens_on", "due_on"),
            MoreFields(
                "更多条件",
                "quotas",
                Pair("due_time", "grace_days"),
                Pair("words_min", "words_max"),
                "attachments",
                Pair("needs_approval", "asked_by"),
                note="分类数量、截止到几点、宽限、字数、附件、由谁审核",
            ),
        )

    def clean_quota(self) -> int:
        quota: int = self.cleaned_data["quota"]
        if quota < 1:
            raise forms.ValidationError("数量至少为1。")
        return quota

    def clean_grace_days(self) -> int:
        return self.cleaned_data["grace_days"] or 0

    def clean_attachments(self) -> list[str]:
        names = [clean_line(line) for line in self.cleaned_data["attachments"].splitlines()]
        names = list(dict.fromkeys(name for name in names if name))
        if any(len(name) > _LONGEST_NAME for name in names):
            raise forms.ValidationError(f"每个附件的名称不超过{_LONGEST_NAME}个字，请一行写一个。")
        return names

    def clean_quotas(self) -> list[Quota]:
        lines = [clean_line(line) for line in self.cleaned_data["quotas"].splitlines()]
        quotas = [self._quota(line) for line in lines if line]
        whom = [(quota.unit_kind, quota.unit) for quota in quotas]
        if twice := [one for one in whom if whom.count(one) > 1]:
            kind, unit = twice[0]
            name = unit.short_name if unit else UnitKind(kind).label
            raise forms.ValidationError(f"“{name}”写了两次，请只保留一行。")
        return quotas

    def _quota(self, line: str) -> Quota:
        match = _QUOTA_LINE.fullmatch(line)
        if match is None:
            raise forms.ValidationError(f"“{line}”读不出单位和数量，请写成“党总支 2”这样。")
        whom, number = match["whom"].removeprefix("各"), int(match["number"])
        for kind in _ASKED_KINDS:
            if whom == kind.label:
                return Quota(kind.value, None, number)
        units = list(Unit.objects.open().filter(Q(name=whom) | Q(short_name=whom) | Q(code=whom)))
        if len(units) != 1:
            reason = "没有叫这个名称的单位" if not units else "有几个单位叫这个名称，请写全称"
            raise forms.ValidationError(f"“{whom}”：{reason}，请核对。")
        return Quota("", units[0], number)

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        data["due_label"] = clean_line(data.get("due_label", ""))
        if "anchor" not in self.errors:
            clean_deadline(self, self.times)
        opens_on, due_on = data.get("opens_on"), data.get("due_on")
        if opens_on and due_on and due_on < opens_on:
            self.add_error("due_on", "截止日期早于开始日期，请改正其中一个。")
        least, most = data.get("words_min"), data.get("words_max")
        if least and most and most < least:
            self.add_error("words_max", "最多字数小于最少字数，请改正其中一个。")
        asks_nobody = not data.get("unit_kinds") and not data.get("quotas")
        if "unit_kinds" in self.fields and asks_nobody and not self.errors:
            self.add_error("unit_kinds", "请选择“面向的单位”，或者在“分类数量”里写明单位。")
        return data

    def _post_clean(self) -> None:
        """The service writes the row; the form leaves the instance alone."""
