"""What people fill in about news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms

from core.chinese_text import month_day
from core.forms import ChipRadio, PortalForm, PortalFormHelper
from outcomes.choices import NewsKind
from seminars.fields import LineField, TextField
from seminars.models import Activity
from units.forms import UnitField
from units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from campaign.models import Campaign
    from outcomes.models import News

_ACTIVITIES_OFFERED = 30


class _ActivityChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, activity: Activity) -> str:
        return f"{month_day(activity.held_on)} {activity.title}"


class NewsForm(PortalForm):
    kind = forms.ChoiceField(label="类别", choices=NewsKind, widget=ChipRadio)
    unit = UnitField(label="单位", empty_label=None)
    title = LineField(label="标题", max_length=60)
    text = TextField(label="正文", rows=10, max_length=3_000, help_text="每行一段。")
    activity = _ActivityChoice(
        queryset=Activity.objects.none(),
        label="相关活动",
        required=False,
        empty_label="不关联",
        help_text="读者可以从动态打开这场活动；看得到活动的人才打得开。",
    )

    def __init__(
        self,
        *args: Any,
        campaign: Campaign,
        units: Iterable[Unit],
        news: News | None = None,
        cancel_url: str,
        **kwargs: Any,
    ) -> None:
        if news is not None:
            names = ("kind", "unit", "title", "text", "activity")
            kwargs["initial"] = {name: getattr(news, name) for name in names}
        super().__init__(*args, **kwargs)
        keys = [unit.pk for unit in units]
        held = campaign.activities.logged().filter(unit__in=keys).newest_first()
        recent = held.values_list("pk", flat=True)[:_ACTIVITIES_OFFERED]
        known = [news.activity_id] if news and news.activity_id else []
        offered = Activity.objects.filter(pk__in=[*recent, *known]).newest_first()
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=keys)  # type: ignore[attr-defined]
        self.fields["activity"].queryset = offered  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(
            self,
            submit="交三大工作组审核",
            others=(("action", "draft", "存草稿"),),
            cancel_url=cancel_url,
            keep=True,
        )


class NewsReasonForm(PortalForm):
    """Why news comes back or is taken down; its author reads it."""

    reason = TextField(label="理由", rows=3, max_length=500)
