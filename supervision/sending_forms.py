"""What people type to write to many, and what a chair types to allow more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.chinese_text import clean_line, clean_text, counted
from core.forms import ChipCheckboxes, NumberWithUnit, PortalForm, PortalFormHelper, TextBox
from supervision.services.sendings import POSITIONS
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from supervision.models import Sending
    from supervision.services.sendings import Topic


class UnitsField(forms.ModelMultipleChoiceField[Unit]):
    def label_from_instance(self, obj: Unit) -> str:
        return obj.short_name


class SendingForm(PortalForm):
    """A notice to those who still owe something; looked over before it goes out."""

    about = forms.ChoiceField(
        label="发给还没有完成哪一项的单位",
        help_text="人员由平台按当天的完成情况算出，下一步可以去掉不必发的。",
    )
    positions = forms.MultipleChoiceField(
        label="发给谁", choices=list(POSITIONS.items()), widget=ChipCheckboxes
    )
    title = forms.CharField(label="标题", max_length=100)
    written_at = forms.CharField(required=False, widget=forms.HiddenInput)
    body = forms.CharField(
        label="正文",
        max_length=2_000,
        widget=TextBox(attrs={"rows": 6}),
        help_text="每个人的未完成事项和期限会自动附在正文后面。",
    )

    def __init__(self, *args: Any, topics: Sequence[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = {topic.key: topic for topic in topics}
        self.fields["about"].choices = [  # type: ignore[attr-defined]  # a choice field
            ("", "请选择一项"),
            *(
                (topic.key, f"{topic.title}（{counted(topic.count, '个')}未完成）")
                for topic in topics
            ),
        ]
        self.helper = PortalFormHelper(self, submit="预览收件人和正文", keep=True)

    def was_shown(self, sending: Sending) -> bool:
        """Whether the draft is still what this form was filled with."""
        return bool(self.data.get("written_at") == sending.written_at.isoformat())

    def say_what_changed(self: Any, sending: Sending) -> None:
        """Keep what was typed; going on once more overwrites what is told here."""
        self.add_error(
            None,
            f"没有保存：{sending.written_by.name}刚刚改过这份通知，现在的标题是“{sending.title}”。"
            "您填写的仍在下面，核对之后再继续，就以您的为准。",
        )
        self.data = self.data.copy()
        self.data["written_at"] = sending.written_at.isoformat()

    def clean(self) -> dict[str, Any]:
        """What is written, without the mark of when the draft was read."""
        data = super().clean() or {}
        return {name: value for name, value in data.items() if name != "written_at"}

    def clean_about(self) -> Topic:
        return self.topics[self.cleaned_data["about"]]

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])

    def clean_body(self) -> str:
        return clean_text(self.cleaned_data["body"])


class SeenForm(PortalForm):
    """The people on the page that was looked over, and those of them who are to get it."""

    seen = forms.CharField(max_length=100_000, required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> frozenset[int]:
        return _keys(self.cleaned_data["seen"].split())

    @property
    def chosen(self) -> frozenset[int]:
        return _keys(self.data.getlist("chosen"))  # type: ignore[attr-defined]  # a QueryDict


def _keys(words: Iterable[str]) -> frozenset[int]:
    return frozenset(int(word) for word in words if word.isdecimal() and len(word) < _DIGITS)


_DIGITS = 19


class WaiverForm(PortalForm):
    """More requests for this week, with a reason that stays on record."""

    units = UnitsField(label="单位", queryset=Unit.objects.none(), widget=ChipCheckboxes)
    extra = forms.IntegerField(
        label="本周增加", min_value=1, max_value=20, widget=NumberWithUnit("项")
    )
    reason = forms.CharField(label="理由", max_length=500, widget=TextBox(attrs={"rows": 3}))

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        """`units` are those that have had their requests of the week; all of them at first."""
        super().__init__(*args, **kwargs)
        known = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")
        self.fields["units"].queryset = known  # type: ignore[attr-defined]  # UnitsField
        self.fields["units"].initial = known
        self.fields["units"].help_text = "只列出本周已到上限的单位。"

    def clean_units(self) -> list[Unit]:
        return list(self.cleaned_data["units"])

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])
