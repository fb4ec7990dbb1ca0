"""Forms with which the campaign group shapes a campaign: its head, phases, steps and gates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms

from campaign.choices import CampaignState, Gate
from campaign.models import Campaign, Phase, PhaseStep
from campaign.timed_forms import CarriesSeen, Times, clean_span, resolution
from core.chinese_text import clean_line, clean_text
from core.forms import (
    ChipCheckboxes,
    DayInput,
    MoreFields,
    NumberWithUnit,
    Pair,
    PortalForm,
    PortalFormHelper,
    TextBox,
    TimeInput,
)
from core.plain_speech import PlainSpeech
from units.choices import UnitKind
from units.models import Unit

if TYPE_CHECKING:
    from campaign.models.campaign import Anchored

_SPAN = {
    "starts_on": DayInput,
    "ends_on": DayInput,
    "starts_time": TimeInput,
    "ends_time": TimeInput,
    "text": TextBox({"rows": 4}),
}
_TIME_FIELDS = (
    Pair("label", "anchor"),
    Pair("starts_on", "ends_on"),
    MoreFields("到几点（需要时填写）", Pair("starts_time", "ends_time")),
)
_LABEL_HELP = "照方案写：“9月中旬—10月中旬”“9月20日14:00”“会后10个工作日”。不填日期时按它推算。"


class CampaignForm(PlainSpeech, forms.ModelForm[Campaign]):
    class Meta:
        model = Campaign
        fields = [
            "title",
            "short_title",
            "doc_number",
            "issuer",
            "issued_on",
            "recipients",
            "audience",
            "goal",
            "plan_group",
            "campaign_group",
            "review_working_days",
            "state",
        ]
        widgets = {
            "review_working_days": NumberWithUnit("个工作日"),
            "issued_on": DayInput,
            "goal": TextBox({"rows": 3}),
        }
        help_texts = {
            "issued_on": "相对时间“印发之日起”从这天算起，没有年份的日期也按这一年。",
            "plan_group": "其成员审议建议、修订方案。",
            "campaign_group": "其成员管理本活动，正副组长看全校进展。",
            "state": "改为“进行”后，各单位就能记录；首页和报告以最近开始的活动为准。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, kind in (
            ("plan_group", UnitKind.PLAN_GROUP),
            ("campaign_group", UnitKind.CAMPAIGN_GROUP),
        ):
            field = self.fields[name]
            field.queryset = Unit.objects.open().of_kind(kind)  # type: ignore[attr-defined]
            field.empty_label = "暂不选定"  # type: ignore[attr-defined]  # a model choice
        unsealed = [choice for choice in CampaignState.choices if choice[0] != CampaignState.SEALED]
        self.fields["state"].choices = unsealed  # type: ignore[attr-defined]  # a choice field
        head = ("recipients", "audience", "goal")
        layout = Layout(
            "title",
            "short_title",
            Pair("doc_number", "issued_on"),
            "issuer",
            MoreFields("主送、面向和目标", *head),
            Pair("plan_group", "campaign_group"),
            Pair("review_working_days", "state"),
        )
        self.helper = PortalFormHelper(self, submit="保存设置", layout=layout)


class _SpanForm(CarriesSeen, PlainSpeech, forms.ModelForm[Any]):
    """Days by themselves or by the plan's words."""

    anchor = forms.ChoiceField(
        label="起算日", required=False, help_text="只有相对时间（“会后10个工作日”）才要选。"
    )
    needs_days = True

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.carry_seen()
        row: Anchored | None = self.instance if self.instance.pk else None
        self.times = Times(campaign, row)
        self.fields["anchor"].choices = self.times.choices()  # type: ignore[attr-defined]
        self.initial["anchor"] = self.times.token_of(row)
        if row is not None and row.is_relative:
            self.initial["starts_on"] = self.initial["ends_on"] = None
        for name in ("starts_on", "ends_on"):
            self.fields[name].required = False
        self.fields["label"].help_text = _LABEL_HELP + resolution(self.times, row)

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cleaned_data["label"] = clean_line(self.cleaned_data.get("label", ""))
        if "anchor" not in self.errors:
            clean_span(self, self.times, needed=self.needs_days)
        return self.cleaned_data

    def _post_clean(self) -> None:
        """The service writes the row; the form leaves the instance alone."""


class PhaseForm(_SpanForm):
    opens = forms.MultipleChoiceField(
        label="开放事项",
        choices=Gate,
        widget=ChipCheckboxes,
        required=False,
        help_text="没有阶段开放的事，当天不能做。",
    )
    departments = forms.CharField(
        label="责任部门",
        required=False,
        max_length=400,
        help_text="用顿号分开，按方案的顺序，例如“组织部、宣传部、各单位”。",
    )

    class Meta:
        model = Phase
        fields = [
            "name",
            "label",
            "starts_on",
            "ends_on",
            "starts_time",
            "ends_time",
            "strand",
            "opens",
            "text",
        ]
        widgets = _SPAN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.departments.values_list("name", flat=True)
            self.initial["departments"] = "、".join(names)
        rest = ("strand", "opens", "departments", "text")
        self.helper = PortalFormHelper(
            self, submit="保存阶段", layout=Layout("name", *_TIME_FIELDS, *rest)
        )

    def clean_departments(self) -> list[str]:
        names = [clean_line(name) for name in self.cleaned_data["departments"].split("、")]
        limit = 60
        if any(len(name) > limit for name in names):
            raise forms.ValidationError(f"每个部门的名称不超过{limit}个字，请用顿号分开。")
        return [name for name in names if name]

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class StepForm(_SpanForm):
    needs_days = False

    class Meta:
        model = PhaseStep
        fields = ["title", "text", "label", "starts_on", "ends_on", "starts_time", "ends_time"]
        widgets = _SPAN

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(
            self, submit="保存步骤", layout=Layout("title", "text", *_TIME_FIELDS)
        )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])


class SwitchForm(PortalForm):
    """Why a gate is closed or opened by hand, and until when."""

    until = forms.DateField(
        label="到哪天为止",
        required=False,
        widget=DayInput,
        help_text="含当天。不填就一直这样，直到有人恢复按阶段执行。",
    )
    reason = forms.CharField(label="理由", max_length=200, help_text="各单位会看到这句话。")

    def clean_reason(self) -> str:
        return clean_line(self.cleaned_data["reason"])
