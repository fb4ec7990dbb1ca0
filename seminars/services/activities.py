"""Logging an activity: draft, log, edit, restore.

An activity is known by the key its page was given (`client_key`), so a double click, the back
button and a replayed request meet the same row. `version` guards the text: every change is one
UPDATE that succeeds only for whoever saw the latest state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.audit import record
from campaign.gates import is_open
from seminars.checks import faults_of
from seminars.choices import AWAY, ActivityStatus, OpinionSource, OpinionStatus
from seminars.kinds import LISTS, SHAPES
from seminars.models import Activity, Opinion
from seminars.permissions import can_edit, can_log
from seminars.services.files import attach, erase_later
from seminars.sheets import COLUMNS, Sheet, says_the_same, sheet_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from accounts.models import User
    from core.files import CheckedFile
    from seminars.sheets import OpinionLine
    from units.models import Unit

DRAFT, LOGGED = ActivityStatus.DRAFT, ActivityStatus.LOGGED


class EditedMeanwhile(Exception):
    """Somebody stored another text since this one was begun; `activity` is what stands now."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(f"activity {activity.pk} is at version {activity.version}")
        self.activity = activity


class NotOpen(Exception):
    """The campaign's present phase does not take this kind of activity; the message says so."""


def save_draft(
    sheet: Sheet,
    *,
    by: User,
    client_key: UUID,
    version: int,
    now: datetime,
    files: Sequence[CheckedFile] = (),
) -> Activity:
    """Keep what has been written so far, however incomplete. Twice is once.

    Raises EditedMeanwhile if another text has been stored under this key since `version`.
    """
    opinions = sheet.opinions_as_json()
    try:
        with transaction.atomic():
            draft = _begin(sheet, by, client_key, now)
            _store(draft, sheet, version, now, old=DRAFT, new=DRAFT, draft_opinions=opinions)
            attach(draft, files, by=by, now=now)
    except EditedMeanwhile as late:
        if late.activity.draft_opinions != opinions:
            raise
        return _same_or_late(sheet, DRAFT, late)
    return draft


def log_activity(
    sheet: Sheet,
    *,
    by: User,
    client_key: UUID,
    version: int,
    now: datetime,
    files: Sequence[CheckedFile] = (),
    kept_because: str = "",
) -> Activity:
    """Turn a sheet, or the draft of the same key, into a record. Twice is once.

    `kept_because` is what the author says to notes they did not follow; history keeps it.
    Raises ValidationError with messages by field, FileRefused, NotOpen, or EditedMeanwhile if
    another text has been stored under this key since `version`.
    """
    _require_sound(sheet, now)
    try:
        with transaction.atomic():
            activity = _begin(sheet, by, client_key, now)
            _require_open(sheet, now)
            _store(activity, sheet, version, now, old=DRAFT, new=LOGGED, draft_opinions=[])
            _store_opinions(activity, sheet.opinions or ())
            attach(activity, files, by=by, now=now)
            _remember(activity, _with_reason("记录", kept_because), by, now)
            record(by, "seminars.log", activity, after=_facts(activity))
    except EditedMeanwhile as late:
        if not _texts_of(sheet) <= set(late.activity.opinions.values_list("text", flat=True)):
            raise
        return _same_or_late(sheet, LOGGED, late)
    return activity


def edit_activity(
    activity: Activity,
    sheet: Sheet,
    *,
    by: User,
    version: int,
    now: datetime,
    files: Sequence[CheckedFile] = (),
    reason: str = "修改",
    kept_because: str = "",
) -> Activity:
    """Correct a record. The campaign stays; the unit may change to another the person logs for.

    Raises EditedMeanwhile if the record is no longer at `version`.
    """
    if not can_edit(by, activity) or not can_log(by, sheet.unit):
        raise PermissionDenied(f"{by.pk} may not edit activity {activity.pk}")
    _require_sound(sheet, now)
    with transaction.atomic():
        before = _facts(activity)
        _store(activity, sheet, version, now, old=LOGGED, new=LOGGED)
        if sheet.opinions is not None:
            _store_opinions(activity, sheet.opinions)
        attach(activity, files, by=by, now=now)
        _remember(activity, _with_reason(reason, kept_because), by, now)
        record(by, "seminars.edit", activity, *_changed(before, _facts(activity)))
    return activity


def restore(
    activity: Activity, history_id: int, *, by: User, version: int, now: datetime
) -> Activity:
    """Write an earlier text anew, as one more edit; opinions and files stay as they are."""
    earlier = activity.history.get(history_id=history_id)
    sheet = sheet_from_history(activity, earlier)
    day = timezone.localtime(earlier.history_date)
    reason = f"恢复到{day.month}月{day.day}日{day:%H:%M}的内容"
    return edit_activity(activity, sheet, by=by, version=version, now=now, reason=reason)


def sheet_from_history(activity: Activity, earlier: Any) -> Sheet:
    """The sheet of a history record; five queries for its lists."""
    return Sheet(
        campaign=activity.campaign,
        unit=activity.unit,
        kind=earlier.kind,
        values={name: getattr(earlier, name) for name in COLUMNS},
        lists={name: _rows_then(earlier, name) for name in LISTS},
    )


def _rows_then(earlier: Any, name: str) -> list[Any]:
    target = getattr(Activity, name).field.related_model._meta.model_name
    links = getattr(earlier, name).select_related(target)
    return [getattr(link, target) for link in links]


def discard_draft(draft: Activity, *, by: User) -> None:
    """Throw away a draft; a record is never deleted."""
    if not can_log(by, draft.unit):
        raise PermissionDenied(f"{by.pk} may not discard draft {draft.pk}")
    with transaction.atomic():
        erase_later(draft.files.filter(activity__status=DRAFT))
        deleted, _ = Activity.objects.filter(pk=draft.pk).drafts().delete()
        if deleted:
            Activity.history.filter(id=draft.pk).delete()


def copy_of(activity: Activity, *, unit: Unit | None = None) -> Sheet:
    """A sheet for the next of a series: all that repeats, without date, counts and opinions."""
    sheet = sheet_of(activity)
    one_time = {"held_on", "present", *AWAY, "sitting_in", "content", "decisions", "takeaway"}
    return Sheet(
        campaign=activity.campaign,
        unit=unit or activity.unit,
        kind=activity.kind,
        values={name: value for name, value in sheet.values.items() if name not in one_time},
        lists=sheet.lists,
        opinions=(),
    )


def _require_sound(sheet: Sheet, now: datetime) -> None:
    if faults := faults_of(sheet.kind, sheet.values, today=timezone.localdate(now)):
        raise ValidationError(faults)


def _require_open(sheet: Sheet, now: datetime) -> None:
    if not is_open(sheet.campaign, SHAPES[sheet.kind].gate, timezone.localdate(now)):
        raise NotOpen("现在不在开放记录这类活动的阶段。已填写的内容可以存为草稿。")


def _same_or_late(sheet: Sheet, status: str, late: EditedMeanwhile) -> Activity:
    """The stored row if it already is what was asked for; otherwise the lateness stands."""
    if late.activity.status == status and says_the_same(sheet, late.activity):
        return late.activity
    raise late


def _texts_of(sheet: Sheet) -> set[str]:
    return {line.text for line in sheet.opinions or ()}


def _begin(sheet: Sheet, by: User, client_key: UUID, now: datetime) -> Activity:
    """The row of this key, made empty if there is none; inside the caller's transaction."""
    if not can_log(by, sheet.unit):
        raise PermissionDenied(f"{by.pk} may not log for unit {sheet.unit.pk}")
    found = _row_of(client_key)
    if found is None:
        try:
            with transaction.atomic():
                return _new_row(sheet, by, client_key, now)
        except IntegrityError:  # the same request arrived twice at once
            found = _row_of(client_key)
            if found is None:
                raise
    if not can_edit(by, found):
        raise PermissionDenied(f"{by.pk} may not change activity {found.pk}")
    return found


def _row_of(client_key: UUID) -> Activity | None:
    rows = Activity.objects.select_related("campaign", "unit")
    return rows.filter(client_key=client_key).first()


def _new_row(sheet: Sheet, by: User, client_key: UUID, now: datetime) -> Activity:
    row = Activity(
        campaign=sheet.campaign,
        unit=sheet.unit,
        kind=sheet.kind,
        held_on=sheet.columns()["held_on"] or timezone.localdate(now),
        client_key=client_key,
        created_by=by,
        created_at=now,
        updated_at=now,
    )
    _without_history(row).save()
    return row


def _store(
    activity: Activity,
    sheet: Sheet,
    version: int,
    now: datetime,
    *,
    old: str,
    new: str,
    **more: Any,
) -> None:
    """Write the sheet over the row in one guarded UPDATE, then its lists."""
    columns = sheet.columns()
    columns["held_on"] = columns["held_on"] or activity.held_on
    columns.update(unit=sheet.unit, kind=sheet.kind, status=new, updated_at=now, **more)
    for name, value in columns.items():
        setattr(activity, name, value)
    columns["search_text"] = _search_column().search_text_of(activity)
    unchanged = Activity.objects.filter(pk=activity.pk, version=version, status=old)
    if unchanged.update(version=F("version") + 1, **columns) != 1:
        raise EditedMeanwhile(Activity.objects.select_related("unit").get(pk=activity.pk))
    _without_history(activity).refresh_from_db()
    for name in LISTS:
        getattr(activity, name).set(sheet.rows_of(name))


def _search_column() -> Any:
    return Activity._meta.get_field("search_text")


def _store_opinions(activity: Activity, lines: Sequence[OpinionLine]) -> None:
    """Make the activity's unsettled opinions say what the lines say; settled ones stay."""
    unsettled = activity.opinions.filter(status=OpinionStatus.NEW)
    by_key = {str(opinion.pk): opinion for opinion in unsettled}
    for line in lines:
        opinion = by_key.pop(line.opinion, None) or Opinion(
            campaign=activity.campaign, activity=activity, source=OpinionSource.ACTIVITY
        )
        _fill(opinion, line, activity).save()
    for dropped in by_key.values():
        dropped.delete()


def _fill(opinion: Opinion, line: OpinionLine, activity: Activity) -> Opinion:
    opinion.unit = activity.unit
    opinion.raised_on = activity.held_on
    opinion.text = line.text
    opinion.audience_group_id = line.audience_group
    opinion.theme_id = line.theme
    opinion.contributor_id = line.contributor
    opinion.is_anonymous = line.contributor is None
    return opinion


def _without_history(activity: Activity) -> Activity:
    """Keep simple-history from writing a row for every list that is set; see `_remember`."""
    activity.skip_history_when_saving = True  # type: ignore[attr-defined]
    return activity


def _remember(activity: Activity, reason: str, by: User, now: datetime) -> None:
    """Write the one history row of this change, lists included."""
    del activity.skip_history_when_saving  # type: ignore[attr-defined]
    activity._history_user = by  # type: ignore[attr-defined]
    activity._history_date = now  # type: ignore[attr-defined]
    activity._change_reason = reason  # type: ignore[attr-defined]
    activity.save(update_fields=["updated_at"])


def _with_reason(reason: str, kept_because: str) -> str:
    return f"{reason}（未按提示改：{kept_because}）" if kept_because else reason


def _facts(activity: Activity) -> dict[str, Any]:
    facts = {name: getattr(activity, name) for name in COLUMNS}
    return {**facts, "unit": activity.unit_id, "kind": activity.kind}


def _changed(
    before: dict[str, Any], after: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    names = [name for name in after if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}
