"""What every test gets: a folder of its own for files, and Chromium for browser tests."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser import CHROMIUM, CHROMIUM_FLAGS

expect.set_options(timeout=30_000)  # what comes at once on a free machine may not on a busy one

# The same examples every time, however slow or busy the machine is.
hypothesis_settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("steady")

# Playwright keeps an event loop in the test's thread; Django would refuse to query beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Tests of PostgreSQL and Redis themselves have nothing to say on the embedded default."""
    if not django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        return
    reason = pytest.mark.skip(reason="needs PostgreSQL and Redis; bin/test starts them")
    for item in items:
        if item.get_closest_marker("services"):
            item.add_marker(reason)


@pytest.fixture(autouse=True)
def _own_folder_for_files(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DEMO_PASSWORD_FILE = tmp_path / "demo-password"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; the flags let it run as root and ask nobody for anything."""
    return {"executable_path": CHROMIUM, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """Without workers: only the tests of work without a network want one."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "service_workers": "block"}
