"""The ledger as a table: its columns, and its rows as a stream that never grows in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from campaign.choices import ActivityKind
from campaign.models import AudienceGroup, LinkedWork, StudyDocument, SubTopic, Theme
from core.spreadsheets import Sheet
from seminars.choices import AWAY, StudyLevel
from seminars.kinds import LISTS
from seminars.models import Activity, Opinion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, time

    from core.spreadsheets import Value
    from seminars.querysets import ActivityQuerySet

#: The ledger as offices keep it, in their order.
LEDGER_HEADER = (
    "序号",
    "单位",
    "时间",
    "地点",
    "形式",
    "主题",
    "主持人",
    "记录人",
    "应到",
    "实到",
    "缺席（原因类别）",
    "列席",
    "主要内容",
    "形成意见条数",
)
#: What a record holds besides, so that an exported ledger can be taken in again without loss.
_MORE_COLUMNS = {
    "unit__code": "单位编码",
    "starts_at": "开始时间",
    "ends_at": "结束时间",
    "excused": "请假",
    "on_duty": "公务",
    "teaching": "授课",
    "away_otherwise": "其他原因",
    "themes": "研讨主题",
    "sub_topics": "具体研讨主题",
    "audience_groups": "参加群体",
    "linked_works": "结合工作",
    "study_documents": "学习文件",
    "agenda": "议程",
    "decisions": "议定事项",
    "takeaway": "收获体会",
    "level": "层级",
    "speaker": "主讲人",
    "speaker_title": "主讲人单位和职务",
    "visited": "走访单位",
    "team": "调研组成员",
    "issued": "发放份数",
    "returned": "回收份数",
    "valid": "有效份数",
    "channel": "媒体或阵地",
    "link": "链接",
    "opinions": "意见内容",
}
HEADER = (*LEDGER_HEADER, *_MORE_COLUMNS.values())
#: Which field a column of the table fills; columns that are computed fill none.
FIELD_OF = {
    "单位": "unit",
    "时间": "held_on",
    "地点": "place",
    "形式": "kind",
    "主题": "title",
    "主持人": "host",
    "记录人": "recorder",
    "应到": "expected",
    "实到": "present",
    "列席": "sitting_in",
    "主要内容": "content",
    **{header: name for name, header in _MORE_COLUMNS.items()},
}
HEADER_OF = {name: header for header, name in FIELD_OF.items()}
_WIDTHS = (6, 22, 12, 16, 14, 30, 10, 10, 6, 6, 16, 6, 50, 8)

#: Between the entries of a list; titles contain 、 and ，.
LIST_SEPARATOR = "；"
#: An opinion of several lines goes on after a line break and this blank.
_CONTINUED = "\n　"

_PLAIN = (
    "unit__name",
    "held_on",
    "place",
    "kind",
    "title",
    "host",
    "recorder",
    "expected",
    "present",
    "sitting_in",
    "content",
    *(name for name in _MORE_COLUMNS if name not in {*LISTS, "opinions"}),
)
_LIST_MODELS = {
    "themes": (Theme, "title"),
    "sub_topics": (SubTopic, "title"),
    "audience_groups": (AudienceGroup, "name"),
    "linked_works": (LinkedWork, "name"),
    "study_documents": (StudyDocument, "title"),
}
_CHUNK = 2_000
_KINDS = dict(ActivityKind.choices)
_LEVELS = dict(StudyLevel.choices)


def ledger_sheet(rows: ActivityQuerySet) -> Sheet:
    return Sheet("活动台账", HEADER, table_rows(rows), _WIDTHS)


def table_rows(rows: ActivityQuerySet) -> Iterator[Sequence[Value]]:
    """One table row for each activity, newest first.

    Twelve queries however many rows: the lists and opinions are read beside the activities, in the
    same order, and met as they pass.
    """
    beside = {name: _Beside(_list_entries(rows, name)) for name in LISTS}
    beside["opinions"] = _Beside(_opinion_entries(rows))
    activities = rows.newest_first().values("pk", *_PLAIN).iterator(chunk_size=_CHUNK)
    for number, row in enumerate(activities, start=1):
        lists = {name: stream.of(row["held_on"], row["pk"]) for name, stream in beside.items()}
        yield _table_row(number, row, lists)


def _table_row(number: int, row: dict[str, Any], lists: dict[str, list[str]]) -> Sequence[Value]:
    more = {
        **row,
        **{name: LIST_SEPARATOR.join(lists[name]) for name in LISTS},
        "opinions": "\n".join(text.replace("\n", _CONTINUED) for text in lists["opinions"]),
        "starts_at": _clock(row["starts_at"]),
        "ends_at": _clock(row["ends_at"]),
        "level": _LEVELS.get(row["level"], ""),
    }
    return (
        number,
        row["unit__name"],
        row["held_on"],
        row["place"],
        _KINDS[row["kind"]],
        row["title"],
        row["host"],
        row["recorder"],
        row["expected"],
        row["present"],
        _absent(row),
        row["sitting_in"],
        row["content"],
        len(lists["opinions"]),
        *(more[name] for name in _MORE_COLUMNS),
    )


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _absent(row: dict[str, Any]) -> str:
    """How many were missing, and of them how many for which reason: 4（请假2，公务1）."""
    if row["expected"] is None or row["present"] is None:
        return ""
    missing = row["expected"] - row["present"]
    said = [f"{_MORE_COLUMNS[name]}{row[name]}" for name in AWAY if row[name]]
    return f"{missing}（{'，'.join(said)}）" if said else str(missing)


class _Beside:
    """Entries (day, activity, text) in the ledger's order, handed out activity by activity."""

    def __init__(self, entries: Iterator[tuple[date, int, str]]) -> None:
        self._entries = entries
        self._waiting = next(entries, None)

    def of(self, held_on: date, pk: int) -> list[str]:
        """The texts of one activity. Those of activities passed over are dropped."""
        texts: list[str] = []
        while self._waiting is not None and self._waiting[:2] >= (held_on, pk):
            if self._waiting[:2] == (held_on, pk):
                texts.append(self._waiting[2])
            self._waiting = next(self._entries, None)
        return texts


def _list_entries(rows: ActivityQuerySet, name: str) -> Iterator[tuple[date, int, str]]:
    model, title = _LIST_MODELS[name]
    titles = dict(model._default_manager.values_list("pk", title))
    through = getattr(Activity, name).through
    key = f"{model._meta.model_name}_id"
    links = (
        through.objects.filter(activity__in=rows.order_by())
        .order_by("-activity__held_on", "-activity_id", key)
        .values_list("activity__held_on", "activity_id", key)
    )
    for held_on, pk, entry in links.iterator(chunk_size=_CHUNK):
        yield held_on, pk, titles[entry]


def _opinion_entries(rows: ActivityQuerySet) -> Iterator[tuple[date, int, str]]:
    said = (
        Opinion.objects.filter(activity__in=rows.order_by())
        .annotate(held_on=F("activity__held_on"))
        .order_by("-held_on", "-activity_id", "text", "pk")
        .values_list("held_on", "activity_id", "text")
    )
    yield from said.iterator(chunk_size=_CHUNK)


def opinions_in_cell(text: str) -> list[str]:
    """The opinions of a cell: one a line; a line that begins with a full-width blank goes on."""
    opinions: list[str] = []
    for line in text.split("\n"):
        if line.startswith("　") and opinions:
            opinions[-1] += f"\n{line[1:]}"
        elif line.strip():
            opinions.append(line)
    return opinions
