from pathlib import Path

import pytest

PLANS = Path(__file__).parent / "plans"


@pytest.fixture
def issued_text() -> str:
    """The plan the portal was built for, as it was issued."""
    return (PLANS / "issued.txt").read_text(encoding="utf-8")
