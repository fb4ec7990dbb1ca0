"""News: the list, one of them, writing, and the campaign group's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from outcomes import news as service
from outcomes.models import News
from outcomes.news_forms import NewsForm, NewsReasonForm
from outcomes.permissions import (
    can_approve_news,
    can_edit_news,
    can_take_down_news,
    can_write_news,
)
from outcomes.services import AlreadySettled
from outcomes.views.shared import PAGE_ROWS, campaign_or_404, confirm, units_reported_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from accounts.requests import SignedInRequest
    from campaign.models import Campaign
    from units.models import Unit

_MOVED_ON = "这条动态刚刚由他人处理过，请看它现在的状态。"


@require_safe
def news_list(request: SignedInRequest) -> HttpResponse:
    campaign = campaign_or_404()
    rows = News.objects.visible_to(request.user).in_campaign(campaign)
    page = Paginator(rows.with_list_facts(), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"page": page, "may_write": bool(_units_to_write_for(request, campaign))}
    return render(request, "outcomes/news.html", context)


@require_safe
def news_item(request: SignedInRequest, pk: int) -> HttpResponse:
    news = _news(request, pk)
    context = {
        "news": news,
        "may_edit": can_edit_news(request.user, news),
        "may_approve": can_approve_news(request.user, news),
        "may_take_down": can_take_down_news(request.user, news),
    }
    return render(request, "outcomes/news_item.html", context)


@require_http_methods(["GET", "POST"])
def write(request: SignedInRequest) -> HttpResponse:
    campaign = campaign_or_404()
    units = _units_to_write_for(request, campaign)
    if not units:
        raise PermissionDenied
    form = NewsForm(
        request.POST or None,
        campaign=campaign,
        units=units,
        cancel_url=reverse("outcomes:news"),
    )
    if form.is_valid():
        news = service.draft_news(campaign, request.user, **form.cleaned_data)
        return _kept(request, news)
    return _form_page(request, form)


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, pk: int) -> HttpResponse:
    news = _news(request, pk)
    if not can_edit_news(request.user, news):
        raise PermissionDenied
    form = NewsForm(
        request.POST or None,
        campaign=news.campaign,
        units=_units_to_write_for(request, news.campaign),
        news=news,
        cancel_url=reverse("outcomes:news_item", args=[pk]),
    )
    if form.is_valid():
        try:
            service.edit_news(news, request.user, **form.cleaned_data)
        except AlreadySettled:
            form.add_error(None, _MOVED_ON)
        else:
            return _kept(request, news)
    return _form_page(request, form)


def _kept(request: SignedInRequest, news: News) -> HttpResponse:
    """A draft stays one if that was pressed; else it goes to the campaign group."""
    if request.POST.get("action") == "draft":
        messages.success(request, "草稿已保存，只有本单位的书记和联络员看得到。")
    else:
        service.hand_in_news(news, request.user)
        messages.success(request, "已交三大工作组审核，发布或退回时会通知您。")
    return redirect("outcomes:news_item", news.pk)


def _form_page(request: SignedInRequest, form: NewsForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "outcomes/news_form.html", {"form": form}, status=status)


@require_POST
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    news = _news(request, pk)
    try:
        service.publish_news(news, request.user, timezone.now())
    except AlreadySettled:
        messages.warning(request, _MOVED_ON)
    else:
        messages.success(request, "已发布。")
    return redirect("outcomes:news_item", pk)


@require_http_methods(["GET", "POST"])
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    news = _news(request, pk)
    if not can_approve_news(request.user, news):
        raise PermissionDenied
    heading, said = f"退回动态：{news.title}", "作者会看到理由，改好后可以再交。"
    return _with_reason(request, news, heading, said, "退回修改", service.return_news)


@require_http_methods(["GET", "POST"])
def take_down(request: SignedInRequest, pk: int) -> HttpResponse:
    news = _news(request, pk)
    if not can_take_down_news(request.user, news):
        raise PermissionDenied
    heading, said = f"撤下动态：{news.title}", "撤下后别的单位看不到，已印发的简报不受影响。"
    return _with_reason(request, news, heading, said, "撤下动态", service.take_down_news)


def _with_reason(
    request: SignedInRequest,
    news: News,
    heading: str,
    consequence: str,
    submit: str,
    step: Callable[..., None],
) -> HttpResponse:
    form = NewsReasonForm(request.POST or None)
    here = reverse("outcomes:news_item", args=[news.pk])
    if not form.is_valid():
        return confirm(request, heading, consequence, submit, here, form)
    try:
        step(news, request.user, reason=form.cleaned_data["reason"], now=timezone.now())
    except AlreadySettled:
        messages.warning(request, _MOVED_ON)
    else:
        messages.success(request, "已处理，作者会收到理由。")
    return redirect(here)


def _units_to_write_for(request: SignedInRequest, campaign: Campaign) -> list[Unit]:
    units = units_reported_for(request.user)
    return [unit for unit in units if can_write_news(request.user, campaign, unit)]


def _news(request: SignedInRequest, pk: int) -> News:
    rows = News.objects.visible_to(request.user)
    related = rows.select_related("unit", "campaign", "author", "activity")
    news: News = get_object_or_404(related, pk=pk)
    return news
