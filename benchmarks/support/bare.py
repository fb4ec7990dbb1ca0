"""The door to the bare pages of `benchmarks.floor`, for a web server of the same make."""

import os
from importlib import import_module

import django
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
floor = "benchmarks.floor"
override_settings(ROOT_URLCONF=floor, MIDDLEWARE=import_module(floor).MIDDLEWARE).enable()
application = WSGIHandler()
