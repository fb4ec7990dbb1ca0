"""Asks a virus scanner about a file (safety 18): clamd, over its own protocol.

Without a scanner in the settings nothing is asked. A scanner that does not answer is not a clean
file: whoever keeps the file must keep it locked until it has been scanned.
"""

from __future__ import annotations

import socket
import struct
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings

_ANSWERS_WITHIN_SECONDS = 10
_CHUNK = 64 * 1024
_LONGEST_ANSWER = 4096


class Verdict(Enum):
    CLEAN = "clean"
    HARMFUL = "harmful"
    #: The scanner is down, or could not make up its mind.
    UNKNOWN = "unknown"


def verdict_on(data: bytes) -> Verdict:
    """What the scanner of `UPLOAD_SCANNER` says; CLEAN if there is none."""
    address = settings.UPLOAD_SCANNER
    if not address:
        return Verdict.CLEAN
    try:
        answer = _ask(address, data)
    except OSError:
        return Verdict.UNKNOWN
    if answer.endswith("FOUND"):
        return Verdict.HARMFUL
    return Verdict.CLEAN if answer.endswith("OK") else Verdict.UNKNOWN


def _ask(address: str, data: bytes) -> str:
    """One INSTREAM conversation: chunks with their lengths, an empty one, one line back."""
    with _connected(address) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            scanner.sendall(struct.pack("!I", len(chunk)) + chunk)
        scanner.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_ANSWER:
            received = scanner.recv(_LONGEST_ANSWER)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _connected(address: str) -> socket.socket:
    """`clamd://host:port`, or `unix:///path/to/socket`."""
    parts = urlsplit(address)
    if parts.scheme == "unix":
        scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        scanner.settimeout(_ANSWERS_WITHIN_SECONDS)
        scanner.connect(parts.path)
        return scanner
    host, port = parts.hostname or "", parts.port or 3310
    return socket.create_connection((host, port), timeout=_ANSWERS_WITHIN_SECONDS)
