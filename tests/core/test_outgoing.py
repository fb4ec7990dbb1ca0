import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from core import outgoing
from core.outgoing import ForbiddenAddress, checked, is_public, post_json

HOSTS = ["robot.example.com"]


class _Answering(BaseHTTPRequestHandler):
    """Answers as the test's server says and keeps what it got."""

    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, self.headers["Host"], json.loads(body)))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://localhost/elsewhere")
        self.end_headers()
        self.wfile.write(self.server.answer)

    def log_message(self, *_args: Any) -> None:
        """Keep the test's output clean."""


class _Server(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.status, self.answer = 200, b'{"errcode": 0}'
        self.got: list[tuple[str, str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server_port}"


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as running:
        Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to be refused
        "224.0.0.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "2002:7f00:1::",
    ],
)
def test_inner_addresses_are_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1"])
def test_others_are(address: str):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://robot.example.com/send",
        "https://robot.example.com.evil.example/send",
        "https://evil.example/robot.example.com",
        "https://robot.example.com@evil.example/",
        "https://user:pass@robot.example.com/",
        "https://127.0.0.1/",
        "https://robot.example.com/\r\nHost: evil.example",
        "https://robot.example.com:port/",
        "https://[robot.example.com/",
        "file:///etc/hostname",
        "gopher://robot.example.com/",
        "",
    ],
)
def test_only_named_hosts_by_https_pass(url: str):
    with pytest.raises(ForbiddenAddress):
        checked(url, HOSTS, [])


def test_a_named_host_passes():
    assert checked("https://robot.example.com/send?key=1", HOSTS, []).path == "/send"


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def found(_host: str, port: int, **_kind: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["1.1.1.1", "10.0.0.1"]])
def test_a_named_host_that_points_inside_is_refused(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str]
):
    _resolve_to(monkeypatch, *addresses)

    with pytest.raises(ForbiddenAddress, match="内部地址"):
        post_json("https://robot.example.com/", {}, hosts=HOSTS)


def test_the_checked_address_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch):
    _resolve_to(monkeypatch, "1.1.1.1")
    tried: list[Any] = []

    def connect(address: tuple[str, int], _timeout: float) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)

    with pytest.raises(ConnectionRefusedError):
        post_json("https://robot.example.com/", {}, hosts=HOSTS)

    assert tried == [("1.1.1.1", 443)]


def test_a_campus_host_may_have_an_inner_address(server: _Server):
    answer = post_json(
        f"{server.url}/send?key=1", {"text": "您好"}, hosts=[], campus_hosts=["localhost"]
    )

    assert answer == b'{"errcode": 0}'
    assert server.got == [("/send?key=1", f"localhost:{server.server_port}", {"text": "您好"})]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_redirects_are_not_followed_and_errors_are_errors(server: _Server, status: int):
    server.status = status

    with pytest.raises(OSError, match=str(status)):
        post_json(server.url, {}, hosts=[], campus_hosts=["localhost"])

    assert len(server.got) == 1


def test_an_endless_answer_is_cut_off(server: _Server):
    server.answer = b"x" * (outgoing.MOST_BYTES + 1)

    with pytest.raises(OSError, match="more than"):
        post_json(server.url, {}, hosts=[], campus_hosts=["localhost"])
