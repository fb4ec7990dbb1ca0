"""People of the demo, signed in."""

from django.conf import settings
from django.test import Client

from accounts.models import User


def client_of(username: str) -> Client:
    """A test client signed in as this person of the demo."""
    client = Client()
    client.force_login(
        User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def session_of(username: str) -> tuple[str, str]:
    """Name and value of the cookie of somebody signed in, for clients of another make."""
    cookie = client_of(username).cookies[settings.SESSION_COOKIE_NAME]
    return cookie.key, cookie.value
