"""A PostgreSQL cluster and a Redis server of our own, on private sockets, for one test run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Nothing here outlives the run, so nothing is made durable. Whoever waits for a lock, or leaves a
#: transaction open, for longer than any honest work takes gets an error instead of a hanging suite.
POSTGRES_OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c lock_timeout=120s"
    " -c idle_in_transaction_session_timeout=120s -k "
)


@contextmanager
def temporary_services() -> Iterator[dict[str, str]]:
    """Both servers; yields the environment that points the portal at them."""
    folder = Path(tempfile.mkdtemp(prefix="sanda-"))  # short: socket paths end at 107 characters
    try:
        with _postgresql(folder) as database_url, _redis(folder) as broker_url:
            yield {"DATABASE_URL": database_url, "BROKER_URL": broker_url}
    finally:
        shutil.rmtree(folder)


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    programs = max(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    data, as_owner = folder / "data", _unprivileged(folder)
    initdb: tuple[str | Path, ...] = (
        programs / "initdb",
        "-D",
        data,
        "-U",
        "portal",
        "-A",
        "trust",
        "-E",
        "UTF8",
    )
    _run(*as_owner, *initdb, "--locale=C.UTF-8", "--no-sync")
    control: tuple[str | Path, ...] = (
        *as_owner,
        programs / "pg_ctl",
        "-D",
        data,
        "-w",
        "-l",
        folder / "postgresql.log",
    )
    _run(*control, "-o", f"{POSTGRES_OPTIONS}{folder}", "start")
    try:
        _run(programs / "createdb", "-h", folder, "-U", "portal", "portal")
        yield f"postgres://portal@{str(folder).replace('/', '%2F')}/portal"
    finally:
        _run(*control, "-m", "immediate", "stop")


@contextmanager
def _redis(folder: Path) -> Iterator[str]:
    address = folder / "redis.sock"
    options = ("--port", "0", "--unixsocket", address, "--save", "")
    server = subprocess.Popen(("redis-server", *options), cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield f"redis+socket://{address}"
    finally:
        server.terminate()
        server.wait()


def _unprivileged(folder: Path) -> tuple[str, ...]:
    """How to run what refuses to be run by root, as PostgreSQL does; it then owns `folder`."""
    if os.geteuid() != 0:
        return ()
    shutil.chown(folder, "postgres", "postgres")
    return ("runuser", "-u", "postgres", "--")


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
