"""How a stored file leaves the portal (safety 12 and 18): as itself, and as nothing more.

Who may have it is the caller's question, asked anew for every request.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, TypeVar

from django.core.files.base import File
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

ResponseType = TypeVar("ResponseType", bound=HttpResponseBase)

#: Only what `core.files` lets in; anything else leaves as bytes without a meaning.
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


def send_file(stored: File[Any], name: str) -> FileResponse:
    """The stored file as a download called `name` (Chinese names by RFC 6266).

    Pictures still show inside our own pages. Raises Http404 if the file is no longer there.
    """
    try:
        opened = stored.open("rb")
    except FileNotFoundError as error:
        raise Http404(f"{stored.name} is not on the disk") from error
    extension = PurePosixPath(str(stored.name)).suffix.lower().removeprefix(".")
    content_type = CONTENT_TYPES.get(extension, "application/octet-stream")
    response = FileResponse(opened, content_type=content_type)
    return as_download(response, name)


def as_download(response: ResponseType, name: str) -> ResponseType:
    """Make any answer a download that no browser opens, runs, sniffs or keeps."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = str(disposition)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response
