"""Bulletins: the list, one of them, writing, the steps to publication, the file."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.audit import record
from core.downloads import CONTENT_TYPES, as_download
from reports.bulletin_drafts import draft_text
from reports.bulletin_forms import EditForm, RulesForm, StartForm
from reports.bulletins import (
    STEPS,
    BulletinMoved,
    bulletin_paper,
    edit,
    rules_of,
    set_rules,
    start,
    steps_open_to,
    take_step,
)
from reports.choices import BulletinStatus
from reports.models import Bulletin
from reports.permissions import can_make_bulletins, can_set_bulletin_rules
from reports.rendering import Caps, PaperNotMade, render_pdf
from reports.views.entrance import running_campaign
from reports.word_file import render_docx

if TYPE_CHECKING:
    from accounts.requests import SignedInRequest

#: A bulletin has a few pages, so it is printed while one waits.
_CAPS = Caps(seconds=30, megabytes=512)
MOVED = "这期简报刚刚被他人处理或修改，请核对后再操作。"


@require_safe
def bulletins(request: SignedInRequest) -> HttpResponse:
    rows = Bulletin.objects.visible_to(request.user).filter(campaign=running_campaign())
    context = {
        "bulletins": rows.for_list(),
        "may_make": can_make_bulletins(request.user),
        "may_set": can_set_bulletin_rules(request.user),
    }
    return render(request, "reports/bulletins.html", context)


def _bulletin(request: SignedInRequest, pk: int) -> Bulletin:
    rows = Bulletin.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows.select_related("campaign__campaign_group", "edited_by"), pk=pk)


@require_safe
def bulletin(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = _bulletin(request, pk)
    context = {
        "bulletin": shown,
        "paper": bulletin_paper(shown, rules_of(shown.campaign)),
        "steps": steps_open_to(request.user, shown),
        "may_edit": shown.status == BulletinStatus.DRAFT and can_make_bulletins(request.user),
        "trail": _trail(),
    }
    return render(request, "reports/bulletin.html", context)


def _trail() -> list[tuple[str, str]]:
    return [("工作简报", reverse("reports:bulletins"))]


@require_http_methods(["GET", "HEAD", "POST"])
def start_bulletin(request: SignedInRequest) -> HttpResponse:
    if not can_make_bulletins(request.user):
        raise PermissionDenied
    campaign, now = running_campaign(), timezone.now()
    today = timezone.localdate(now)
    initial = {"until": today, "since": today - timedelta(days=6)}
    form = StartForm(request.POST or None, initial=initial, today=today)
    if not form.is_valid():
        return _form_page(request, form, "起草简报", status=422 if form.is_bound else 200)
    chosen = form.cleaned_data
    text = draft_text(campaign, chosen["since"], chosen["until"], now)
    made = start(campaign, by=request.user, now=now, text=text, **chosen)
    messages.success(request, "已按记录起草，请修改后送审。")
    return redirect("reports:edit_bulletin", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_bulletin(request: SignedInRequest, pk: int) -> HttpResponse:
    if not can_make_bulletins(request.user):
        raise PermissionDenied
    shown = _bulletin(request, pk)
    here = reverse("reports:bulletin", args=[pk])
    if request.method != "POST":
        initial = {"title": shown.title, "text": shown.text, "version": shown.version}
        return _form_page(request, EditForm(initial=initial, cancel_url=here), "修改简报")
    form = EditForm(request.POST, cancel_url=here)
    if not form.is_valid():
        return _form_page(request, form, "修改简报", status=422)
    chosen = form.cleaned_data
    try:
        edit(
            shown,
            by=request.user,
            now=timezone.now(),
            title=chosen["title"],
            text=chosen["text"],
            seen_version=chosen["version"],
        )
    except BulletinMoved:
        return _form_page(request, form, "修改简报", status=409, theirs=_bulletin(request, pk))
    messages.success(request, "草稿已保存。")
    return redirect("reports:bulletin", pk)


def _form_page(
    request: SignedInRequest,
    form: Any,
    title: str,
    *,
    status: int = 200,
    theirs: Bulletin | None = None,
) -> HttpResponse:
    context = {"form": form, "title": title, "theirs": theirs, "trail": _trail()}
    return render(request, "reports/bulletin_form.html", context, status=status)


@require_POST
def step_bulletin(request: SignedInRequest, pk: int) -> HttpResponse:
    shown = _bulletin(request, pk)
    name, version = request.POST.get("step", ""), request.POST.get("version", "")
    if name not in STEPS or not version.isdigit():
        raise Http404(f"no step {name}")
    note = request.POST.get("note", "")
    if name == "return" and not note.strip():
        messages.warning(request, "退回修改请写明意见。")
        return redirect("reports:bulletin", pk)
    try:
        take_step(
            shown, name, by=request.user, now=timezone.now(), seen_version=int(version), note=note
        )
    except BulletinMoved:
        messages.warning(request, MOVED)
    else:
        messages.success(request, f"已{STEPS[name].label}。")
    return redirect("reports:bulletin", pk)


@require_safe
def bulletin_file(request: SignedInRequest, pk: int, file_format: str) -> HttpResponse:
    shown = _bulletin(request, pk)
    if file_format not in {"pdf", "docx"}:
        raise Http404(f"bulletins are not written as {file_format}")
    paper = bulletin_paper(shown, rules_of(shown.campaign))
    try:
        content = render_docx(paper) if file_format == "docx" else render_pdf(paper, caps=_CAPS)
    except PaperNotMade as fault:
        messages.warning(request, str(fault))
        return redirect("reports:bulletin", pk)
    record(request.user, "reports.bulletin_file", shown, after={"format": file_format})
    response = HttpResponse(content, content_type=CONTENT_TYPES[file_format])
    return as_download(response, f"工作简报{shown}.{file_format}")


@require_http_methods(["GET", "HEAD", "POST"])
def bulletin_rules(request: SignedInRequest) -> HttpResponse:
    if not can_set_bulletin_rules(request.user):
        raise PermissionDenied
    rules = rules_of(running_campaign())
    back = reverse("reports:bulletins")
    form = RulesForm(request.POST or None, instance=rules, cancel_url=back)
    if not form.is_valid():
        return _form_page(request, form, "简报设置", status=422 if form.is_bound else 200)
    set_rules(rules, by=request.user, values=form.cleaned_data)
    messages.success(request, "简报设置已保存。")
    return redirect(back)
