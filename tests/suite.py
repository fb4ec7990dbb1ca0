"""What bin/test runs: every check and the tests on both databases, with one summary."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.services import temporary_services

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / ".venv" / "bin"
MANAGE: tuple[str | Path, ...] = (PROGRAMS / "python", "-W", "error", "manage.py")
#: What would steer the portal; the suite sets it and takes nothing over from its caller.
PORTAL_VARIABLES = {
    "ALLOWED_HOSTS", "AUDIT_KEY", "BROKER_URL", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "DEBUG",
    "DEFAULT_FROM_EMAIL", "DEMO_PASSWORD", "DJANGO_SETTINGS_MODULE", "EMAIL_URL", "MEDIA_ROOT",
    "MONTH_END_FIRST_DAY", "SECRET_KEY", "SECURE_SSL_REDIRECT", "SESSION_IDLE_SECONDS", "SITE_URL",
    "TRUSTED_PROXY_COUNT", "VAR_DIR",
}  # fmt: skip
#: A step takes minutes; one that takes this long hangs, and says so rather than nothing.
STEP_SECONDS = 30 * 60
#: A production machine as docs/operations.md describes it; nothing is connected to.
PRODUCTION = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "sanda.example.edu.cn",
    "DATABASE_URL": "postgres://portal@localhost/portal",
    "BROKER_URL": "redis://localhost/0",
    "EMAIL_URL": "smtp+tls://portal:secret@mail.example.edu.cn:587",
    "SITE_URL": "https://sanda.example.edu.cn",
}


@dataclass(frozen=True)
class Step:
    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    name: str
    seconds: float
    is_good: bool


def main(pytest_arguments: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="sanda-var-") as folder:
        var = Path(folder)
        outcomes = [_run(step) for step in _steps(var, pytest_arguments)]
        _print_summary(outcomes, sorted(var.glob("*.xml")))
    return 0 if all(outcome.is_good for outcome in outcomes) else 1


def _steps(var: Path, pytest_arguments: Sequence[str]) -> Iterator[Step]:
    """The checks, unless only pytest is asked for, then the tests with their servers around."""
    plain = {**_clean_environment(), "VAR_DIR": str(var)}
    if not pytest_arguments:
        yield from _checks(plain)
        yield _migrations("SQLite", plain)
    yield _pytest("SQLite", plain, var / "sqlite.xml", pytest_arguments)
    with temporary_services() as services:
        both = {**plain, **services}
        if not pytest_arguments:
            yield _migrations("PostgreSQL", both)
        yield _pytest("PostgreSQL and Redis", both, var / "postgresql.xml", pytest_arguments)


def _clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in PORTAL_VARIABLES}


def _checks(environment: Mapping[str, str]) -> list[Step]:
    templates = sorted((ROOT / "templates").rglob("*.html"))
    plain: dict[str, tuple[str | Path, ...]] = {
        "formatting": (PROGRAMS / "ruff", "format", "--check", "--quiet"),
        "lint": (PROGRAMS / "ruff", "check", "--quiet"),
        "types": (PROGRAMS / "mypy", "--no-incremental", "."),  # its cache misses reverse relations
        "import contracts": (PROGRAMS / "lint-imports", "--no-logo"),
        "missing migrations": (*MANAGE, "makemigrations", "--check", "--dry-run"),
        "template formatting": (PROGRAMS / "djade", "--check", *templates),
        "template lint": (PROGRAMS / "djlint", "templates", "--lint", "--quiet"),
    }
    steps = [Step(name, command, environment) for name, command in plain.items()]
    deploy = (*MANAGE, "check", "--deploy", "--fail-level", "WARNING")
    return [*steps, Step("production settings", deploy, {**environment, **PRODUCTION})]


def _migrations(database: str, environment: Mapping[str, str]) -> Step:
    """The tests make their tables from the models; that the migrations run is seen here."""
    return Step(f"migrations on {database}", (*MANAGE, "migrate", "--verbosity=0"), environment)


def _pytest(
    services: str, environment: Mapping[str, str], report: Path, arguments: Sequence[str]
) -> Step:
    pytest = (
        PROGRAMS / "python",
        "-m",
        "pytest",
        "-n2",
        "--dist=loadgroup",
        f"--junitxml={report}",
    )
    return Step(f"tests on {services}", (*pytest, *arguments), environment)


def _run(step: Step) -> Outcome:
    print(f"\n=== {step.name}", flush=True)
    started = time.monotonic()
    with subprocess.Popen(
        step.command, cwd=ROOT, env=dict(step.environment), process_group=0
    ) as process:
        is_good = _ends_well(process)
    return Outcome(step.name, time.monotonic() - started, is_good)


def _ends_well(process: "subprocess.Popen[bytes]") -> bool:
    """False as well if it had to be stopped, with whatever it started, for taking too long."""
    try:
        return process.wait(STEP_SECONDS) == 0
    except subprocess.TimeoutExpired:
        print(f"stopped after {STEP_SECONDS} s", flush=True)
        os.killpg(process.pid, signal.SIGKILL)
        return False
    except KeyboardInterrupt:
        os.killpg(process.pid, signal.SIGKILL)  # its own group does not hear Ctrl-C
        raise


def _print_summary(outcomes: Sequence[Outcome], reports: Sequence[Path]) -> None:
    """The last line is what continuous integration reads."""
    print("\n=== summary")
    for outcome in outcomes:
        verdict = "ok" if outcome.is_good else "FAILED"
        print(f"{verdict:<7}{outcome.seconds:7.1f} s  {outcome.name}")
    total = _Counts.of(reports)
    print(f"{total.passed} passed, {total.failed} failed, {total.skipped} skipped")


@dataclass(frozen=True)
class _Counts:
    passed: int
    failed: int
    skipped: int

    @classmethod
    def of(cls, reports: Sequence[Path]) -> "_Counts":
        """Of both runs together; a run that ended before its report counts as nothing."""
        suites = [
            suite
            for report in reports
            if report.exists()
            for suite in ET.parse(report).getroot().iter("testsuite")  # noqa: S314  pytest's own
        ]

        def count(*attributes: str) -> int:
            return sum(int(suite.get(name, 0)) for suite in suites for name in attributes)

        failed, skipped = count("failures", "errors"), count("skipped")
        return cls(count("tests") - failed - skipped, failed, skipped)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
