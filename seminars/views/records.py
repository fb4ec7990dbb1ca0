"""One activity: its page, its files, its history, its minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import send_file
from seminars.choices import ActivityStatus
from seminars.models import Activity, ActivityFile
from seminars.permissions import can_edit
from seminars.services import activities as service
from seminars.services import files as file_service
from seminars.services.activities import sheet_from_history
from seminars.sheets import sheet_of
from seminars.wording import differences, facts_of

if TYPE_CHECKING:
    from django.http import FileResponse, HttpResponse

    from accounts.requests import SignedInRequest


def _activity(request: SignedInRequest, pk: int) -> Activity:
    rows = Activity.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("campaign", "unit", "created_by"), pk=pk)


def _record(request: SignedInRequest, pk: int) -> Activity:
    activity = _activity(request, pk)
    if activity.status != ActivityStatus.LOGGED:
        raise Http404(f"activity {pk} is a draft")
    return activity


def _editable(request: SignedInRequest, pk: int) -> Activity:
    activity = _activity(request, pk)
    if not can_edit(request.user, activity):
        raise PermissionDenied(f"{request.user.pk} may not change activity {pk}")
    return activity


@require_safe
def activity(request: SignedInRequest, pk: int) -> HttpResponse:
    """The record; a draft is shown as its form."""
    shown = _activity(request, pk)
    if shown.status == ActivityStatus.DRAFT:
        return redirect("seminars:edit", pk)
    context = {
        **_content_of(shown),
        "may_edit": can_edit(request.user, shown),
        "files": shown.files.all(),
    }
    return render(request, "seminars/activity.html", context)


@require_safe
def minutes(request: SignedInRequest, pk: int) -> HttpResponse:
    """The record as a sheet of paper."""
    return render(request, "seminars/minutes.html", _content_of(_record(request, pk)))


def _content_of(shown: Activity) -> dict[str, Any]:
    sheet = sheet_of(shown)
    long = {"content", "agenda", "decisions", "takeaway", "title", "unit"}
    facts = {fact.name: fact for fact in facts_of(sheet) if fact.text}
    return {
        "activity": shown,
        "facts": [fact for name, fact in facts.items() if name not in long],
        "passages": [
            facts[name] for name in ("agenda", "content", "decisions", "takeaway") if name in facts
        ],
        "opinions": shown.opinions.for_table().order_by("pk"),
    }


@require_http_methods(["GET", "POST"])
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask, then throw a draft away."""
    draft = _editable(request, pk)
    if draft.status != ActivityStatus.DRAFT:
        raise Http404(f"activity {pk} is a record")
    if request.method == "POST":
        service.discard_draft(draft, by=request.user)
        messages.success(request, "草稿已删除。")
        return redirect("seminars:activities")
    context = {
        "heading": f"删除草稿“{draft.title or draft.get_kind_display()}”",
        "consequence": "草稿里的文字、意见和文件都会删除，不能恢复。已记录的活动不受影响。",
        "submit": "删除草稿",
        "cancel_url": reverse("seminars:edit", args=[pk]),
        "is_final": True,
    }
    return render(request, "confirm.html", context)


@require_safe
def file(request: SignedInRequest, pk: int, file_pk: int) -> FileResponse:
    stored = _file(request, pk, file_pk)
    return send_file(stored.file, stored.name)


@require_safe
def thumbnail(request: SignedInRequest, pk: int, file_pk: int) -> FileResponse:
    stored = _file(request, pk, file_pk)
    if not stored.thumbnail:
        raise Http404(f"file {file_pk} has no thumbnail")
    return send_file(stored.thumbnail, f"{stored.name}.jpg")


@require_http_methods(["GET", "POST"])
def remove_file(request: SignedInRequest, pk: int, file_pk: int) -> HttpResponse:
    """Ask, then delete one file."""
    editable = _editable(request, pk)
    stored = get_object_or_404(editable.files.all(), pk=file_pk)
    back = reverse("seminars:edit", args=[pk])
    if request.method == "POST":
        file_service.remove(stored, by=request.user)
        messages.success(request, f"已删除文件“{stored.name}”。")
        return redirect(back)
    context = {
        "heading": f"删除文件“{stored.name}”",
        "consequence": "文件会从服务器上删除，不能恢复。",
        "submit": "删除文件",
        "cancel_url": back,
        "is_final": True,
    }
    return render(request, "confirm.html", context)


def _file(request: SignedInRequest, pk: int, file_pk: int) -> ActivityFile:
    visible = ActivityFile.objects.visible_to(request.user).unlocked()
    return get_object_or_404(visible, pk=file_pk, activity=pk)


@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """Every text the record has had, newest first."""
    shown = _record(request, pk)
    versions = shown.history.select_related("history_user").order_by("-history_id")
    entries = [
        {
            "at": version.history_date,
            "title": version.history_change_reason or "修改",
            "by": version.history_user,
            "pk": version.history_id,
        }
        for version in versions
    ]
    return render(request, "seminars/history.html", {"activity": shown, "entries": entries})


@require_http_methods(["GET", "POST"])
def version(request: SignedInRequest, pk: int, history_pk: int) -> HttpResponse:
    """What one change changed; posting brings its text back."""
    shown = _record(request, pk)
    then = get_object_or_404(shown.history.select_related("history_user"), history_id=history_pk)
    if request.method == "POST":
        return _restore(request, shown, history_pk)
    before = shown.history.filter(history_id__lt=history_pk).order_by("-history_id").first()
    sheet = sheet_from_history(shown, then)
    context = {
        "activity": shown,
        "version": then,
        "facts": [fact for fact in facts_of(sheet) if fact.text],
        "changes": differences(sheet_from_history(shown, before), sheet) if before else [],
        "is_first": before is None,
        "to_now": differences(sheet, sheet_of(shown)),
        "may_edit": can_edit(request.user, shown),
    }
    return render(request, "seminars/version.html", context)


def _restore(request: SignedInRequest, shown: Activity, history_pk: int) -> HttpResponse:
    seen = request.POST.get("version", "")
    seen_version = int(seen[:9]) if seen.isdecimal() else -1
    try:
        service.restore(
            shown, history_pk, by=request.user, version=seen_version, now=timezone.now()
        )
    except service.EditedMeanwhile:
        messages.warning(request, "这条记录刚刚被他人修改过，请核对现在的内容后再恢复。")
        return redirect("seminars:history", shown.pk)
    except ValidationError as unsound:
        messages.warning(request, f"那份内容现在不能直接恢复：{''.join(unsound.messages)}")
        return redirect("seminars:version", shown.pk, history_pk)
    messages.success(request, "已恢复到所选的内容。恢复本身也记入修改记录。")
    return redirect("seminars:activity", shown.pk)
