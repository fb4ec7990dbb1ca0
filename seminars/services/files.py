"""Photos and documents of an activity: kept with it, gone from the disk with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum

from accounts.audit import record
from core.chinese_text import joined
from core.refusal import FileRefused
from core.scanning import Verdict, verdict_on
from seminars.choices import ActivityStatus, FileKind
from seminars.models import ActivityFile
from seminars.permissions import can_edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from core.files import CheckedFile
    from seminars.models import Activity

MOST_FILES = 9
_GIGABYTE = 1024**3
UNIT_QUOTA_BYTES = 5 * _GIGABYTE
PERSON_QUOTA_BYTES = 2 * _GIGABYTE


def attach(
    activity: Activity, checked: Sequence[CheckedFile], *, by: User, now: datetime
) -> list[ActivityFile]:
    """Keep checked files with the activity; one it has already is not kept twice.

    Raises FileRefused, and keeps none, if there would be too many or too much.
    """
    if not can_edit(by, activity):
        raise PermissionDenied(f"{by.pk} may not add files to activity {activity.pk}")
    known = set(activity.files.values_list("sha256", flat=True))
    fresh = _each_once(checked, known)
    if not fresh:
        return []
    _require_room(activity, fresh, len(known), by)
    stored: list[ActivityFile] = []
    try:
        with transaction.atomic():
            for one in fresh:
                stored.append(_keep(activity, one, by, now))  # noqa: PERF401 - what is stored so far must be known if one fails
            if activity.status == ActivityStatus.LOGGED:
                record(by, "seminars.attach", activity, after={"files": _names(stored)})
    except BaseException:
        _erase(stored)
        raise
    return stored


def remove(file: ActivityFile, *, by: User) -> None:
    """Delete one file, also from the disk."""
    if not can_edit(by, file.activity):
        raise PermissionDenied(f"{by.pk} may not remove files of activity {file.activity_id}")
    with transaction.atomic():
        if file.activity.status == ActivityStatus.LOGGED:
            record(by, "seminars.detach", file.activity, before={"files": [file.name]})
        erase_later([file])
        file.delete()


def scan_locked() -> int:
    """Ask the scanner again about files it did not answer for; returns how many are settled.

    A harmful one is deleted, which the trail records. The first that gets no answer ends the pass.
    """
    settled = 0
    for file in ActivityFile.objects.filter(is_locked=True).select_related("activity", "added_by"):
        with file.file.open("rb") as stored:
            verdict = verdict_on(stored.read())
        if verdict is Verdict.UNKNOWN:
            break
        with transaction.atomic():
            if verdict is Verdict.CLEAN:
                ActivityFile.objects.filter(pk=file.pk).update(is_locked=False)
            else:
                record(None, "seminars.file_harmful", file.activity, before={"files": [file.name]})
                erase_later([file])
                file.delete()
        settled += 1
    return settled


def erase_later(files: Iterable[ActivityFile]) -> None:
    """Take files off the disk once the rows are surely gone."""
    transaction.on_commit(partial(_erase, list(files)))


def _each_once(checked: Sequence[CheckedFile], known: set[str]) -> list[CheckedFile]:
    """The files that are not `known`, the first of each content."""
    fresh: dict[str, CheckedFile] = {}
    for one in checked:
        if one.sha256 not in known:
            fresh.setdefault(one.sha256, one)
    return list(fresh.values())


def _require_room(activity: Activity, fresh: Sequence[CheckedFile], known: int, by: User) -> None:
    if known + len(fresh) > MOST_FILES:
        names = joined([one.name for one in fresh], most=3, measure="个文件")
        raise FileRefused(f"每次活动最多保存{MOST_FILES}个文件，现有{known}个，不能再加：{names}。")
    size = sum(one.size_bytes for one in fresh)
    kept = ActivityFile.objects.all()
    if _bytes_of(kept.filter(activity__unit=activity.unit_id)) + size > UNIT_QUOTA_BYTES:
        raise FileRefused("本单位的文件空间已满。请先删除不需要的文件，或者联系管理员。")
    if _bytes_of(kept.filter(added_by=by)) + size > PERSON_QUOTA_BYTES:
        raise FileRefused("您的文件空间已满。请先删除不需要的文件，或者联系管理员。")


def _bytes_of(files: QuerySet[ActivityFile]) -> int:
    return files.aggregate(total=Sum("size_bytes"))["total"] or 0


def _keep(activity: Activity, one: CheckedFile, by: User, now: datetime) -> ActivityFile:
    return ActivityFile.objects.create(
        activity=activity,
        kind=FileKind.PHOTO if one.is_picture else FileKind.DOCUMENT,
        file=one.content,
        thumbnail=one.thumbnail or "",
        name=one.name,
        size_bytes=one.size_bytes,
        sha256=one.sha256,
        is_locked=one.is_locked,
        added_by=by,
        added_at=now,
    )


def _names(files: Iterable[ActivityFile]) -> list[str]:
    return [file.name for file in files]


def _erase(files: Iterable[ActivityFile]) -> None:
    for file in files:
        for stored in (file.file, file.thumbnail):
            if stored:
                default_storage.delete(stored.name)
