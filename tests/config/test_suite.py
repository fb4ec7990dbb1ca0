"""bin/test itself: what it counts and when it fails."""

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
    assert "ok         0.0 s  hollow" in capsys.readouterr().out


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
