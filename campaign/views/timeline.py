"""The timeline of a campaign, and a new campaign after its pattern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from crispy_forms.layout import Layout
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from campaign.cloning import clone_campaign
from campaign.models import Campaign
from campaign.permissions import can_set_up
from campaign.setting_up import AlreadySetUp
from campaign.timeline import timeline_of
from campaign.views.steering import page, who
from core.chinese_text import clean_line
from core.forms import NumberWithUnit, PortalForm, PortalFormHelper

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

_YEAR = re.compile("(?:19|20)[0-9]{2}")
_LONGEST_SLUG = 60


class CloneForm(PortalForm):
    """Name and year of the new campaign; everything else comes from the old one."""

    title = forms.CharField(label="新方案名称", max_length=200)
    short_title = forms.CharField(label="简称", max_length=60)
    years = forms.IntegerField(
        label="日期后移",
        min_value=0,
        max_value=20,
        widget=NumberWithUnit("年"),
        help_text="“9月中旬”这样的原文按新的年份重新推算，其余日期移到同月同日。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        layout = Layout("title", "short_title", "years")
        self.helper = PortalFormHelper(self, submit="新建活动", layout=layout)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in ("title", "short_title"):
            self.cleaned_data[name] = clean_line(self.cleaned_data.get(name, ""))
        return self.cleaned_data


@require_safe
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    context = {"campaign": campaign, "timeline": timeline_of(campaign, timezone.localdate())}
    return render(request, "campaign/timeline.html", context)


@require_http_methods(["GET", "POST"])
def clone(request: HttpRequest, slug: str) -> HttpResponse:
    """Next year's campaign after this one."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    if not can_set_up(request.user):
        raise PermissionDenied
    form = CloneForm(request.POST or None, initial=_suggested(campaign))
    if form.is_valid():
        facts = form.cleaned_data
        try:
            copy = clone_campaign(
                who(request),
                campaign,
                slug=_free_slug(campaign.slug, facts["years"]),
                month_end_first_day=settings.MONTH_END_FIRST_DAY,
                **facts,
            )
        except AlreadySetUp:
            form.add_error(None, "刚刚有人新建了同一个活动，请到“全部活动”核对。")
        else:
            messages.success(request, f"已新建“{copy.short_title}”，正在筹备。请核对日期和文号。")
            return redirect("campaign:plan_of", copy.slug)
    return page(request, form, "照此新建活动", campaign)


def _suggested(campaign: Campaign) -> dict[str, Any]:
    """The names with their year moved on, one year later."""

    def next_year(text: str) -> str:
        return _YEAR.sub(lambda match: str(int(match[0]) + 1), text)

    first = min((phase.starts_on for phase in campaign.phases.all()), default=None)
    today = timezone.localdate()
    years = max(today.year - first.year, 1) if first else 1
    return {
        "title": next_year(campaign.title),
        "short_title": next_year(campaign.short_title),
        "years": years,
    }


def _free_slug(slug: str, years: int) -> str:
    """The old address with its year moved on, and a number where that is taken."""
    base = _YEAR.sub(lambda match: str(int(match[0]) + years), slug)[: _LONGEST_SLUG - 4]
    taken = set(Campaign.objects.values_list("slug", flat=True))
    return next(
        name for name in (base, *(f"{base}-{n}" for n in range(2, 1000))) if name not in taken
    )
