"""Settings, addresses and the queue; no domain code.

The queue's app is loaded with the package, so that a task sent from a web request knows
the broker of the settings.
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
