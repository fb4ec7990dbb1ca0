"""What bin/run does once the environment is there: prepare, then web, workers and scheduler.

Does not load Django itself, so that the process which only watches stays small.
"""

import argparse
import fcntl
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.supervisor import Program, Supervisor

#: How Celery's warning about superusers begins; on a rehearsal machine it is only noise.
ROOT_WARNING = "You're running the worker with superuser privileges"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/run", description="Run the portal on this machine.")
    parser.add_argument("--port", type=int, default=8000, help="on 127.0.0.1 (default 8000)")
    parser.add_argument("--empty", action="store_true", help="no demo data")
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while preparing needs no traceback
    try:
        var = Path(settings.VAR_DIR)
    except ImproperlyConfigured as error:
        sys.exit(f"The portal does not start: {error}")
    lock = _lock(var / "run.lock")
    _require_free(arguments.port)
    _prepare(empty=arguments.empty)
    print("· web, workers, scheduler", flush=True)
    Supervisor(_programs(arguments.port), say=_say).run()
    lock.close()


def _lock(path: Path) -> IO[str]:
    """Two schedulers on the same data would do everything twice."""
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Already running on {path.parent}. Stop that one, or set VAR_DIR for another.")
    return lock


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(f"Port {port} is taken. Try: bin/run --port {port + 1}")


def _prepare(*, empty: bool) -> None:
    command = [sys.executable, "-m", "config.prepare", *(["--empty"] if empty else [])]
    if subprocess.run(command, check=False).returncode:  # noqa: S603  our own module
        sys.exit(1)


def _programs(port: int) -> list[Program]:
    address = f"127.0.0.1:{port}"
    python = sys.executable
    queue = (python, "-m", "celery", "-A", "config", "-q")
    # Prefork hangs for good on a polling broker when its children are killed; see ADR 5.
    pool = "prefork" if settings.QUEUE_BROKER_URL.startswith("redis") else "solo"
    worker = (*queue, "worker", "--pool", pool, "--loglevel", "WARNING")
    quiet = {"PYTHONWARNINGS": f"ignore:{ROOT_WARNING}"} if settings.REHEARSAL else {}
    beat = (*queue, "beat", "--pidfile=", "--schedule", f"{settings.VAR_DIR}/schedule")
    return [
        Program(
            "web",
            (python, "-m", "gunicorn", "-c", "config/gunicorn.py"),
            {
                "WEB_ADDRESS": address,
                "WEB_GREETING": f"Sanda is at http://{address} (Ctrl-C stops it).",
            },
        ),
        Program("worker", (*worker, "-Q", "default", "-c", "2", "-n", "default@%h"), quiet, 2),
        Program("papers", (*worker, "-Q", "papers", "-c", "1", "-n", "papers@%h"), quiet, 2),
        Program("scheduler", (*beat, "--loglevel", "WARNING"), waits_seconds=2),
    ]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
