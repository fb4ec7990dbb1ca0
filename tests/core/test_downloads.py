from urllib.parse import unquote

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse

from core.downloads import as_download, send_file


class Stored(File):  # type: ignore[type-arg]  # not generic at run time
    """A stored file as a model field gives it: known by name, opened when needed."""

    def open(self, mode="rb"):
        return default_storage.open(self.name, mode)


def kept(name, content=b"content"):
    return Stored(None, default_storage.save(name, ContentFile(content)))


def test_a_file_leaves_as_an_attachment_that_no_browser_opens_sniffs_or_keeps():
    response = send_file(kept("a1.txt"), "座谈会纪要.txt")

    assert b"".join(response.streaming_content) == b"content"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    response.close()


def test_a_chinese_name_travels_by_rfc_6266():
    response = send_file(kept("a1.pdf", b"%PDF-"), "第1期简报“增刊”.pdf")

    kind, name = response["Content-Disposition"].split("; filename*=utf-8''")
    assert kind == "attachment"
    assert unquote(name) == "第1期简报“增刊”.pdf"
    response.close()


def test_an_unknown_kind_leaves_as_bytes_without_a_meaning():
    response = send_file(kept("a1.svg"), "图.svg")

    assert response["Content-Type"] == "application/octet-stream"
    response.close()


def test_a_file_that_is_gone_is_not_found():
    with pytest.raises(Http404):
        send_file(Stored(None, "gone.pdf"), "通知.pdf")


def test_a_line_break_cannot_enter_the_header():
    response = as_download(HttpResponse(), "a\r\nSet-Cookie: x=1.txt")

    assert "\r" not in response["Content-Disposition"]
    assert "Set-Cookie" not in response.headers


def test_any_answer_can_be_made_a_download():
    response = as_download(HttpResponse("a,b"), "台账.csv")

    assert response["Content-Disposition"].startswith("attachment")
