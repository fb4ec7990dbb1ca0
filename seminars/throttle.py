"""How often one address may do something without a sign-in.

Counted in the cache, by a keyed digest that nobody can turn back into the address, and apart
from everything that is stored (safety 30).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from axes.helpers import get_client_ip_address
from django.core.cache import cache
from django.utils.crypto import salted_hmac

if TYPE_CHECKING:
    from django.http import HttpRequest

WINDOW_SECONDS = 60 * 60


def is_too_often(request: HttpRequest, what: str, most: int) -> bool:
    """Count one more `what` from this address; True if that makes more than `most` in an hour.

    A campus often stands behind one address, so `most` is what a whole hall of people needs.
    """
    address = get_client_ip_address(request) or ""
    key = f"throttle:{what}:{salted_hmac('seminars.throttle', address).hexdigest()}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return most < 1
    try:
        return cache.incr(key) > most
    except ValueError:  # the hour ended between the two lines
        cache.set(key, 1, WINDOW_SECONDS)
        return most < 1
