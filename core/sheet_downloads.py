"""How a table leaves: streamed as CSV, or through a temporary file as XLSX."""

from __future__ import annotations

from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from django.http import FileResponse, StreamingHttpResponse

from core.downloads import CONTENT_TYPES, as_download
from core.spreadsheets import csv_chunks, write_xlsx

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from core.spreadsheets import Sheet


def send_sheet(sheet: Sheet, name: str, file_format: str) -> HttpResponseBase:
    """`file_format` is csv or xlsx; neither is ever held in memory whole."""
    content_type = CONTENT_TYPES[file_format]
    if file_format == "csv":
        chunks = csv_chunks(sheet.header, sheet.rows)
        return as_download(StreamingHttpResponse(chunks, content_type=content_type), f"{name}.csv")
    book = TemporaryFile()  # noqa: SIM115 - the response closes it when it is sent
    write_xlsx(book, [sheet])
    book.seek(0)
    return as_download(FileResponse(book, content_type=content_type), f"{name}.xlsx")
