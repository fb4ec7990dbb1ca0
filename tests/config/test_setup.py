"""The set-up of bin/ on machines that lack something, played with stand-ins on PATH."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of stand-in programs: no package is installed, and nobody is root."""
    _stand_in(tmp_path, "dpkg-query", "exit 1")
    _stand_in(tmp_path, "id", "echo 1000")
    _stand_in(tmp_path, "sudo", "exit 1")
    return tmp_path


def _stand_in(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def _set_up(machine: Path, line: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-c", f". bin/setup.sh; SETUP_LOG={machine}/log; {line}"],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{machine}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_the_right_to_install_the_line_to_type_is_printed_and_nothing_else_happens(
    machine: Path,
):
    done = _set_up(machine, "install_packages poppler-utils redis-server; echo went on")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "This needs an administrator. As root, type the line below, then start again:\n\n"
        "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y "
        "--no-install-recommends poppler-utils redis-server\n\n"
    )


def test_only_what_is_missing_is_installed(machine: Path):
    _stand_in(machine, "dpkg-query", '[ "$4" = chromium ] || echo installed')
    _stand_in(machine, "id", "echo 0")
    _stand_in(machine, "apt-get", f'echo "$@" >>{machine}/apt')

    done = _set_up(machine, "install_packages redis-server chromium")

    assert done.returncode == 0
    assert (machine / "apt").read_text() == (
        "update\ninstall -y --no-install-recommends chromium\n"
    )


def test_a_step_that_fails_shows_the_end_of_its_log(machine: Path):
    done = _set_up(machine, "progress 'the step' sh -c 'echo broken pipe; exit 3'; echo went on")

    assert done.returncode == 1
    assert "went on" not in done.stdout
    assert done.stderr.startswith("== the step\nbroken pipe\nthe step failed")


def test_a_python_that_is_too_old_is_named(machine: Path):
    _stand_in(machine, "python3", '[ "$1" = --version ] && echo Python 3.9.2; exit 1')

    done = _set_up(machine, "PYTHONS=python3; find_python")

    assert done.returncode == 1
    assert done.stderr == (
        "Python 3.11 or newer is needed; Python 3.9.2 is what python3 is here.\n"
    )


def test_an_environment_that_is_a_symbolic_link_is_left_alone(machine: Path):
    done = _set_up(machine, "cd $(mktemp -d); ln -s /nowhere .venv; build_environment test; ls -la")

    assert done.returncode == 0
    assert ".venv -> /nowhere" in done.stdout


def test_continuous_integration_runs_the_suite():
    script = ROOT / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec bin/test"
