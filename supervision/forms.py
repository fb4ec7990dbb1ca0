"""What people type into supervision."""

from __future__ import annotations

from django import forms

from core.chinese_text import clean_line, clean_text
from core.forms import DayInput
from supervision.sent import KINDS


class LogForm(forms.Form):
    """What the log is narrowed to."""

    q = forms.CharField(label="收件人或内容", max_length=60, required=False)
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *KINDS.items()])
    since = forms.DateField(label="从哪天起", required=False, widget=DayInput)


class ExtensionForm(forms.Form):
    """A wish for a later deadline."""

    until = forms.DateField(label="申请延至", widget=DayInput)
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="写明实际困难和打算，三大工作组据此批复。",
    )

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])


class AnswerForm(forms.Form):
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
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不批准时须写明理由。",
    )

    def clean(self) -> None:
        super().clean()
        note = clean_text(self.cleaned_data.get("note", ""))
        self.cleaned_data["note"] = note
        if self.cleaned_data.get("is_granted") is False and not note:
            self.add_error("note", "请写明不批准的理由。")


class DoneForm(forms.Form):
    """What a unit says it has done."""

    note = forms.CharField(
        label="材料名称或文号",
        max_length=200,
        help_text="例如：《机电工程学院党总支大讨论实施方案》，院党发〔2019〕12号。",
    )
    done_on = forms.DateField(label="完成日期", widget=DayInput)

    def clean_note(self) -> str:
        return clean_line(self.cleaned_data["note"])
