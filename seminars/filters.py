"""What a person may narrow the lists by. A value that makes no sense narrows nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.http import urlencode

from campaign.choices import ActivityKind
from core.forms import PortalForm
from seminars.choices import OpinionStatus
from seminars.fields import DayField, LineField
from units.choices import SCHOOL_WIDE_KINDS
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import User
    from campaign.models import Campaign
    from seminars.querysets import ActivityQuerySet, OpinionQuerySet

#: Nobody searches for more; a longer text would only cost.
_LONGEST_QUERY = 60


class _Narrowing(PortalForm):
    """A GET form: unknown and malformed values are passed over, the others count."""

    q = LineField(label="搜索", required=False)

    def _offer(self, name: str, all_of_them: str, choices: Iterable[tuple[int, str]]) -> None:
        self.fields[name].choices = [("", all_of_them), *choices]  # type: ignore[attr-defined]

    def _offer_units(self, user: User) -> None:
        """All that the person sees but the working bodies, in tree order; one query."""
        self._units = list(Unit.objects.visible_to(user).order_by("path"))
        offered = [unit for unit in self._units if unit.kind not in SCHOOL_WIDE_KINDS]
        if len(offered) > 1:
            self._offer("unit", "全部单位", ((unit.pk, _indented(unit)) for unit in offered))
        else:
            del self.fields["unit"]

    def _keys_below(self, pk: int) -> list[int]:
        """The unit of that key and all of its subtree.

        PostgreSQL knows how many records some keys have, not how many a stretch of the tree has,
        and would read the whole table instead of the units' index.
        """
        chosen = next(unit for unit in self._units if unit.pk == pk)
        return [unit.pk for unit in self._units if unit.path.startswith(chosen.path)]

    def chosen(self) -> dict[str, Any]:
        """The understood values that are not empty."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def clean_q(self) -> str:
        return str(self.cleaned_data["q"])[:_LONGEST_QUERY]


class LedgerFilter(_Narrowing):
    kind = forms.ChoiceField(
        label="形式", required=False, choices=[("", "全部形式"), *ActivityKind.choices]
    )
    unit = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    phase = forms.TypedChoiceField(label="阶段", required=False, coerce=int, empty_value=None)
    theme = forms.TypedChoiceField(label="主题", required=False, coerce=int, empty_value=None)
    tag = forms.TypedChoiceField(label="结合工作", required=False, coerce=int, empty_value=None)
    first = DayField(label="从", required=False)
    last = DayField(label="到", required=False)

    field_order = ("q", "unit", "kind", "theme", "tag", "phase", "first", "last")

    def __init__(self, *args: Any, user: User, campaign: Campaign | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_units(user)
        self.phases = list(campaign.phases.all()) if campaign else []
        self._themes = list(campaign.themes.all()) if campaign else []
        self._tags = list(campaign.linkedworks.all()) if campaign else []
        self._offer("phase", "全部阶段", ((phase.pk, phase.name) for phase in self.phases))
        self._offer("theme", "全部主题", ((theme.pk, theme.short_title) for theme in self._themes))
        self._offer("tag", "全部", ((tag.pk, tag.name) for tag in self._tags))
        if not self._tags:
            del self.fields["tag"]

    def query(self) -> str:
        """The filters in use as a query string, without anything else the address had."""
        self.is_valid()
        used = [(name, self.data.get(name, "")) for name in self.fields]
        return urlencode([(name, text) for name, text in used if text and name not in self.errors])

    def narrow(self, rows: ActivityQuerySet) -> ActivityQuerySet:
        chosen = self.chosen()
        if text := chosen.get("q"):
            rows = rows.matching(text)
        if kind := chosen.get("kind"):
            rows = rows.of_kinds([kind])
        if unit := chosen.get("unit"):
            rows = rows.filter(unit__in=self._keys_below(unit))
        if phase := chosen.get("phase"):
            rows = rows.in_phase(next(one for one in self.phases if one.pk == phase))
        if theme := chosen.get("theme"):
            rows = rows.about(next(one for one in self._themes if one.pk == theme))
        if tag := chosen.get("tag"):
            rows = rows.tagged(next(one for one in self._tags if one.pk == tag))
        return rows.between(chosen.get("first"), chosen.get("last"))


class OpinionFilter(_Narrowing):
    status = forms.ChoiceField(
        label="处理情况", required=False, choices=[("", "全部"), *OpinionStatus.choices]
    )
    unit = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    theme = forms.TypedChoiceField(label="主题", required=False, coerce=int, empty_value=None)
    audience_group = forms.TypedChoiceField(
        label="来源群体", required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, user: User, campaign: Campaign | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_units(user)
        themes = campaign.themes.all() if campaign else ()
        groups = campaign.audiencegroups.all() if campaign else ()
        self._offer("theme", "全部主题", ((theme.pk, theme.short_title) for theme in themes))
        self._offer("audience_group", "全部群体", ((group.pk, group.name) for group in groups))

    def narrow(self, rows: OpinionQuerySet) -> OpinionQuerySet:
        chosen = self.chosen()
        if text := chosen.get("q"):
            rows = rows.matching(text)
        if unit := chosen.get("unit"):
            rows = rows.filter(unit__in=self._keys_below(unit))
        exact = {
            name: chosen[name] for name in ("status", "theme", "audience_group") if name in chosen
        }
        return rows.filter(**exact)


def _indented(unit: Unit) -> str:
    """The name, moved in by one full-width blank for each level below the school."""
    return f"{'　' * max(0, unit.depth - 2)}{unit.short_name}"
