"""Forms for reading a plan: give the document, then correct what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.urls import reverse

from campaign.models import StudyDocument, Theme
from campaign.reading.definition import as_definition
from campaign.reading.files import UnreadablePlan, read_plan_bytes
from core.forms import CarriedText, DayInput, PortalForm, PortalFormHelper, TextBox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from campaign.reading.proposal import Found, PlanProposal

#: A plan is a few thousand characters; a page should not carry a book.
LONGEST_PLAN = 200_000
_LONGEST_QUOTATION = 80
_SINGLE = {
    "title": "title",
    "number": "doc_number",
    "issuing_body": "issuer",
    "recipients": "recipients",
}


class PlanForm(PortalForm):
    """The document: a file or pasted text."""

    file = forms.FileField(
        label="方案文件", required=False, help_text="DOCX或TXT。扫描件和PDF请先转成文字。"
    )
    text = forms.CharField(
        label="或者粘贴方案全文",
        required=False,
        strip=False,
        widget=TextBox({"rows": 8}),
        help_text="两样都给时，以文件为准。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(
            self,
            submit="识读方案",
            layout=Layout("file", "text"),
            cancel_url=reverse("campaign:campaigns"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("file"):
            try:
                data["plan"] = read_plan_bytes(data["file"].read())
            except UnreadablePlan as fault:
                self.add_error("file", str(fault))
        elif (data.get("text") or "").strip():
            data["plan"] = data["text"]
        elif "file" not in self.errors:
            self.add_error("file", "请选择方案文件，或者粘贴方案全文。")
        if len(data.get("plan", "")) > LONGEST_PLAN:
            self.add_error(None, "文字超过20万字，不像一份方案，请核对后再提交。")
        return data


class ProposalForm(PortalForm):
    """What was found, to be corrected. Each help text quotes the sentence it came from."""

    text = CarriedText(max_length=LONGEST_PLAN)
    title = forms.CharField(label="方案名称", max_length=200)
    short_name = forms.CharField(label="活动简称", max_length=60)
    number = forms.CharField(label="文号", max_length=60, required=False)
    issuing_body = forms.CharField(label="发文机关", max_length=100, required=False)
    recipients = forms.CharField(label="主送", max_length=200, required=False)
    goal = forms.CharField(label="目标", required=False, widget=TextBox({"rows": 3}))
    themes = forms.CharField(label="研讨主题", required=False, widget=TextBox({"rows": 6}))
    study_documents = forms.CharField(label="学习文件", required=False, widget=TextBox({"rows": 4}))

    def __init__(self, *args: Any, proposal: PlanProposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        head = proposal.head
        self.fields["title"].help_text = _source(head.title)
        self.fields["number"].help_text = _source(head.doc_number)
        self.fields["issuing_body"].help_text = _source(head.issuer)
        self.fields["recipients"].help_text = _source(head.recipients)
        self.fields["goal"].help_text = _source(proposal.goal)
        self.fields["themes"].help_text = f"一行一个。{_sources(proposal.themes)}"
        self.fields[
            "study_documents"
        ].help_text = f"一行一个，不带书名号。{_sources(proposal.study_documents)}"

    @staticmethod
    def found(proposal: PlanProposal) -> dict[str, Any]:
        """Initial values."""
        definition = as_definition(proposal)
        single = {name: definition.get(name, "") for name in _SINGLE}
        return single | {
            "text": proposal.text,
            "short_name": definition.get("short_name", ""),
            "goal": definition.get("goal", ""),
            "themes": "\n".join(item.value for item in proposal.themes),
            "study_documents": "\n".join(item.value for item in proposal.study_documents),
        }

    def clean_themes(self) -> list[str]:
        return _lines(self.cleaned_data["themes"], Theme)

    def clean_study_documents(self) -> list[str]:
        titles = _lines(self.cleaned_data["study_documents"], StudyDocument)
        return [title.strip("《》") for title in titles]

    def corrected(self, phases: list[dict[str, Any]]) -> dict[str, Any]:
        """The definition of the plan with every correction put in its place."""
        data = self.cleaned_data
        definition = as_definition(self.proposal)
        names = (*_SINGLE, "short_name", "goal")
        definition |= {name: data[name] for name in names}
        definition["themes"] = [
            {"number": number, "title": title} for number, title in enumerate(data["themes"], 1)
        ]
        definition["study_documents"] = [{"title": title} for title in data["study_documents"]]
        definition["phases"] = _phases(definition.get("phases", []), phases)
        if len(data["themes"]) != len(self.proposal.themes):
            definition.pop("aims", None)  # they point at themes by number
        return definition


class PhaseLine(PortalForm):
    """One phase as found. `place` remembers which one of the plan it was, for its steps."""

    place = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="阶段名称", max_length=60)
    label = forms.CharField(label="时间（方案原文）", max_length=60, required=False)
    starts_on = forms.DateField(label="开始日期", widget=DayInput)
    ends_on = forms.DateField(label="结束日期", widget=DayInput)
    departments = forms.CharField(label="责任部门", max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = self.initial.get("source", "")
        self.fields["name"].help_text = f"原文：{source}" if source else ""
        self.fields["departments"].help_text = "用顿号分开，按方案的顺序。"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        starts_on, ends_on = data.get("starts_on"), data.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "结束日期早于开始日期，请改正其中一个。")
        return data

    def clean_departments(self) -> list[str]:
        names = [name.strip() for name in self.cleaned_data["departments"].split("、")]
        limit = 60
        if any(len(name) > limit for name in names):
            raise forms.ValidationError(f"每个部门的名称不超过{limit}个字，请用顿号分开。")
        return [name for name in names if name]


class _Phases(forms.BaseFormSet):  # type: ignore[type-arg]  # no generic at run time
    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = "不要这个阶段"


PhaseLines = forms.formset_factory(
    PhaseLine, formset=_Phases, extra=1, can_delete=True, max_num=40, absolute_max=60
)


def kept(phases: Iterable[forms.Form]) -> list[dict[str, Any]]:
    """Cleaned phases in order, without those struck out or left empty."""
    return [
        form.cleaned_data
        for form in phases
        if form.cleaned_data.get("name") and not form.cleaned_data.get("DELETE")
    ]


def phases_found(proposal: PlanProposal) -> list[dict[str, Any]]:
    """Initial values of the phase lines."""
    return [
        {
            "place": place,
            "name": item.value.name,
            "label": item.value.label or "",
            "starts_on": item.value.starts_on,
            "ends_on": item.value.ends_on,
            "departments": "、".join(item.value.departments),
            "source": _shortened(item.source.sentence),
        }
        for place, item in enumerate(proposal.phases)
    ]


def _phases(read: list[dict[str, Any]], kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Corrected phases, each with the steps and openings the plan gives it."""
    phases = []
    for number, line in enumerate(kept, start=1):
        place = line.get("place")
        known = read[place] if place is not None and 0 <= place < len(read) else {}
        corrections = {
            name: line[name] for name in ("name", "label", "starts_on", "ends_on", "departments")
        }
        phases.append({**known, "number": number, **corrections})
    return phases


def _lines(text: str, model: type[Theme | StudyDocument]) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    limit = model._meta.get_field("title").max_length
    if limit and any(len(line) > limit for line in lines):
        raise forms.ValidationError(f"每行不超过{limit}个字，请一行写一个。")
    return lines


def _source(item: Found[Any] | None) -> str:
    return f"原文：{_shortened(item.source.sentence)}" if item else "方案中没有找到，可以补填。"


def _sources(items: Iterable[Found[str]]) -> str:
    sentences = dict.fromkeys(_shortened(item.source.sentence) for item in items)
    return f"原文：{'／'.join(sentences)}" if sentences else "方案中没有找到，可以补填。"


def _shortened(sentence: str) -> str:
    if len(sentence) <= _LONGEST_QUOTATION:
        return sentence
    return f"{sentence[:_LONGEST_QUOTATION]}……"
