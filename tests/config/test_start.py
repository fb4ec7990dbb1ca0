"""Starting as a person does: real processes, a data folder of their own, a free port."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTAL_VARIABLES = ("SECRET_KEY", "ALLOWED_HOSTS", "DEBUG", "DEMO_PASSWORD")


def _environment(var: Path, **values: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in PORTAL_VARIABLES}
    return {**plain, "VAR_DIR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings", **values}


def _start(var: Path, *arguments: str, **values: str) -> "subprocess.Popen[str]":
    """What it prints goes to a file: a pipe that nobody reads fills up and stops the portal."""
    with _output(var).open("w") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "config.start", *arguments],
            cwd=ROOT,
            env=_environment(var, **values),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )


def _output(var: Path) -> Path:
    return var.with_name(f"{var.name}.output")


def _printed_by(started: "subprocess.Popen[str]", var: Path) -> str:
    """All it printed, once it has ended."""
    started.wait(timeout=200)
    return _output(var).read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _readiness(port: int, within_seconds: float) -> dict[str, str]:
    """The answer of /readyz once all is well, or the last one in the time given."""
    deadline = time.monotonic() + within_seconds
    address, answer = f"http://127.0.0.1:{port}/readyz", dict[str, str]()
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=20) as response:
                return dict(json.load(response))
        except urllib.error.HTTPError as not_ready:
            answer = dict(json.load(not_ready))
        except (urllib.error.URLError, TimeoutError):
            pass
        time.sleep(0.2)
    return answer


def _is_running_with(var: Path) -> list[str]:
    """Command lines of the processes whose environment names this data folder."""
    mark = f"VAR_DIR={var}\0".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes() + b"\0":
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


@pytest.fixture
def port() -> int:
    return _free_port()


@pytest.fixture
def portal(tmp_path: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    started = _start(tmp_path, "--port", str(port), "--empty")
    yield started
    started.terminate()
    started.wait(timeout=200)


def test_one_command_brings_up_web_worker_and_scheduler_and_stops_all_of_them(
    portal: "subprocess.Popen[str]", port: int, tmp_path: Path
):
    readiness = _readiness(port, within_seconds=240)
    portal.terminate()
    output = _printed_by(portal, tmp_path)

    assert readiness == {"database": "ok", "broker": "ok", "worker": "ok"}
    assert portal.returncode == 0
    assert f"Sanda is at http://127.0.0.1:{port} " in output
    assert _is_running_with(tmp_path) == []


def test_a_taken_port_is_named_and_the_next_one_offered(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]

        output = _printed_by(_start(tmp_path, "--port", str(number)), tmp_path)

    assert output == f"Port {number} is taken. Try: bin/run --port {number + 1}\n"


def test_a_second_start_on_the_same_data_is_refused(tmp_path: Path, port: int):
    with (tmp_path / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        output = _printed_by(_start(tmp_path, "--port", str(port)), tmp_path)

    assert output == (
        f"Already running on {tmp_path}. Stop that one, or set VAR_DIR for another.\n"
    )


def test_unsafe_production_settings_are_refused_before_anything_is_served(
    tmp_path: Path, port: int
):
    started = _start(
        tmp_path, "--port", str(port), SECRET_KEY="short", DATABASE_URL="", BROKER_URL=""
    )

    output = _printed_by(started, tmp_path)

    assert started.returncode == 1
    assert output == (
        "The portal does not start: SECRET_KEY must be 50 random characters or more; "
        "ALLOWED_HOSTS must be set; DATABASE_URL must be PostgreSQL; BROKER_URL must be Redis\n"
    )


def test_a_wrong_variable_is_named_instead_of_a_traceback(tmp_path: Path, port: int):
    started = _start(tmp_path, "--port", str(port), DEBUG="perhaps")

    output = _printed_by(started, tmp_path)

    assert started.returncode == 1
    assert output == "The portal does not start: DEBUG='perhaps': write true or false\n"
