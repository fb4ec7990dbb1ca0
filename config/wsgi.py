"""The door for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from core.production import refuse_unsafe_settings
from core.request_encoding import in_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = in_utf8(get_wsgi_application())
refuse_unsafe_settings()
