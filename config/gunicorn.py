"""How the web server runs: `gunicorn -c config/gunicorn.py config.wsgi`."""

import os

bind = os.environ.get("WEB_ADDRESS", "127.0.0.1:8000")
workers = 2
worker_class = "gthread"
threads = 4
timeout = 60
graceful_timeout = 15
#: A worker is replaced now and then, not both at once, so that no leak grows for weeks.
max_requests = 5000
max_requests_jitter = 1000
#: Heartbeats on a disk that is busy would look like a hanging worker. Gunicorn makes a nameless
#: file of its own there; where the folder is closed to us, as in some containers, elsewhere.
_MEMORY = "/dev/shm"  # noqa: S108
worker_tmp_dir = _MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else None
loglevel = "warning"
wsgi_app = "config.wsgi"


def when_ready(_server: object) -> None:
    """Say where the portal is, now that a browser would be answered."""
    print(os.environ.get("WEB_GREETING", f"http://{bind}"), flush=True)
