"""Forms for the ordered lists of a campaign: a line for each entry, empty lines for new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms

from campaign.models import AudienceGroup, LinkedWork, StudyDocument, Target, Theme
from campaign.wording import short_theme
from core.chinese_text import clean_line
from core.files import DOCUMENTS, CheckedFile, check_upload
from core.forms import DayInput, NumberWithUnit, PortalForm, PortalFormHelper
from core.plain_speech import PlainSpeech

if TYPE_CHECKING:
    from campaign.models import Campaign
    from campaign.models.lists import Listed

_SPARE_LINES = 3
_MOST_LINES = 200


class EntryForm(PlainSpeech, forms.ModelForm[Any]):
    """One line. Its place is a number, so that order needs no dragging."""

    place = forms.IntegerField(label="顺序", required=False, min_value=1, max_value=999)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["place"] = self.instance.order

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = clean_line(value)
        return self.cleaned_data

    def facts(self) -> dict[str, Any]:
        """What the row is to say."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def _post_clean(self) -> None:
        """The service writes the row."""


class ThemeEntry(EntryForm):
    class Meta:
        model = Theme
        fields = ["title", "short_title"]
        help_texts = {"short_title": "表头用，不填就从主题里取。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["short_title"].required = False

    def facts(self) -> dict[str, Any]:
        title = self.cleaned_data["title"]
        return {
            "title": title,
            "short_title": self.cleaned_data.get("short_title") or short_theme(title)[:20],
        }


class StudyEntry(EntryForm):
    url = forms.URLField(label="链接", required=False, assume_scheme="https")
    upload = forms.FileField(
        label="文件", required=False, help_text="PDF、DOCX等，30MB以内；不选就保持原来的文件。"
    )

    class Meta:
        model = StudyDocument
        fields = ["title", "url"]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        return title.strip("《》")

    def clean_upload(self) -> CheckedFile | None:
        upload = self.cleaned_data["upload"]
        return check_upload(upload, DOCUMENTS) if upload else None

    def facts(self) -> dict[str, Any]:
        checked: CheckedFile | None = self.cleaned_data.get("upload")
        kept = {"file": checked.content, "file_name": checked.name} if checked else {}
        return super().facts() | kept


class WorkEntry(EntryForm):
    class Meta:
        model = LinkedWork
        fields = ["name"]


class GroupEntry(EntryForm):
    class Meta:
        model = AudienceGroup
        fields = ["name"]


class TargetEntry(EntryForm):
    class Meta:
        model = Target
        fields = ["level", "subject", "count"]
        widgets = {"count": NumberWithUnit("个")}


@dataclass(frozen=True)
class EntryList:
    """One of the lists a page edits."""

    name: str
    model: type[Listed]
    form: type[EntryForm]
    heading: str
    lead: str


LISTS = {
    one.name: one
    for one in (
        EntryList(
            "themes", Theme, ThemeEntry, "研讨主题", "各单位的具体研讨主题都归在其中一个下面。"
        ),
        EntryList("study", StudyDocument, StudyEntry, "学习文件", "可以附文件或链接，随时增加。"),
        EntryList("works", LinkedWork, WorkEntry, "结合工作", "记录活动时作为标签使用。"),
        EntryList(
            "groups", AudienceGroup, GroupEntry, "群体", "听谁的意见、面向谁，按群体看覆盖。"
        ),
        EntryList("targets", Target, TargetEntry, "建设目标", "每次改动都留在操作记录里。"),
    )
}


class _Lines(forms.BaseModelFormSet):  # type: ignore[type-arg]  # no generic at run time
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "去掉这一项"


def entry_lines(kind: EntryList, campaign: Campaign, *args: Any) -> Any:
    """The formset for a list of `campaign`, bound when data is given."""
    made = forms.modelformset_factory(
        kind.model,
        form=kind.form,
        formset=_Lines,
        extra=_SPARE_LINES,
        can_delete=True,
        max_num=_MOST_LINES,
        absolute_max=_MOST_LINES,
    )
    rows = kind.model._default_manager.filter(campaign=campaign)
    data, files = args or (None, None)
    return made(data, files, queryset=rows.order_by("order"))


def rows_of(lines: Any) -> list[tuple[Listed | None, dict[str, Any]]]:
    """The entries to keep in their new order; where places are equal, the order of the page."""
    kept = [
        (form.cleaned_data.get("place") or _MOST_LINES, at, form)
        for at, form in enumerate(lines)
        if form.cleaned_data.get("DELETE") is False and (form.instance.pk or form.has_changed())
    ]
    return [(_entry(form), form.facts()) for _, _, form in sorted(kept, key=lambda row: row[:2])]


def _entry(form: EntryForm) -> Listed | None:
    return form.instance if form.instance.pk else None


class ProgressForm(PortalForm):
    """How far a target is."""

    on = forms.DateField(label="截至", widget=DayInput)
    count = forms.IntegerField(label="已达成", min_value=0, widget=NumberWithUnit("个"))
    note = forms.CharField(label="依据", max_length=200, help_text="文号、名单或公示网址。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(
            self, submit="登记进展", layout=Layout("on", "count", "note")
        )

    def clean_note(self) -> str:
        return clean_line(self.cleaned_data["note"])
