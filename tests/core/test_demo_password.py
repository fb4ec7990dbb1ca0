import stat
from pathlib import Path

import pytest
from pytest_django import Settings

from core.demo_password import demo_password


@pytest.fixture
def kept(settings: Settings) -> Path:
    settings.DEMO_PASSWORD = ""
    return Path(settings.DEMO_PASSWORD_FILE)


def test_a_drawn_password_is_kept_for_its_owner_only(kept: Path):
    first, second = demo_password(), demo_password()

    assert len(first) == 12
    assert (second, kept.read_text()) == (first, first)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_chosen_password_wins_and_is_written_down(kept: Path, settings: Settings):
    demo_password()
    settings.DEMO_PASSWORD = "学习讨论推动"

    assert (demo_password(), kept.read_text()) == ("学习讨论推动", "学习讨论推动")
