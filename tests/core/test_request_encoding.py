from io import BytesIO
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.handlers.wsgi import WSGIHandler

from core.request_encoding import in_utf8

SURROGATE = rb"\ud800"
TOKEN = "a" * 32


def status_of(method: str, path: str, content_type: str, body: bytes = b"") -> int:
    """What the portal answers, asked as gunicorn asks it."""
    statuses: list[str] = []

    def start_response(status: str, *_more: Any) -> Any:
        statuses.append(status)

    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "testserver",
        "HTTP_COOKIE": f"csrftoken={TOKEN}",
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)
    answer = in_utf8(WSGIHandler())(environ, start_response)
    answer.close()  # type: ignore[attr-defined]  # Django's response
    return int(statuses[0].split()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content_type", ["text/plain; charset=a\0b", "text/plain; name*=nonsense''a"]
)
def test_a_header_that_cannot_be_read_breaks_no_page(content_type):
    assert status_of("GET", "/sign-in/", content_type) == 200


@pytest.mark.django_db
def test_a_form_in_another_encoding_is_refused_instead_of_decoded():
    body = b"--b\r\n".join(
        [
            b"",
            b'Content-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n%s\r\n'
            % TOKEN.encode(),
            b'Content-Disposition: form-data; name="username"\r\n\r\n%s\r\n' % SURROGATE,
        ]
    )
    content_type = "multipart/form-data; boundary=b"

    in_bytes = status_of("POST", "/sign-in/", content_type, body=body + b"--b--\r\n")
    refused = status_of(
        "POST", "/sign-in/", f"{content_type}; charset=unicode_escape", body=body + b"--b--\r\n"
    )

    assert (in_bytes, refused) == (422, 403)


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF8"])
def test_a_request_in_utf8_is_answered(charset):
    assert status_of("GET", "/sign-in/", f"text/plain{charset}") == 200
