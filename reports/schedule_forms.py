"""What a person says to have a report made every week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms

from accounts.models import User
from core.forms import ChipRadio, Pair, PortalFormHelper, TimeInput
from reports.choices import WEEKDAYS, ReportFormat, ReportKind
from reports.dossier import Wish
from reports.forms import ScopeForm
from reports.kinds import KINDS

if TYPE_CHECKING:
    from campaign.models import Campaign

#: Kinds that need neither phase nor record: they make sense week after week.
KINDS_OFFERED = (
    ReportKind.PROGRESS,
    ReportKind.UNIT_REPORT,
    ReportKind.THEME_REPORT,
    ReportKind.SUBMISSION_DIGEST,
)


class ScheduleForm(ScopeForm):
    kind = forms.ChoiceField(
        label="报告",
        choices=[(kind.value, kind.label) for kind in KINDS_OFFERED],
        widget=ChipRadio,
        initial=ReportKind.PROGRESS,
    )
    format = forms.ChoiceField(
        label="格式", choices=ReportFormat, widget=ChipRadio, initial=ReportFormat.PDF
    )
    weekday = forms.TypedChoiceField(label="每周", choices=WEEKDAYS, coerce=int, initial=4)
    at = forms.TimeField(label="时间", widget=TimeInput(), initial="16:00")
    names = forms.CharField(
        label="收件人",
        max_length=500,
        help_text="填写登录名，用顿号、逗号或空格分开。没有查看权限的人收不到。",
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = [name for name in ("unit", "theme") if name in self.fields]
        self.helper = PortalFormHelper(
            self,
            submit="保存定期报告",
            cancel_url=cancel_url,
            layout=Layout("kind", *scopes, Pair("weekday", "at"), "names", "format"),
        )

    def clean_names(self) -> list[User]:
        typed = self.cleaned_data["names"].translate(str.maketrans("、，,；;", "     ")).split()
        known = {person.username: person for person in User.objects.filter(username__in=typed)}
        unknown = [name for name in typed if name not in known or not known[name].is_active]
        if unknown:
            raise forms.ValidationError(f"没有这些登录名：{'、'.join(unknown)}。请核对后再填。")
        return [known[name] for name in dict.fromkeys(typed)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = KINDS.get(cleaned.get("kind", ""))
        for name in ("unit", "theme"):
            if kind and name in kind.needs and not cleaned.get(name):
                self.add_error(name, f"请选择{self.fields[name].label}。")
            elif kind and cleaned.get(name) and name not in kind.needs | kind.takes:
                self.add_error(name, f"这种报告不需要“{self.fields[name].label}”，请清空后再试。")
        return cleaned

    def wish(self, campaign: Campaign) -> Wish:
        """What a valid form asks for, week after week."""
        chosen = self.cleaned_data
        return Wish(chosen["kind"], campaign, unit=chosen.get("unit"), theme=chosen.get("theme"))
