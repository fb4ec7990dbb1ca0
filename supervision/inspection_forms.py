"""What people type into inspections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from accounts.models import User
from core.chinese_text import chinese_date, clean_line, clean_text
from core.files import check_upload
from core.forms import ChipCheckboxes, DayInput, PortalForm, PortalFormHelper, TextBox
from seminars.models import Activity
from supervision.models import Finding, Inspection
from units.choices import UnitKind
from units.forms import UnitField
from units.models import Membership, Unit

if TYPE_CHECKING:
    from core.files import CheckedFile


class PersonField(forms.ModelChoiceField[User]):
    """A person by name, with the sign-in name to tell two of one name apart."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}（{obj.username}）"


class PeopleField(forms.ModelMultipleChoiceField[User]):
    def label_from_instance(self, obj: User) -> str:
        return obj.name


class InspectionForm(PortalForm):
    """A visit to be arranged."""

    unit = UnitField(label="受检单位")
    title = forms.CharField(label="检查事项", max_length=120)
    purpose = forms.CharField(
        label="检查内容",
        max_length=2_000,
        required=False,
        widget=TextBox(attrs={"rows": 4}),
        help_text="看什么、问什么、查哪些记录。受检单位会看到，不必另行准备材料。",
    )
    planned_on = forms.DateField(label="计划日期", widget=DayInput)
    inspectors = PeopleField(label="检查人员", queryset=User.objects.none(), widget=ChipCheckboxes)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.open().order_by("path")  # type: ignore[attr-defined]  # UnitField
        self.fields["inspectors"].queryset = _members_of_campaign_group()  # type: ignore[attr-defined]  # PeopleField
        self.helper = PortalFormHelper(self, submit="安排检查")

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_purpose(self) -> str:
        return clean_text(self.cleaned_data["purpose"])


def _members_of_campaign_group() -> Any:
    today = Membership.objects.current(timezone.localdate())
    members = today.filter(unit__kind=UnitKind.CAMPAIGN_GROUP, unit__closed_on__isnull=True)
    people = User.objects.filter(is_active=True, memberships__in=members)
    return people.distinct().order_by("pk")


class VisitForm(PortalForm):
    """What a visit showed."""

    visited_on = forms.DateField(label="实施日期", widget=DayInput)
    summary = forms.CharField(label="检查情况", max_length=5_000, widget=TextBox(attrs={"rows": 6}))

    def clean_visited_on(self) -> Any:
        day = self.cleaned_data["visited_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(f"{chinese_date(day)}还没有到，请在检查以后再登记。")
        return day

    def clean_summary(self) -> str:
        return clean_text(self.cleaned_data["summary"])


class FindingForm(PortalForm):
    """One thing to be put right, by whom and by when."""

    title = forms.CharField(label="发现的问题", max_length=120)
    text = forms.CharField(label="整改要求", max_length=2_000, widget=TextBox(attrs={"rows": 4}))
    owner = PersonField(
        label="责任人", queryset=User.objects.none(), help_text="受检单位及其下属单位的在任人员。"
    )
    due_on = forms.DateField(label="整改期限", widget=DayInput)
    activity = forms.ModelChoiceField(
        label="涉及的活动记录", queryset=Activity.objects.none(), required=False
    )

    def __init__(self, *args: Any, inspection: Inspection, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = _people_in(inspection.unit).exclude(pk=by.pk)  # type: ignore[attr-defined]  # PersonField
        records = Activity.objects.logged().in_campaign(inspection.campaign)
        self.fields["activity"].queryset = records.of_subtree(inspection.unit).newest_first()[:200]  # type: ignore[attr-defined]  # ModelChoiceField
        self.helper = PortalFormHelper(self, submit="登记问题并通知责任人")

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if day <= timezone.localdate():
            raise forms.ValidationError("整改期限请填写今天以后的日期。")
        return day


def _people_in(unit: Unit) -> Any:
    posts = Membership.objects.current(timezone.localdate()).filter(
        unit__path__startswith=unit.path
    )
    return User.objects.filter(is_active=True, memberships__in=posts).distinct().order_by("pk")


class EvidenceForm(PortalForm):
    """How a finding was put right."""

    text = forms.CharField(label="整改情况", max_length=2_000, widget=TextBox(attrs={"rows": 4}))
    file = forms.FileField(
        label="佐证材料", required=False, help_text="可以不传。平台上已有的记录不必再传一遍。"
    )

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"])

    def clean_file(self) -> CheckedFile | None:
        upload = self.cleaned_data["file"]
        return check_upload(upload) if upload else None


class ClosingForm(PortalForm):
    """Why a finding may be taken off the list."""

    note = forms.CharField(label="销号意见", max_length=1_000, widget=TextBox(attrs={"rows": 3}))

    def __init__(self, *args: Any, finding: Finding, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not finding.evidence.exists():
            self.fields["note"].help_text = "责任人还没有提交整改情况，请写明依据什么销号。"

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])


class ReturnFindingForm(PortalForm):
    """What is still to be put right."""

    note = forms.CharField(
        label="退回理由",
        max_length=1_000,
        widget=TextBox(attrs={"rows": 3}),
        help_text="写明还差什么，责任人照着改。",
    )

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])
