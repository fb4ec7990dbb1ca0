"""Requests are UTF-8, whatever they claim (safety 16)."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def in_utf8(portal: WSGIApplication) -> WSGIApplication:
    """`portal`, never told of content in anything but UTF-8.

    Django decodes with whatever codec a request names. Some of them yield lone surrogates, which
    no page and no database can hold; a header that it cannot read fails before its error pages.
    Without the header the body is not read, so nothing is done with it.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _is_utf8(environ.get("CONTENT_TYPE", "")):
            environ["CONTENT_TYPE"] = ""
        return portal(environ, start_response)

    return answer


def _is_utf8(content_type: str) -> bool:
    try:
        _, parameters = parse_header_parameters(content_type)
        return codecs.lookup(parameters.get("charset", "utf-8")).name == "utf-8"
    except (ValueError, LookupError):
        return False
