"""Forms of the organisation."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils import timezone

from accounts.models import User
from core.chinese_text import clean_line
from core.forms import DayInput, NumberWithUnit, Pair, PortalForm, PortalFormHelper
from core.plain_speech import PlainSpeech
from units.choices import Position
from units.models import Unit


class UnitField(forms.ModelChoiceField[Unit]):
    """An open unit, shown with its place in the tree."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Unit.objects.none(), **kwargs)

    def label_from_instance(self, obj: Unit) -> str:
        return f"{'　' * (obj.depth - 1)}{obj.name}"


class UnitForm(PlainSpeech, forms.ModelForm[Unit]):
    """A unit's facts. A new one also has a code, which its address keeps for good."""

    class Meta:
        model = Unit
        fields = ["name", "short_name", "kind", "order", "code"]
        help_texts = {
            "short_name": "用于表头和图表，建议不超过8个字。",
            "order": "同级单位按这个数从小到大排列。",
            "code": "英文字母、数字和连字符，用在网址里，登记后不再更改。",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["code"]
        else:
            self.fields["code"].validators.append(_CODE)
        self.helper = PortalFormHelper(self, submit="保存单位")

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])


_CODE = forms.RegexField(r"^[a-z0-9-]+$").validators[-1]


class MoveForm(PortalForm):
    to = UnitField(label="新的上级单位")
    on = forms.DateField(label="从哪天起", widget=DayInput, initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_open_units(self.fields["to"])


class DayForm(PortalForm):
    """One day, for closing a unit or ending a post."""

    on = forms.DateField(label="日期", widget=DayInput, initial=timezone.localdate)


class _RegisteredForm(PortalForm):
    """Somebody who is registered already, found by sign-in name."""

    username = forms.CharField(label="用户名", max_length=150, help_text="对方登录用的名称。")

    def clean_username(self) -> User:
        username = self.cleaned_data["username"].strip()
        person = User.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise forms.ValidationError(f"没有用户名为“{username}”的在用账户，请核对或先登记人员。")
        return person


class HandOverForm(_RegisteredForm):
    """The successor, and the last day of the one who leaves."""

    last_day = forms.DateField(
        label="交接日期",
        widget=DayInput,
        initial=timezone.localdate,
        help_text="现任任职的最后一天，接任的人从第二天起任职。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "接任者的用户名"
        self.helper = PortalFormHelper(self, submit="办理交接")


class AppointForm(_RegisteredForm):
    """A position for somebody, for a term."""

    position = forms.ChoiceField(label="职务", choices=Position)
    starts_on = forms.DateField(label="任职日期", widget=DayInput, initial=timezone.localdate)
    ends_on = forms.DateField(
        label="离任日期", widget=DayInput, required=False, help_text="不填表示在任。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(
            self,
            submit="登记任职",
            layout=Layout("username", "position", Pair("starts_on", "ends_on")),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "离任日期早于任职日期，请改正其中一个。")
        return data


class ImportPeopleForm(PortalForm):
    register = forms.FileField(
        label="人员名册",
        widget=forms.FileInput({"accept": ".xlsx,.csv"}),
        help_text="XLSX或CSV，列名与模板相同，最多5,000行。同一个人有几项任职就写几行。",
        error_messages={"required": "请选择名册文件。", "empty": "这个文件是空的。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="检查文件")


class OnDayForm(PortalForm):
    """The day as of which the organisation is shown; wrong input is told, today is shown."""

    on = forms.DateField(label="查看哪一天", widget=DayInput, required=False)


class HeadcountForm(PortalForm):
    on = forms.DateField(label="从哪天起", widget=DayInput, initial=timezone.localdate)
    people = forms.IntegerField(
        label="人数", min_value=0, max_value=1_000_000, widget=NumberWithUnit("人")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="登记人数", layout=Layout(Pair("on", "people")))


class PersonForm(PortalForm):
    """A new person. The password is made by the portal and shown once."""

    username = forms.CharField(
        label="用户名",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="工号或拼音，登录时使用。",
    )
    name = forms.CharField(label="姓名", max_length=50)
    email = forms.EmailField(label="电子邮件", required=False, help_text="用于接收提醒，可以不填。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="登记人员")

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(f"用户名“{username}”已有人使用，请换一个。")
        return username

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])


class EditPersonForm(PortalForm):
    name = forms.CharField(label="姓名", max_length=50)
    email = forms.EmailField(label="电子邮件", required=False)
    is_active = forms.BooleanField(
        label="可以登录", required=False, help_text="取消勾选后立即不能登录，记录仍然保留。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="保存人员")

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])


def _offer_open_units(field: forms.Field) -> None:
    field.queryset = Unit.objects.open().order_by("path")  # type: ignore[attr-defined]  # UnitField
