"""What browser tests share: signing in, asking axe, walking by keyboard, keeping pictures.

Use the `page` fixture of pytest-playwright together with `live_server`, and mark the test
`browser`. Pictures are kept only when SCREENSHOT_DIR names a directory; they never belong
in the repository.
"""

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page

from accounts.models import User

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
WIDTHS = (360, 768, 1440)
#: WCAG 2.2 AA and axe's own good practice.
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def sign_in(page: Page, base_url: str, user: User) -> None:
    """Give the browser a session of `user`; the sign-in page has its own tests."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": str(session.session_key),
                "url": base_url,
            }
        ]
    )


def show(page: Page, *, width: int = 1440, dark: bool = False) -> None:
    """Set the width of the window and the colour scheme the system asks for."""
    page.set_viewport_size({"width": width, "height": 800 if width < 1000 else 900})
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one line for each place.

    The window is made as high as the page meanwhile: what happens to lie under a bar at one
    scroll position can be scrolled free, and says nothing about the page.
    """
    window = page.viewport_size
    if window:
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": window["width"], "height": height})
    found: list[dict[str, Any]] = Axe().run(page, options=RULES).response["violations"]
    if window:
        page.set_viewport_size(window)
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))} — {node.get('failureSummary', '')}"
        for rule in found
        for node in rule["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window; 0 is right."""
    width: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return width


def focus_walk(page: Page, most: int = 200) -> list[str]:
    """Names of what Tab reaches from the top, until it leaves the page or comes round again."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); window.scrollTo(0, 0)")
    describe = """() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      window.walked ??= [];
      const before = window.walked.indexOf(at);
      if (before === window.walked.length - 1 && before >= 0) return "";  // parts of a date box
      if (before >= 0) return null;
      window.walked.push(at);
      const name = at.getAttribute('aria-label') || at.innerText || at.value || at.name || at.id;
      return `${at.tagName.toLowerCase()} ${name.trim().slice(0, 40)}`;
    }"""
    names: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        reached = page.evaluate(describe)
        if reached is None:
            break
        if reached:
            names.append(reached)
    return names


def keep_picture(page: Page, name: str) -> None:
    """Save the whole page as NAME.png in SCREENSHOT_DIR, if that is set."""
    if folder := os.environ.get("SCREENSHOT_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def slow_down(page: Page) -> None:
    """Every answer takes a second, so that a tap comes while an autosave is on its way.

    The browser itself waits: a route of ours that is still waiting when a test fails would keep
    the page, and with it the whole suite, from closing.
    """
    network = page.context.new_cdp_session(page)
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 1000, "downloadThroughput": -1, "uploadThroughput": -1},
    )
