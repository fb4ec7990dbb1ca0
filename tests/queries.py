"""Counting queries where the number itself may change but must not grow with the rows."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

#: What a page may cost (design.md, Speed).
MOST_FOR_A_PAGE = 25


def queries_of(action: Callable[[], object]) -> int:
    """How many queries `action` costs.

    Its transactions are savepoints inside the test's own; those marks ask nothing.
    """
    with CaptureQueriesContext(connection) as captured:
        action()
    return sum("SAVEPOINT" not in query["sql"] for query in captured)
