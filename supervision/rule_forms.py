"""What the campaign group types to set the rules of supervision."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms

from core.chinese_text import clean_line, clean_text
from core.forms import DayInput, NumberWithUnit, Pair, PortalForm, PortalFormHelper, Section
from supervision.phrasing import NEEDED_IN_TITLE, Template, named_facts, unknown_facts


class _Percent(forms.IntegerField):
    def __init__(self, label: str) -> None:
        super().__init__(label=label, min_value=1, max_value=99, widget=NumberWithUnit("%"))


class RulesForm(PortalForm):
    """Shares of the time left at which the rungs begin, and the weekly budget."""

    blue = _Percent("蓝色提醒：剩余时间不超过")
    yellow = _Percent("黄色提醒：剩余时间不超过")
    orange = _Percent("橙色提醒：剩余时间不超过")
    weekly_requests = forms.IntegerField(
        label="每个单位每周最多收到的要求",
        min_value=0,
        max_value=50,
        widget=NumberWithUnit("项"),
        help_text="新增报送要求、群发通知、督促检查都算。超过的须由组长批准。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        layout = Layout(
            Section("督办级别", "blue", "yellow", "orange"), Section("减负", "weekly_requests")
        )
        self.helper = PortalFormHelper(self, submit="保存规则", layout=layout)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        blue, yellow, orange = (data.get(name) for name in ("blue", "yellow", "orange"))
        if blue is not None and yellow is not None and yellow >= blue:
            self.add_error("yellow", f"黄色的比例应小于蓝色（{blue}%），否则蓝色不会出现。")
        if yellow is not None and orange is not None and orange >= yellow:
            self.add_error("orange", f"橙色的比例应小于黄色（{yellow}%），否则黄色不会出现。")
        return data


class TemplateForm(PortalForm):
    """The words of one rung's reminders."""

    title = forms.CharField(label="标题", max_length=120)
    body = forms.CharField(label="正文", max_length=1_000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = (("preview", "yes", "用现在的事项预览"),)
        self.helper = PortalFormHelper(self, submit="保存模板", others=others)

    def clean_title(self) -> str:
        title = _without_unknown(clean_line(self.cleaned_data["title"]))
        missing = [name for name in NEEDED_IN_TITLE if name not in named_facts(title)]
        if missing:
            words = "、".join(f"{{{name}}}" for name in missing)
            raise forms.ValidationError(f"标题里请写上{words}，收件人才知道是什么事、什么时候。")
        return title

    def clean_body(self) -> str:
        return _without_unknown(clean_text(self.cleaned_data["body"]))

    @property
    def template(self) -> Template:
        return Template(self.cleaned_data["title"], self.cleaned_data["body"])


def _without_unknown(text: str) -> str:
    if unknown := unknown_facts(text):
        words = "、".join(f"{{{name}}}" for name in unknown)
        raise forms.ValidationError(f"不认识{words}，请从下面列出的名称里选。")
    return text


class RestDaysForm(PortalForm):
    """A stretch of days on which this school rests."""

    name = forms.CharField(label="名称", max_length=40, help_text="例如：寒假、校庆。")
    starts_on = forms.DateField(label="第一天", widget=DayInput)
    ends_on = forms.DateField(label="最后一天", widget=DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        layout = Layout("name", Pair("starts_on", "ends_on"))
        self.helper = PortalFormHelper(self, submit="登记休息日", layout=layout)

    def clean_name(self) -> str:
        return clean_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "最后一天早于第一天，请改正其中一个。")
        return data
