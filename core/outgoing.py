"""The only way this portal speaks to other servers: to named hosts, at addresses it has checked.

Whoever may type an address could otherwise make the server fetch what only the server can reach
(safety 24). The address that was checked is the address that is connected to.
"""

import http.client
import ipaddress
import json
import socket
import ssl
from collections.abc import Collection
from typing import Any
from urllib.parse import SplitResult, urlsplit

TIMEOUT_SECONDS = 10.0
MOST_BYTES = 64 * 1024
_MULTIPLE_CHOICES = 300


class ForbiddenAddress(Exception):
    """The address is not one this portal may speak to; trying again changes nothing."""


def checked(url: str, hosts: Collection[str], campus_hosts: Collection[str]) -> SplitResult:
    """The parts of `url` if its form and host are allowed; looks nothing up.

    Public hosts need HTTPS. Campus hosts are named by the administrator and may use HTTP.
    Raises ForbiddenAddress.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ForbiddenAddress("地址格式不正确") from error
    if any(ord(mark) <= ord(" ") for mark in url) or parts.username or parts.password:
        raise ForbiddenAddress("地址格式不正确")
    if host not in hosts and host not in campus_hosts:
        raise ForbiddenAddress(f"不允许访问 {host or url}")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in campus_hosts):
        raise ForbiddenAddress("地址须以 https:// 开头")
    return parts


def post_json(
    url: str,
    payload: dict[str, Any],
    *,
    hosts: Collection[str],
    campus_hosts: Collection[str] = (),
    headers: dict[str, str] | None = None,
) -> bytes:
    """Send `payload` and return the answer's body. Redirects are not followed.

    Raises ForbiddenAddress, or OSError for anything that may work later.
    """
    parts = checked(url, hosts, campus_hosts)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _resolve(host, port, is_campus=host in campus_hosts)
    connection = _connection(parts.scheme, host, port, address)
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    body = json.dumps(payload, ensure_ascii=False).encode()
    sent_headers = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    try:
        connection.request("POST", target, body, sent_headers)
        return _answer(connection.getresponse())
    except http.client.HTTPException as error:
        raise OSError(f"{host}: {error!r}") from error
    finally:
        connection.close()


def _answer(response: http.client.HTTPResponse) -> bytes:
    if response.status >= _MULTIPLE_CHOICES:
        raise OSError(f"answered {response.status}")
    body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise OSError(f"answer of more than {MOST_BYTES} bytes")
    return body


def _resolve(host: str, port: int, *, is_campus: bool) -> str:
    """The address to connect to, when all addresses of the host are public (or it is campus)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_campus and not is_public(address):
            raise ForbiddenAddress(f"{host} 指向内部地址")
    return addresses[0]


def is_public(address: str) -> bool:
    """False for loopback, private, link-local, carrier NAT, multicast and their IPv6 forms."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is not None:
            parsed = inner
    return parsed.is_global and not parsed.is_multicast


class _PinnedHTTP(http.client.HTTPConnection):
    """Connects to one address, whatever the name resolves to by now."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), TIMEOUT_SECONDS)


class _PinnedHTTPS(_PinnedHTTP):
    def connect(self) -> None:
        super().connect()
        context = ssl.create_default_context()
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)


def _connection(scheme: str, host: str, port: int, address: str) -> http.client.HTTPConnection:
    kind = _PinnedHTTPS if scheme == "https" else _PinnedHTTP
    return kind(host, port, address)
