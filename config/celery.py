"""The queue: workers and scheduler start from here."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sanda")
app.config_from_object("django.conf:settings", namespace="QUEUE")
app.autodiscover_tasks()
