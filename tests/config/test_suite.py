"""bin/test itself: what it counts and when it fails."""

import os
import re
import time
from pathlib import Path

import pytest

from tests import suite

REPORT = """<testsuites><testsuite name="pytest" tests="{tests}" failures="{failures}"
errors="{errors}" skipped="{skipped}"/></testsuites>"""


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[suite.Step]:
    """Stand-ins for the checks; the two test runs and the servers are left out."""
    steps = [suite.Step("sound", ("true",), {}), suite.Step("hollow", ("true",), {})]
    monkeypatch.setattr(suite, "_steps", lambda *_: iter(steps))
    return steps


def _report(folder: Path, name: str, **counts: int) -> Path:
    file = folder / name
    file.write_text(REPORT.format(**counts))
    return file


def test_the_last_line_adds_up_both_test_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    reports = [
        _report(tmp_path, "sqlite.xml", tests=10, failures=1, errors=2, skipped=3),
        _report(tmp_path, "postgresql.xml", tests=10, failures=0, errors=0, skipped=0),
    ]

    suite._print_summary([suite.Outcome("lint", 1.25, is_good=False)], reports)

    assert capsys.readouterr().out.splitlines()[1:] == [
        "=== summary",
        "FAILED     1.2 s  lint",
        "14 passed, 3 failed, 3 skipped",
    ]


def test_a_test_run_that_ended_before_its_report_counts_as_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    suite._print_summary([], [tmp_path / "never-written.xml"])

    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 0 failed, 0 skipped"


def test_everything_sound_is_success(checks: list[suite.Step]):
    assert suite.main([]) == 0


def test_one_failing_step_fails_the_whole_and_the_rest_still_runs(
    checks: list[suite.Step], capsys: pytest.CaptureFixture[str]
):
    checks[0] = suite.Step("sound", ("false",), {})

    assert suite.main([]) == 1
    assert re.search(r"^ok +[\d.]+ s  hollow$", capsys.readouterr().out, re.MULTILINE)


def test_a_step_that_hangs_is_stopped_with_all_it_started(
    checks: list[suite.Step],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    """The step waits for its child, and the child for somebody to write into the pipe."""
    os.mkfifo(tmp_path / "pipe")
    checks[0] = suite.Step("hanging", ("sh", "-c", "cat pipe; true"), {"PATH": os.environ["PATH"]})
    monkeypatch.setattr(suite, "ROOT", tmp_path)
    monkeypatch.setattr(suite, "STEP_SECONDS", 0.2)

    assert suite.main([]) == 1

    assert "stopped after 0.2 s" in capsys.readouterr().out
    assert _is_left_by_its_reader(tmp_path / "pipe", within_seconds=30)


def _is_left_by_its_reader(pipe: Path, within_seconds: float) -> bool:
    """Whether nobody has it open for reading any more; a killed process needs a moment to go."""
    stop_at = time.monotonic() + within_seconds
    while time.monotonic() < stop_at:
        try:
            os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:
            return True
    return False


def test_what_steers_the_portal_is_not_taken_over_from_the_caller(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "of a real portal")
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("LANG", "C.UTF-8")

    plain = suite._clean_environment()

    assert ("SECRET_KEY" in plain, "DATABASE_URL" in plain, plain["LANG"]) == (
        False,
        False,
        "C.UTF-8",
    )
