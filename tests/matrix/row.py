"""The vocabulary of the permission matrix."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.matrix.world import World

#: Everyone a row speaks about. `nobody` is not signed in; `sibling` is the secretary of another
#: branch under the same general branch; `general` is the secretary of that general branch.
PEOPLE = (
    "nobody",
    "staff",
    "secretary",
    "sibling",
    "general",
    "reviewer",
    "organiser",
    "leader",
    "admin",
)
EVERYONE = frozenset(PEOPLE) - {"nobody"}
NONE: frozenset[str] = frozenset()


def people(names: str) -> frozenset[str]:
    """`people("staff secretary")`, refusing a name that is not in PEOPLE."""
    chosen = frozenset(names.split())
    if unknown := chosen - frozenset(PEOPLE):
        raise ValueError(f"nobody is called {', '.join(sorted(unknown))}")
    return chosen


@dataclass(frozen=True)
class Row:
    """One route. A method with nobody in it must answer 405.

    `get` and `post`: who is answered (anything but 403, 404, 405 and the way to sign-in).
    `hidden`: who gets 404, as if the object did not exist. All others who are signed in get 403;
    who is not signed in is sent to sign in, unless `get` or `post` names `nobody`.
    `at`: the route's arguments, made from the world; `query`: appended to the address;
    `data`: what is posted; a row need not post anything valid.
    """

    route: str
    get: frozenset[str] = NONE
    post: frozenset[str] = NONE
    hidden: frozenset[str] = NONE
    at: Callable[[World], dict[str, Any]] = lambda world: {}  # noqa: ARG005 - no arguments
    query: str = ""
    data: Callable[[World], dict[str, Any]] = lambda world: {}  # noqa: ARG005 - nothing posted
    note: str = field(default="", compare=False)
