"""Units' own topics under the campaign's themes."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from campaign.models import Campaign, SubTopic, Theme
from campaign.sub_topics import OtherTheme, StillNamed, add_sub_topic, remove_sub_topic
from campaign.views.steering import who
from core.chinese_text import clean_line
from core.forms import PortalForm, PortalFormHelper
from units.models import Unit
from units.querysets import below
from units.standing import standing_of

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse


class TopicForm(PortalForm):
    """A topic of one of the person's units."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=None)
    theme = forms.ModelChoiceField(Theme.objects.none(), label="研讨主题", empty_label=None)
    title = forms.CharField(label="具体研讨主题", max_length=120)

    def __init__(self, *args: Any, campaign: Campaign, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["theme"].queryset = campaign.themes.order_by("order")  # type: ignore[attr-defined]
        self.helper = PortalFormHelper(self, submit="增加具体主题")

    def clean_title(self) -> str:
        return clean_line(self.cleaned_data["title"])


@require_http_methods(["GET", "POST"])
def sub_topics(request: HttpRequest, slug: str) -> HttpResponse:
    """Topics of the units the person may see, by theme; a form for those who report."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), slug=slug)
    user = who(request)
    own = Unit.objects.open().filter(below(standing_of(user).reporting_paths))
    form = TopicForm(request.POST or None, campaign=campaign, units=own)
    if request.method == "POST" and not own.exists():
        raise PermissionDenied
    if form.is_valid():
        try:
            add_sub_topic(user, **form.cleaned_data)
        except OtherTheme as fault:
            form.add_error("theme", f"本单位已把它列在“{fault}”下面，一个具体主题只归一个主题。")
        else:
            messages.success(request, "已增加具体研讨主题。")
            return redirect("campaign:sub_topics", slug)
    seen = SubTopic.objects.filter(unit__in=Unit.objects.visible_to(user)).select_related("unit")
    seen = seen.order_by("unit__path", "pk")
    context = {
        "campaign": campaign,
        "themes": campaign.themes.prefetch_related(Prefetch("sub_topics", seen, "seen")),
        "form": form if own.exists() else None,
        "own": set(own.values_list("pk", flat=True)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "campaign/sub_topics.html", context, status=status)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    seen = SubTopic.objects.filter(unit__in=Unit.objects.visible_to(who(request)))
    topic = get_object_or_404(seen.select_related("unit", "theme__campaign"), pk=pk)
    try:
        remove_sub_topic(who(request), topic)
    except StillNamed as fault:
        messages.warning(request, f"{fault}，不能去掉。")
    else:
        messages.success(request, f"已去掉“{topic.title}”。")
    return redirect(reverse("campaign:sub_topics", args=[topic.theme.campaign.slug]))
