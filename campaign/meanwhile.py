"""Two people at one phase, step or demand: the second reads what the first changed (safety 31)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model

#: What belongs to a row and is edited with it.
_BELONGING = ("departments", "quotas")
_LONGEST_SHOWN = 40


class ChangedMeanwhile(Exception):
    """`row`, as it is now, is not what the form showed; the message names what is different."""

    def __init__(self, row: Model, words: str) -> None:
        super().__init__(words)
        self.row = row


def state_of(row: Model) -> str:
    """What stands in a row and belongs to it, as text that a form carries."""
    return json.dumps(_texts(row), ensure_ascii=False)


def hold(row: Model, seen: str) -> None:
    """Lock the row until the transaction ends.

    Raises ChangedMeanwhile unless it is as `seen`, which `state_of` wrote; empty: whatever it is.
    """
    now = type(row)._base_manager.select_for_update().get(pk=row.pk)
    if seen and seen != state_of(now):
        raise ChangedMeanwhile(now, "；".join(_differences(now, seen)))


def _texts(row: Model) -> dict[str, str]:
    columns = {field.name: str(field.value_from_object(row)) for field in row._meta.concrete_fields}
    belonging = [name for name in _BELONGING if hasattr(row, name)]
    return columns | {
        name: "、".join(map(str, getattr(row, name).order_by("pk"))) for name in belonging
    }


def _differences(row: Model, seen: str) -> list[str]:
    """In Chinese, what each column that changed says now."""
    try:
        before = dict(json.loads(seen))
    except (TypeError, ValueError):  # no mark of ours
        return ["内容有改动"]
    changed = [(name, text) for name, text in _texts(row).items() if before.get(name) != text]
    return [_difference(_label(row, name), text) for name, text in changed]


def _difference(label: str, text: str) -> str:
    is_short = text not in {"", "None"} and len(text) <= _LONGEST_SHOWN
    return f"“{label}”现在是“{text}”" if is_short else f"“{label}”有改动"


def _label(row: Model, name: str) -> str:
    if name in _BELONGING:
        return {"departments": "责任部门", "quotas": "分类数量"}[name]
    return str(getattr(row._meta.get_field(name), "verbose_name", name))
