"""Forms for voicing an opinion, saying what became of it, and the idea box."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from crispy_forms.layout import Layout
from django import forms

from core.forms import ChipRadio, Pair, PortalForm, PortalFormHelper
from seminars.choices import OpinionStatus, ProblemStatus
from seminars.fields import LineField, TextField
from seminars.services.opinions import STEPS
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from campaign.models import AudienceGroup, Campaign, Theme
    from seminars.models import Opinion

_TEXT_LENGTH = 2_000
_REASON_LENGTH = 1_000


class _Voice(PortalForm):
    """One text that must be there; whose voice and which theme are told by whoever likes to."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = TextField(
        label="意见建议",
        rows=6,
        max_length=_TEXT_LENGTH,
        help_text="一条意见写一次：遇到什么问题，希望怎样改。",
        error_messages={"required": "请写下您的意见。"},
    )
    audience_group: forms.ModelChoiceField[AudienceGroup] = forms.ModelChoiceField(
        None, label="您是", required=False, widget=ChipRadio, empty_label="不说明"
    )
    theme: forms.ModelChoiceField[Theme] = forms.ModelChoiceField(
        None, label="研讨主题", required=False, empty_label="不清楚"
    )

    def __init__(self, *args: Any, campaign: Campaign, submit: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": uuid4()})
        super().__init__(*args, **kwargs)
        self.fields["audience_group"].queryset = campaign.audiencegroups.all()  # type: ignore[attr-defined]
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, submit=submit, keep=True)


class OpinionForm(_Voice):
    """An opinion under one's own name."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="向哪个单位提出", empty_label=None)

    field_order = ("key", "unit", "text", "theme", "audience_group")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, submit="提交意见", **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class IdeaForm(_Voice):
    """An idea without a name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, submit="提交", **kwargs)


class FollowForm(PortalForm):
    code = LineField(
        label="查询码",
        max_length=40,
        help_text="提交时给您的12位查询码，横线和大小写都可以不管。",
        error_messages={"required": "请填写查询码。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autocomplete"] = "off"
        self.helper = PortalFormHelper(self, submit="查询处理情况")


_OUTCOMES = (
    (OpinionStatus.SOLVED, "当场解决"),
    (OpinionStatus.PROBLEM, "列入问题清单"),
    (OpinionStatus.NOT_ADOPTED, "未采用"),
    (OpinionStatus.NEW, "重新处理"),
)


class SettleForm(PortalForm):
    """What became of the chosen opinions; only steps that all of them may take are offered."""

    outcome = forms.ChoiceField(
        label="处理结果", widget=ChipRadio, error_messages={"required": "请选择处理结果。"}
    )
    reason = TextField(
        label="处理说明",
        rows=3,
        required=False,
        max_length=_REASON_LENGTH,
        help_text="“未采用”和意见箱里的意见必填，提出人会看到。",
    )
    problem = TextField(
        label="问题表现",
        rows=3,
        required=False,
        max_length=_TEXT_LENGTH,
        help_text="列入问题清单时填写。几条意见说的是同一个问题，就写成一条。",
    )
    theme: forms.ModelChoiceField[Theme] = forms.ModelChoiceField(
        None, label="问题所属主题", required=False, empty_label="请选择"
    )

    def __init__(
        self, *args: Any, opinions: Sequence[Opinion], campaign: Campaign, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        common = frozenset.intersection(
            *(STEPS.get(opinion.status, frozenset()) for opinion in opinions)
        )
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (status, word) for status, word in _OUTCOMES if status in common
        ]
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, submit="保存处理结果", keep=True)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("outcome") == OpinionStatus.PROBLEM:
            if not cleaned.get("problem"):
                self.add_error("problem", "请写明问题的表现。")
            if not cleaned.get("theme"):
                self.add_error("theme", "请选择问题所属的主题。")
        return cleaned


class ClassifyForm(PortalForm):
    """Theme and group of the chosen opinions; what is left empty stays as it is."""

    prefix = "as"

    theme: forms.ModelChoiceField[Theme] = forms.ModelChoiceField(
        None, label="研讨主题", required=False, empty_label="不改"
    )
    audience_group: forms.ModelChoiceField[AudienceGroup] = forms.ModelChoiceField(
        None, label="来源群体", required=False, empty_label="不改"
    )

    def __init__(self, *args: Any, campaign: Campaign, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].queryset = campaign.themes.all()  # type: ignore[attr-defined]
        self.fields["audience_group"].queryset = campaign.audiencegroups.all()  # type: ignore[attr-defined]
        layout = Layout(Pair("theme", "audience_group"))
        self.helper = PortalFormHelper(self, submit="保存主题和群体", layout=layout, action=action)

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not any(cleaned.values()):
            raise forms.ValidationError("请选择主题或来源群体。")
        return cleaned


class CloseProblemForm(PortalForm):
    outcome = forms.ChoiceField(
        label="结果",
        widget=ChipRadio,
        choices=[(ProblemStatus.SOLVED, "已解决"), (ProblemStatus.NOT_ADOPTED, "不采纳")],
        error_messages={"required": "请选择结果。"},
    )
    reason = TextField(
        label="说明",
        rows=4,
        max_length=_REASON_LENGTH,
        error_messages={"required": "请写明怎样解决的，或者为什么不采纳。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = PortalFormHelper(self, submit="保存结果")
