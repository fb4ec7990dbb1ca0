"""A scanner that speaks clamd's protocol, and what becomes of files when it does not answer."""

import socket
import struct
import threading
from contextlib import contextmanager

import pytest
from django.core.files.base import ContentFile

from core.files import check_upload
from core.refusal import FileRefused
from core.scanning import Verdict, verdict_on

PLAIN = "会议记录".encode()


@contextmanager
def scanner(answer: bytes):
    """Takes one file, remembers it, gives `answer` and hangs up."""
    received: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        with server, server.accept()[0] as client, client.makefile("rb") as stream:
            stream.read(len(b"zINSTREAM\0"))
            while length := struct.unpack("!I", stream.read(4))[0]:
                received.append(stream.read(length))
            client.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"clamd://127.0.0.1:{server.getsockname()[1]}", received
    thread.join(timeout=10)


@contextmanager
def nobody_there():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"clamd://127.0.0.1:{taken.getsockname()[1]}"
    yield address


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (b"stream: OK\0", Verdict.CLEAN),
        (b"stream: Eicar-Test-Signature FOUND\0", Verdict.HARMFUL),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.UNKNOWN),
        (b"", Verdict.UNKNOWN),
    ],
)
def test_the_scanner_gets_the_whole_file_and_its_word_counts(settings, answer, verdict):
    data = b"a" * 200_000
    with scanner(answer) as (address, received):
        settings.UPLOAD_SCANNER = address
        given = verdict_on(data)

    assert given is verdict
    assert b"".join(received) == data


def test_a_harmful_file_is_refused(settings):
    with scanner(b"stream: Eicar FOUND\0") as (address, _):
        settings.UPLOAD_SCANNER = address
        with pytest.raises(FileRefused, match="有害"):
            check_upload(ContentFile(PLAIN, name="记录.txt"), may_lock=True)


def test_without_an_answer_a_file_is_locked_or_refused_but_never_open(settings):
    with nobody_there() as address:
        settings.UPLOAD_SCANNER = address
        locked = check_upload(ContentFile(PLAIN, name="记录.txt"), may_lock=True)
        with pytest.raises(FileRefused, match="没有回应"):
            check_upload(ContentFile(PLAIN, name="记录.txt"))

    assert locked.is_locked
