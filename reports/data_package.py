"""All records a person may see as one workbook, with a sheet that explains every column."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from core.spreadsheets import Sheet, Value, write_xlsx
from reports.datasets import DATASETS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accounts.models import User
    from campaign.models import Campaign
    from reports.datasets import Dataset

_ROWS_A_CHUNK = 1_000
_KINDS = {"string": "文字", "integer": "整数", "date": "日期", "date-time": "日期和时间"}
_WIDTHS = {"string": 22, "integer": 9, "date": 12, "date-time": 18}


def write_package(target: IO[bytes], user: User, campaign: Campaign) -> None:
    """The dictionary first; rows are read in chunks, so memory does not grow with them."""
    sheets = (_sheet(dataset, user, campaign) for dataset in DATASETS.values())
    write_xlsx(target, [_dictionary(), *sheets])


def _dictionary() -> Sheet:
    header = ("表", "列", "接口字段", "类型", "含义")
    rows = [
        (dataset.title, field.label, field.name, _KINDS[field.kind], field.meaning)
        for dataset in DATASETS.values()
        for field in dataset.fields
    ]
    return Sheet("数据字典", header, rows, (14, 14, 16, 12, 60))


def _sheet(dataset: Dataset, user: User, campaign: Campaign) -> Sheet:
    header = [field.label for field in dataset.fields]
    widths = [_WIDTHS[field.kind] for field in dataset.fields]
    return Sheet(dataset.title, header, _rows(dataset, user, campaign), widths)


def _rows(dataset: Dataset, user: User, campaign: Campaign) -> Iterator[tuple[Value, ...]]:
    rows = dataset.rows(user, campaign).order_by("pk")
    for row in rows.iterator(chunk_size=_ROWS_A_CHUNK):
        yield tuple(field.read(row) for field in dataset.fields)
