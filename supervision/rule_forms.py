"""What the campaign group types to set the rules of supervision."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.utils import timezone

from core.chinese_text import clean_line, clean_text, counted, date_range
from core.forms import (
    CarriedText,
    DayInput,
    NumberWithUnit,
    Pair,
    PortalForm,
    PortalFormHelper,
    Section,
    TextBox,
)
from notices.models import RestPeriod
from supervision.phrasing import (
    NEEDED_IN_TITLE,
    Template,
    has_stray_brace,
    named_facts,
    unknown_facts,
)
from supervision.services.rules import Rules

if TYPE_CHECKING:
    from datetime import date

_RULES = [field.name for field in fields(Rules)]
#: Longer than any holiday of a school: a year was mistyped.
_LONGEST_REST_DAYS = 100


class _Percent(forms.IntegerField):
    def __init__(self, label: str) -> None:
        super().__init__(label=label, min_value=1, max_value=99, widget=NumberWithUnit("%"))


class _ShownForm(PortalForm):
    """Carries what was set when it was shown, so that nobody's setting is overwritten unseen."""

    seen = CarriedText()

    def say_what_was_set(self: Any, now: str) -> None:
        """Keep what was typed; saving once more overwrites what is told here."""
        self.add_error(
            None,
            f"没有保存：他人刚刚改过，现在是“{now}”。"
            "您填写的仍在下面，核对之后再保存，就以您的为准。",
        )
        self.data = self.data.copy()
        self.data["seen"] = now


class RulesForm(_ShownForm):
    """Shares of the time left at which the rungs begin, and the weekly budget."""

    blue = _Percent("蓝色（临近）：剩余时间不超过")
    yellow = _Percent("黄色（提醒）：剩余时间不超过")
    orange = _Percent("橙色（催办）：剩余时间不超过")
    weekly_requests = forms.IntegerField(
        label="每个单位每周最多收到的要求",
        min_value=0,
        max_value=50,
        widget=NumberWithUnit("项"),
        help_text="新增报送要求、群发通知、督促检查都算，超过的须由组长批准；填0，每一项都须批准。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        layout = Layout(
            Section("督办级别", "blue", "yellow", "orange"), Section("减负", "weekly_requests")
        )
        others = (("preview", "yes", "看看会怎样"),)
        self.helper = PortalFormHelper(self, submit="保存规则", layout=layout, others=others)

    @property
    def rules(self) -> Rules:
        return Rules(**{name: self.cleaned_data[name] for name in _RULES})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        blue, yellow, orange = (data.get(name) for name in ("blue", "yellow", "orange"))
        if blue is not None and yellow is not None and yellow >= blue:
            self.add_error("yellow", f"黄色的比例应小于蓝色（{blue}%），否则蓝色不会出现。")
        if yellow is not None and orange is not None and orange >= yellow:
            self.add_error("orange", f"橙色的比例应小于黄色（{yellow}%），否则黄色不会出现。")
        return data


class TemplateForm(_ShownForm):
    """The words of one rung's reminders."""

    title = forms.CharField(label="标题", max_length=120)
    body = forms.CharField(label="正文", max_length=1_000, widget=TextBox(attrs={"rows": 5}))

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
    if has_stray_brace(text):
        raise forms.ValidationError("花括号没有成对，名称请写成{事项}这样。")
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
        elif first and last:
            self._look_at(first, last)
        return data

    def _look_at(self, first: date, last: date) -> None:
        length = (last - first).days + 1
        if length > _LONGEST_REST_DAYS:
            self.add_error(
                "ends_on",
                f"这一段有{counted(length, '天')}，最多{_LONGEST_REST_DAYS}天，请核对年份。",
            )
        if last < timezone.localdate():
            self.add_error("ends_on", "这些天已经过去，不会再发提醒，不必登记。")
        known = RestPeriod.objects.filter(starts_on__lte=last, ends_on__gte=first).first()
        if known:
            days = date_range(known.starts_on, known.ends_on)
            self.add_error("starts_on", f"与已登记的“{known.name}”（{days}）重叠，请改日期。")
