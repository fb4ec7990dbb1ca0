"""What people type into supervision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.chinese_text import clean_line, clean_text, fold_for_search
from core.files import DOCUMENTS, check_upload
from core.forms import DayInput, PortalForm, TextBox
from core.refusal import FileRefused
from supervision.choices import Duty
from supervision.sent import KINDS
from supervision.services.fulfilments import words_wanted, wrong_length

if TYPE_CHECKING:
    from campaign.models import Demand
    from core.files import CheckedFile
    from supervision.owing import Obligation

_LONGEST_TEXT = 50_000


class LogForm(PortalForm):
    """What the log is narrowed to."""

    q = forms.CharField(label="收件人或内容", max_length=60, required=False)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *KINDS.items()])
    since = forms.DateField(label="从哪天起", required=False, widget=DayInput)
    owed = forms.ChoiceField(label="事项", required=False)

    def __init__(self, *args: Any, owed: tuple[str, str] | None, **kwargs: Any) -> None:
        """`owed` is the key and the title of the obligation asked about; without, none is."""
        super().__init__(*args, **kwargs)
        if owed is None:
            del self.fields["owed"]
        else:
            self.fields["owed"].choices = [("", "全部事项"), owed]  # type: ignore[attr-defined]


class OwedFilterForm(PortalForm):
    """What the list of things owed is narrowed to."""

    q = forms.CharField(label="单位或事项", max_length=60, required=False)
    duty = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *Duty.choices])

    def takes(self, owed: Obligation) -> bool:
        """Everything, as long as what was typed is not valid."""
        wanted = self.cleaned_data if self.is_valid() else {}
        unit = f"{owed.unit.name} {owed.unit.short_name}" if owed.unit else ""
        is_named = fold_for_search(wanted.get("q", "")) in fold_for_search(f"{owed.title} {unit}")
        return is_named and wanted.get("duty") in {None, "", owed.duty}


class ExtensionForm(PortalForm):
    """A wish for a later deadline."""

    until = forms.DateField(label="申请延至", widget=DayInput)
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=TextBox(attrs={"rows": 4}),
        help_text="写明实际困难和打算，三大工作组据此批复。",
    )

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])


class AnswerForm(PortalForm):
    """The answer to such a wish."""

    is_granted = forms.TypedChoiceField(
        label="批复",
        choices=[("yes", "批准"), ("no", "不批准")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="批复意见",
        max_length=500,
        required=False,
        widget=TextBox(attrs={"rows": 3}),
        help_text="不批准时须写明理由。",
    )

    def clean(self) -> None:
        super().clean()
        note = clean_text(self.cleaned_data.get("note", ""))
        self.cleaned_data["note"] = note
        if self.cleaned_data.get("is_granted") is False and not note:
            self.add_error("note", "请写明不批准的理由。")


class HandInForm(PortalForm):
    """What a unit hands in for a demand: its name, its text where words count, its files."""

    note = forms.CharField(
        label="材料名称或文号",
        max_length=200,
        help_text="例如：《机电工程学院党总支大讨论实施方案》，院党发〔2019〕12号。",
    )
    done_on = forms.DateField(label="完成日期", widget=DayInput)

    def __init__(self, *args: Any, demand: Demand, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._demand = demand
        if demand.words_min or demand.words_max:
            self.fields["text"] = forms.CharField(
                label="正文",
                max_length=_LONGEST_TEXT,
                widget=TextBox({"rows": 12}),
                help_text=f"要求{words_wanted(demand)}。",
            )
        for at, name in enumerate(demand.attachments):
            self.fields[f"wanted_{at}"] = forms.FileField(
                label=name, help_text="PDF、DOCX、XLSX等，30MB以内。"
            )
        if not demand.attachments:
            self.fields["file"] = forms.FileField(
                label="附件", required=False, help_text="PDF、DOCX、XLSX等，30MB以内；可以不交。"
            )

    def clean_note(self) -> str:
        return clean_line(self.cleaned_data["note"])

    def clean(self) -> dict[str, Any]:
        super().clean()
        data = self.cleaned_data
        if "text" in data:
            data["text"] = clean_text(data["text"])
            if fault := wrong_length(self._demand, data["text"]):
                self.add_error("text", fault)
        data["files"] = self._checked(data)
        return data

    def _checked(self, data: dict[str, Any]) -> dict[str, CheckedFile]:
        """The files by what the demand calls them; one that is refused says why at its field."""
        names = {f"wanted_{at}": name for at, name in enumerate(self._demand.attachments)}
        files = {}
        for field, wanted in (names | {"file": ""}).items():
            upload = data.pop(field, None)
            if not upload:
                continue
            try:
                files[wanted] = check_upload(upload, DOCUMENTS)
            except FileRefused as fault:
                self.add_error(field, fault.reason)
        return files


class HandInAnswerForm(PortalForm):
    """The asking group's answer to what was handed in."""

    is_approved = forms.TypedChoiceField(
        label="审核结果",
        choices=[("yes", "通过"), ("no", "退回修改")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="审核意见",
        max_length=500,
        required=False,
        widget=TextBox(attrs={"rows": 3}),
        help_text="退回时须写明要改什么，单位会收到这段话。",
    )

    def clean(self) -> None:
        super().clean()
        note = clean_text(self.cleaned_data.get("note", ""))
        self.cleaned_data["note"] = note
        if self.cleaned_data.get("is_approved") is False and not note:
            self.add_error("note", "请写明退回后要改什么。")
