"""What a form says about wrong input: the field by name, and the mend.

Django's own sentences have neither. Words that a form or a field has of its own stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.forms.widgets import ChoiceWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The first kind that fits counts; Django counts a number with decimals among the whole ones.
_WANTED = (
    (forms.DateTimeField, "请填写日期和时间，例如2019-10-08 14:00"),
    (forms.TimeField, "请填写时间，例如14:00"),
    (forms.DateField, "请填写日期，例如2019-10-08"),
    (forms.DecimalField, "请填写数字"),
    (forms.IntegerField, "请填写整数"),
    (forms.EmailField, "请填写完整的邮箱地址，例如name@example.edu.cn"),
    (forms.URLField, "请填写完整的网址，例如https://www.example.edu.cn/"),
)
_CHOSEN_ELSEWHERE = ("invalid_choice", "invalid_pk_value")


class PlainSpeech(forms.BaseForm):
    """For forms of every make: what is wrong is said by name."""

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            _speak_plainly(field, str(self[name].label))
        super().full_clean()


def _speak_plainly(field: forms.Field, label: str) -> None:
    for code, sentence in _sentences(field, label):
        if str(field.error_messages.get(code, "")) == _said_by_django(field, code):
            field.error_messages[code] = sentence


def _sentences(field: forms.Field, label: str) -> Iterator[tuple[str, str]]:
    """For each code of an error what to say, in Django's own way of writing in the values."""
    yield "required", f"请{_verb(field)}“{label}”。"
    yield "max_length", f"“{label}”最多%(limit_value)d个字，现在有%(show_value)d个字，请缩短。"
    yield "min_length", f"“{label}”至少%(limit_value)d个字，现在有%(show_value)d个字，请补充。"
    yield "min_value", f"“{label}”最小填%(limit_value)s。"
    yield "max_value", f"“{label}”最大填%(limit_value)s。"
    for code in _CHOSEN_ELSEWHERE:
        yield code, f"“{label}”里没有这一项了，请从列出的各项中选择。"
    for kind, wanted in _WANTED:
        if isinstance(field, kind):
            yield "invalid", f"“{label}”{wanted}。"
            return


def _said_by_django(field: forms.Field, code: str) -> str:
    """What a field of this kind says if nobody has put it better; empty if it says nothing."""
    for kind in type(field).__mro__:
        said = vars(kind).get("default_error_messages", {})
        if code in said and kind.__module__.startswith("django."):
            return str(said[code])
    return ""


def _verb(field: forms.Field) -> str:
    if isinstance(field, forms.FileField):
        return "上传"
    if isinstance(field, forms.BooleanField):
        return "勾选"
    return "选择" if isinstance(field.widget, ChoiceWidget) else "填写"
