"""What the leading members of the plan group set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms

from core.forms import (
    ChipCheckboxes,
    NumberWithUnit,
    Pair,
    PortalForm,
    PortalFormHelper,
    Section,
)
from core.plain_speech import PlainSpeech
from proposals.models import ReviewRules
from proposals.rules import MOST_CRITERIA
from seminars.fields import LineField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User
    from campaign.models import Campaign, Theme
    from proposals.deliberation import Criterion

    RulesModelForm = forms.ModelForm[ReviewRules]
else:  # Django's own class takes no parameters at run time
    RulesModelForm = forms.ModelForm

_HEAVIEST = 100


class RulesForm(PlainSpeech, RulesModelForm):
    """Weights and numbers, and up to three criteria beside the two of S32."""

    class Meta:
        model = ReviewRules
        fields = (
            "accuracy_weight",
            "practicality_weight",
            "quorum",
            "co_signatures_needed",
            "is_blind",
        )
        widgets = {
            "quorum": NumberWithUnit("人", {"min": 1}),
            "co_signatures_needed": NumberWithUnit("人"),
            "accuracy_weight": NumberWithUnit("份", {"min": 1}),
            "practicality_weight": NumberWithUnit("份", {"min": 1}),
        }
        help_texts = {
            "quorum": "评分人数达到后才能过会；须回避和弃权的成员多时自动减少。",
            "co_signatures_needed": "0表示不要求。",
            "accuracy_weight": "必有的标准。权重只看相对大小。",
            "practicality_weight": "必有的标准。",
            "is_blind": "成员自己评分前看不到提出单位和执笔人。",
        }

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_CRITERIA + 1):
            known = criteria[number - 1] if number <= len(criteria) else None
            self._add_criterion(number, known)
        pairs = [Pair(f"title_{n}", f"weight_{n}") for n in range(1, MOST_CRITERIA + 1)]
        self.helper = PortalFormHelper(
            self,
            submit="保存审议规则",
            layout=Layout(
                Section("评分标准", Pair("accuracy_weight", "practicality_weight"), *pairs),
                Section("人数和方式", Pair("quorum", "co_signatures_needed"), "is_blind"),
            ),
        )
        for name in ("accuracy_weight", "practicality_weight", "quorum"):
            self.fields[name].min_value = 1  # type: ignore[attr-defined]

    def _add_criterion(self, number: int, known: Criterion | None) -> None:
        self.fields[f"title_{number}"] = LineField(
            label=f"增加的标准{number}",
            max_length=20,
            required=False,
            initial=known.title if known else "",
            help_text="例如“针对性”“前瞻性”；不用的留空。" if number == 1 else "",
        )
        self.fields[f"weight_{number}"] = forms.IntegerField(
            label=f"标准{number}的权重",
            min_value=1,
            max_value=_HEAVIEST,
            required=False,
            initial=known.weight if known else None,
            widget=NumberWithUnit("份", {"min": 1}),
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("accuracy_weight", "practicality_weight", "quorum"):
            if cleaned.get(name) == 0:
                self.add_error(name, f"“{self.fields[name].label}”至少为1。")
        for number in range(1, MOST_CRITERIA + 1):
            if cleaned.get(f"title_{number}") and not cleaned.get(f"weight_{number}"):
                self.add_error(f"weight_{number}", f"请填写标准{number}的权重。")
        return cleaned

    def rules(self) -> dict[str, Any]:
        """What `rules.set_rules` takes, from cleaned data."""
        cleaned = self.cleaned_data
        criteria = [
            (cleaned[f"title_{number}"], cleaned[f"weight_{number}"])
            for number in range(1, MOST_CRITERIA + 1)
            if cleaned[f"title_{number}"]
        ]
        return {**{name: cleaned[name] for name in self.Meta.fields}, "criteria": criteria}


class DutiesForm(PortalForm):
    """Who takes which theme; a theme without anyone is shared out among all."""

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        members: Sequence[User],
        on_duty: dict[int, list[int]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._themes: list[Theme] = list(campaign.themes.all())
        people = [(str(member.pk), member.name) for member in members]
        for theme in self._themes:
            self.fields[f"theme_{theme.pk}"] = forms.MultipleChoiceField(
                label=theme.short_title or theme.title,
                choices=people,
                required=False,
                widget=ChipCheckboxes,
                initial=[str(key) for key in on_duty.get(theme.pk, [])],
            )

    def duties(self) -> dict[int, list[int]]:
        return {
            theme.pk: [int(key) for key in self.cleaned_data[f"theme_{theme.pk}"]]
            for theme in self._themes
        }
