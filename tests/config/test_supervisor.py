"""Real processes: a supervisor in one of its own, watched from outside."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Writes its process id to the file named by its first argument, then sleeps.
SLEEPER = "import os,sys,time; open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
#: The same, with a child of its own, and deaf to the polite signal.
STUBBORN_PARENT = (
    "import os,signal,sys,time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "os.fork()\n"
    "open(sys.argv[1],'a').write(f'{os.getpid()}\\n')\n"
    "time.sleep(60)\n"
)
MAIN = """
import sys
from config.supervisor import Program, Supervisor

Supervisor.first_delay_seconds = 0.05
programs = [
    Program(f"p{number}", (sys.executable, "-c", sys.argv[1], file), waits_seconds=number * 0.3)
    for number, file in enumerate(sys.argv[2:])
]
Supervisor(programs, say=lambda line: print(line, flush=True), patience_seconds=0.5).run()
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start_supervisor() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def start(program: str, *files: Path) -> "subprocess.Popen[str]":
        supervisor = subprocess.Popen(
            [sys.executable, "-c", MAIN, program, *map(str, files)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(supervisor)
        return supervisor

    yield start
    for supervisor in started:
        supervisor.terminate()
        supervisor.communicate(timeout=60)


def _ids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def _is_alive(process_id: int) -> bool:
    try:
        state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def _eventually(holds: Callable[[], bool], within_seconds: float = 15) -> None:
    deadline = time.monotonic() + within_seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_a_program_that_is_killed_is_started_again_and_the_others_are_left_alone(
    start_supervisor: Start, tmp_path: Path
):
    victim, bystander = tmp_path / "victim", tmp_path / "bystander"
    supervisor = start_supervisor(SLEEPER, victim, bystander)
    _eventually(lambda: bool(_ids(victim) and _ids(bystander)))

    os.kill(_ids(victim)[0], signal.SIGKILL)

    _eventually(lambda: len(_ids(victim)) == 2)
    assert _is_alive(_ids(victim)[1])
    assert len(_ids(bystander)) == 1
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "p0 ended (SIGKILL); again in 0.05 s\n"


def test_a_program_that_keeps_failing_is_given_ever_more_time(start_supervisor: Start):
    supervisor = start_supervisor("raise SystemExit(3)", Path("unused"))

    assert supervisor.stdout is not None
    assert [supervisor.stdout.readline() for _ in range(4)] == [
        f"p0 ended (exit status 3); again in {delay} s\n" for delay in ("0.05", "0.1", "0.2", "0.4")
    ]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_every_program_and_then_the_supervisor(
    start_supervisor: Start, tmp_path: Path, stop: signal.Signals
):
    files = [tmp_path / "a", tmp_path / "b"]
    supervisor = start_supervisor(SLEEPER, *files)
    _eventually(lambda: all(map(_ids, files)))

    supervisor.send_signal(stop)

    assert supervisor.wait(15) == 0
    assert [_is_alive(_ids(file)[0]) for file in files] == [False, False]


def test_what_will_not_stop_is_killed_with_its_children(start_supervisor: Start, tmp_path: Path):
    family = tmp_path / "family"
    supervisor = start_supervisor(STUBBORN_PARENT, family)
    _eventually(lambda: len(_ids(family)) == 2)

    supervisor.terminate()

    assert supervisor.wait(15) == 0
    _eventually(lambda: not any(map(_is_alive, _ids(family))))


def test_what_a_dead_program_leaves_behind_is_killed_before_the_restart(
    start_supervisor: Start, tmp_path: Path
):
    family = tmp_path / "family"
    start_supervisor(STUBBORN_PARENT, family)
    _eventually(lambda: len(_ids(family)) == 2)
    first_family = _ids(family)
    parent = next(member for member in first_family if os.getpgid(member) == member)

    os.kill(parent, signal.SIGKILL)

    _eventually(lambda: len(_ids(family)) == 4)
    assert not any(map(_is_alive, first_family))


def test_programs_end_with_a_supervisor_that_is_killed_outright(
    start_supervisor: Start, tmp_path: Path
):
    orphan = tmp_path / "orphan"
    supervisor = start_supervisor(SLEEPER, orphan)
    _eventually(lambda: bool(_ids(orphan)))

    supervisor.kill()

    _eventually(lambda: not _is_alive(_ids(orphan)[0]))


def test_a_program_that_waits_starts_after_the_others(start_supervisor: Start):
    tell_time = "import time; print(time.monotonic(), flush=True); time.sleep(60)"
    supervisor = start_supervisor(tell_time, Path("at once"), Path("0.3 s later"))

    assert supervisor.stdout is not None
    first, second = (float(supervisor.stdout.readline()) for _ in range(2))
    assert 0.2 < second - first < 5
