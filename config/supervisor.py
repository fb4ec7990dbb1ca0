"""Keep a few programs running: start them, restart what dies, stop all of them together.

Knows neither Django nor what the programs do. Each program is told to stop by a signal to
its first process only, because a Celery parent winds its own children down; each runs in
a session of its own, so that Ctrl-C in the terminal reaches the supervisor and nobody else.
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

STOP_SIGNALS = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
WATCHED = STOP_SIGNALS | {signal.SIGCHLD}
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass(frozen=True)
class Program:
    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    #: Lets what people wait for have the processor to itself at the start.
    waits_seconds: float = 0.0


@dataclass
class _Child:
    """One program and what became of it so far."""

    program: Program
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0  # on the monotonic clock, as is starts_at
    starts_at: float = 0.0
    failures: int = 0


class Supervisor:
    """Runs `programs` until a stop signal arrives.

    A program that dies is started again after 0.5 s, 1 s, 2 s … up to half a minute; one
    that has run for `steady_seconds` starts from the beginning of that row. Stopping asks
    politely and, after `patience_seconds`, kills what is left with all its descendants.
    """

    first_delay_seconds = 0.5
    longest_delay_seconds = 30.0

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        say: Callable[[str], object],
        steady_seconds: float = 60.0,
        patience_seconds: float = 20.0,
    ) -> None:
        self._children = [_Child(program) for program in programs]
        self._say = say
        self._steady_seconds = steady_seconds
        self._patience_seconds = patience_seconds

    def run(self) -> None:
        """Return once every program has ended after a stop signal."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WATCHED)
        for child in self._children:
            child.starts_at = time.monotonic() + child.program.waits_seconds
        try:
            while not self._stop_arrives_within(self._start_what_is_due()):
                self._notice_deaths()
        finally:
            self._stop_all()

    def _start_what_is_due(self) -> float:
        """Start every program whose time has come; the seconds until the next one's."""
        now = time.monotonic()
        waiting = [child for child in self._children if child.process is None]
        for child in waiting:
            if child.starts_at <= now:
                child.process = _start(child.program)
                child.started_at = now
        return min(
            (child.starts_at - now for child in waiting if child.process is None), default=60.0
        )

    def _stop_arrives_within(self, seconds: float) -> bool:
        """Sleep until a signal or the time is up; whether the signal means stop."""
        arrived = signal.sigtimedwait(WATCHED, max(seconds, 0.0))
        return arrived is not None and arrived.si_signo in STOP_SIGNALS

    def _notice_deaths(self) -> None:
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._plan_restart(child, child.process)

    def _plan_restart(self, child: _Child, process: "subprocess.Popen[bytes]") -> None:
        _kill_descendants(process)
        now = time.monotonic()
        if now - child.started_at >= self._steady_seconds:
            child.failures = 0
        delay = min(self.first_delay_seconds * 2**child.failures, self.longest_delay_seconds)
        child.failures += 1
        child.process = None
        child.starts_at = now + delay
        self._say(
            f"{child.program.name} ended ({_ending(process.returncode)}); again in {delay:g} s"
        )

    def _stop_all(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + self._patience_seconds
        for process in running:
            try:
                process.wait(max(deadline - time.monotonic(), 0.0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _kill_descendants(process)


def _start(program: Program) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603  the commands are our own
        program.command,
        env={**os.environ, **program.environment},
        start_new_session=True,
        preexec_fn=_prepare_child,  # noqa: PLW1509  this process has no threads
    )


def _prepare_child() -> None:
    """Undo the blocked signals, and die with the supervisor even if that is killed outright."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, WATCHED)
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _kill_descendants(process: "subprocess.Popen[bytes]") -> None:
    """End whatever a dead program left behind in its session."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _ending(returncode: int) -> str:
    if returncode < 0:
        return signal.Signals(-returncode).name
    return f"exit status {returncode}"
