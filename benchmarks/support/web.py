"""A web server as the portal runs it, for as long as somebody measures it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

_PATIENCE_SECONDS = 30


@contextmanager
def web_server(application: str = "config.wsgi") -> Iterator[str]:
    """Host and port of gunicorn with the portal's own settings, on this machine only."""
    address = f"127.0.0.1:{_free_port()}"
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", application]
    environment = {**os.environ, "WEB_ADDRESS": address, "WEB_GREETING": ""}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:  # noqa: S603
        try:
            _wait_for(address)
            yield address
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(address: str) -> None:
    """Until somebody listens and answers; TimeoutError if nobody does."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            connection = HTTPConnection(address, timeout=_PATIENCE_SECONDS)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"no web server on {address}")
