"""Form fields for what Chinese keyboards send: full-width figures, 2019年9月6日, stray blanks."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

from core.chinese_text import clean_line, clean_text
from core.files import ALLOWED, CheckedFile, check_upload, clean_name
from core.forms import DayInput, NumberWithUnit, SeveralFilesInput, TextBox, TimeInput
from core.refusal import FileRefused

#: More people or papers than any campus has; a typing slip and not a number.
MOST = 100_000
#: What a page may carry in one box; longer texts belong in an attachment.
LONGEST_TEXT = 20_000
_TOO_LONG = "最多%(limit_value)d个字，现在有%(show_value)d个字，请删减。"


def half_width(value: Any) -> Any:
    """Full-width figures and marks as their half-width forms; anything but text unchanged."""
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


class LineField(forms.CharField):
    """One line of text."""

    default_error_messages = {"max_length": _TOO_LONG}

    def to_python(self, value: Any) -> str:
        return clean_line(str(value)) if value not in self.empty_values else ""


class TextField(forms.CharField):
    """Several lines of text."""

    default_error_messages = {"max_length": _TOO_LONG}

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST_TEXT)
        super().__init__(widget=TextBox({"rows": rows}), **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_text(str(value)) if value not in self.empty_values else ""


class CountField(forms.IntegerField):
    """How many people or papers."""

    default_error_messages = {
        "invalid": "请填写整数，例如28。",
        "min_value": "请填写0或更大的整数。",
        "max_value": "请填写不超过%(limit_value)d的整数。",
    }

    def __init__(self, *, unit: str, **kwargs: Any) -> None:
        super().__init__(widget=NumberWithUnit(unit), min_value=0, max_value=MOST, **kwargs)

    def to_python(self, value: Any) -> int | None:
        return super().to_python(half_width(value))


class DayField(forms.DateField):
    default_error_messages = {"invalid": "看不懂这个日期，请写成2019年9月6日或2019-9-6。"}

    def __init__(self, **kwargs: Any) -> None:
        formats = ["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d", "%Y.%m.%d"]
        super().__init__(widget=DayInput(), input_formats=formats, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(half_width(value))


class ClockField(forms.TimeField):
    default_error_messages = {"invalid": "看不懂这个时间，请按24小时制填写，例如14:00。"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=TimeInput(), input_formats=["%H:%M", "%H:%M:%S"], **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(half_width(value))


class SeveralFilesField(forms.FileField):
    """Files, each checked by itself; `checked` holds the good ones even if others are refused."""

    def __init__(self, **kwargs: Any) -> None:
        accept = ",".join(f".{extension}" for extension in ALLOWED)
        widget = SeveralFilesInput({"multiple": True, "accept": accept})
        super().__init__(widget=widget, required=False, **kwargs)
        self.checked: list[CheckedFile] = []

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        refusals: list[str] = []
        for upload in data or ():
            try:
                self.checked.append(check_upload(upload, may_lock=True))
            except FileRefused as refused:
                refusals.append(f"{clean_name(upload.name or '')}：{refused.reason}")
        if refusals:
            raise forms.ValidationError(refusals)
        return self.checked
