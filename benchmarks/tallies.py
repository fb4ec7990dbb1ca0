"""Every figure of the reports beside its independent count in plain SQL, as check_tallies does."""

from __future__ import annotations

import time
from io import StringIO
from typing import TYPE_CHECKING

from django.core.management import call_command

if TYPE_CHECKING:
    from benchmarks.frame import Row


def run() -> list[Row]:
    """Stops at the first figure that differs, naming it."""
    said = StringIO()
    started = time.perf_counter()
    call_command("check_tallies", stdout=said)
    return [{"what": said.getvalue().strip(), "seconds": time.perf_counter() - started}]
