"""What people type for a bulletin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms

from core.forms import DayInput, NumberWithUnit, Pair, PortalForm, PortalFormHelper, TextBox
from core.plain_speech import PlainSpeech
from reports.models import BulletinRules

if TYPE_CHECKING:
    from datetime import date


class StartForm(PortalForm):
    """A period; the draft is made from its records."""

    title = forms.CharField(label="标题", max_length=120)
    since = forms.DateField(label="期间自", widget=DayInput())
    until = forms.DateField(label="期间至", widget=DayInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.helper = PortalFormHelper(
            self, submit="按记录起草", layout=Layout("title", Pair("since", "until"))
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if until and until > self.today:
            self.add_error("until", "期间不能晚于今天。")
        if since and until and since > until:
            self.add_error("since", "“期间自”不能晚于“期间至”。")
        return cleaned


class EditForm(PortalForm):
    title = forms.CharField(label="标题", max_length=120)
    text = forms.CharField(
        label="正文",
        max_length=20_000,
        widget=TextBox(attrs={"rows": 22}),
        help_text="每行一段；以“一、”“二、”开头的一行是标题。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(
            self, submit="保存草稿", cancel_url=cancel_url, keep=True, sticky=True
        )


class RulesForm(PlainSpeech, forms.ModelForm[BulletinRules]):
    class Meta:
        model = BulletinRules
        fields = ("name", "office", "has_red_head", "report_to", "send_to", "issue_to", "copies")
        widgets = {"copies": NumberWithUnit("份")}
        help_texts = {
            "has_red_head": "只有有权印发的单位才能套红；不确定时请不要勾选。",
            "report_to": "例如：学校党委。留空则不印。",
        }

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="保存设置", cancel_url=cancel_url)
