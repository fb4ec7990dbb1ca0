"""What a person says when asking for figures or for a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms

from campaign.models import Phase, Theme
from core.chinese_text import chinese_date
from core.forms import ChipRadio, DayInput, Pair, PortalForm, PortalFormHelper, TextBox
from reports.choices import NarrativePart, ReportFormat, ReportKind
from reports.counts import ROW_KINDS
from reports.dossier import Wish
from reports.kinds import CHOOSABLE, KINDS, Kind
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


class ScopeForm(PortalForm):
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


class ReportForm(ScopeForm):
    """Which report: its kind says what else must be chosen and what must not."""

    kind = forms.ChoiceField(
        label="报告",
        choices=[(kind.value, kind.label) for kind in CHOOSABLE],
        widget=ChipRadio,
        initial=ReportKind.PROGRESS,
        required=False,
    )
    phase = forms.ModelChoiceField(
        queryset=Phase.objects.none(),
        required=False,
        label="阶段",
        to_field_name="order",
        empty_label="不按阶段",
        help_text="阶段总结须选。",
    )
    since = forms.DateField(
        label="数据自",
        required=False,
        widget=DayInput(),
        help_text="意见建议汇总和活动记录册可选，留空则从头统计。",
    )
    as_of = forms.DateField(label="数据截至", widget=DayInput(), required=False)

    field_order = ("kind", "unit", "theme", "phase", "since", "as_of", "format")

    def __init__(self, *args: Any, campaign: Campaign, today: date, **kwargs: Any) -> None:
        super().__init__(*args, campaign=campaign, **kwargs)
        self.campaign = campaign
        self.today = today
        self.fields["as_of"].initial = today
        phases = campaign.phases.order_by("order")
        self.fields["phase"].queryset = phases  # type: ignore[attr-defined]
        if "theme" not in self.fields:
            kinds = [(k.value, k.label) for k in CHOOSABLE if "theme" not in KINDS[k].needs]
            self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or ReportKind.PROGRESS

    def clean_as_of(self) -> date:
        as_of: date = self.cleaned_data["as_of"] or self.today
        if as_of > self.today:
            raise forms.ValidationError("数据截至日期不能晚于今天。")
        return as_of

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind"):
            self._check_against_kind(KINDS[cleaned["kind"]], cleaned)
        phase, as_of, since = (cleaned.get(name) for name in ("phase", "as_of", "since"))
        if phase and as_of and phase.starts_on > as_of:
            self.add_error("phase", f"到{chinese_date(as_of)}，{phase}还没有开始。")
        if since and as_of and since > as_of:
            self.add_error("since", "“数据自”不能晚于“数据截至”。")
        return cleaned

    def _check_against_kind(self, kind: Kind, cleaned: dict[str, Any]) -> None:
        name = ReportKind(cleaned["kind"]).label
        for field in ("unit", "theme", "phase", "since"):
            label = self.fields[field].label if field in self.fields else ""
            if field in kind.needs and not cleaned.get(field) and not self.has_error(field):
                self.add_error(field, f"{name}请选择{label}。")
            elif cleaned.get(field) and field not in kind.needs | kind.takes:
                self.add_error(field, f"{name}不需要“{label}”，请清空后再试。")

    @property
    def wish(self) -> Wish:
        """What a valid form asks for."""
        chosen = self.cleaned_data
        return Wish(
            kind=chosen["kind"],
            campaign=self.campaign,
            as_of=chosen["as_of"],
            unit=chosen.get("unit"),
            theme=chosen.get("theme"),
            phase=chosen.get("phase"),
            since=chosen.get("since"),
        )


class AskForm(ReportForm):
    """A report as a file of one format, or first on the screen."""

    format = forms.ChoiceField(
        label="格式", choices=ReportFormat, widget=ChipRadio, initial=ReportFormat.PDF
    )

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        look = (("look", "1", "先看内容"),)
        names = [name for name in ("unit", "theme", "phase") if name in self.fields]
        self.helper = PortalFormHelper(
            self,
            submit="生成报告",
            action=action,
            others=look,
            layout=Layout("kind", *names, Pair("since", "as_of"), "format"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind, wanted = cleaned.get("kind"), cleaned.get("format")
        if kind and wanted and wanted not in KINDS[kind].formats:
            self.add_error("format", f"{ReportKind(kind).label}只能生成PDF。")
        if kind and KINDS[kind].is_volume and "look" in self.data:
            self.add_error(
                "kind", f"{ReportKind(kind).label}篇幅长，请直接生成；单位报告可以先看内容。"
            )
        return cleaned


class NarrativeForm(PortalForm):
    """What people add below the figures, a paragraph a line."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in NarrativePart:
            self.fields[part.value] = forms.CharField(
                label=part.label,
                required=False,
                max_length=5_000,
                widget=TextBox(attrs={"rows": 6}),
                help_text="每行一段，接在系统按数据写出的段落后面。",
            )
        self.helper = PortalFormHelper(
            self, submit="保存文字", cancel_url=cancel_url, keep=True, sticky=True
        )

    @property
    def texts(self) -> dict[str, str]:
        return {part: self.cleaned_data.get(part, "") for part in NarrativePart.values}


class CodeForm(PortalForm):
    """The code printed at the end of a frozen report."""

    code = forms.CharField(
        label="核验码", max_length=40, help_text="印在报告末尾，12位，大小写和连字符不限。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="核对报告")
        self.helper.form_method = "get"
