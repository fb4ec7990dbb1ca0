"""What people type to write to many, and what a chair types to allow more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.chinese_text import clean_line, clean_text, counted
from core.forms import ChipCheckboxes, NumberWithUnit, PortalForm, PortalFormHelper
from supervision.services.sendings import POSITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supervision.services.sendings import Topic


class SendingForm(PortalForm):
    """A notice to those who still owe something; looked over before it goes out."""

    about = forms.ChoiceField(
        label="发给还没有完成哪一项的单位", help_text="人员由平台按当天的完成情况算出，不用挑选。"
    )
    positions = forms.MultipleChoiceField(
        label="发给谁", choices=list(POSITIONS.items()), widget=ChipCheckboxes
    )
    title = forms.CharField(label="标题", max_length=100)
    body = forms.CharField(
        label="正文",
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="每个人的未完成事项和期限会自动附在正文后面。",
    )

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = {topic.key: topic for topic in topics}
        self.fields["about"].choices = [  # type: ignore[attr-defined]  # a choice field
            (topic.key, f"{topic.title}（{counted(topic.count, '个')}未完成）") for topic in topics
        ]
        self.helper = PortalFormHelper(self, submit="预览收件人和正文", keep=True)

    def clean_about(self) -> Topic:
        return self.topics[self.cleaned_data["about"]]

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_body(self) -> str:
        return clean_text(self.cleaned_data["body"])


class SeenForm(PortalForm):
    """The people who stood on the page that was looked over."""

    seen = forms.CharField(max_length=100_000, required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> frozenset[int]:
        words = self.cleaned_data["seen"].split()
        return frozenset(int(word) for word in words if word.isdecimal() and len(word) < _DIGITS)


_DIGITS = 19


class WaiverForm(PortalForm):
    """More requests for this week, with a reason that stays on record."""

    extra = forms.IntegerField(
        label="本周增加", min_value=1, max_value=20, widget=NumberWithUnit("项")
    )
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])
