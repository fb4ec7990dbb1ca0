"""The portal's settings, changed only where a test run needs speed or must leave no trace."""

from config.settings import *  # noqa: F403  everything not named below is the portal's own
from config.settings import DATABASES, INSTALLED_APPS, QUEUE_BROKER_URL, STORAGES, VAR_DIR

#: Quick to compute and worthless as protection, which is the point here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

#: A file, not memory: tests with several connections at once need the real locks.
DATABASES["default"].setdefault("TEST", {})
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"]["NAME"] = VAR_DIR / "test.sqlite3"

#: Pages name their static files without `collectstatic` having run.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
#: The live server serves static files only if it finds the app under its plain name.
INSTALLED_APPS[INSTALLED_APPS.index("core.static_files.UsedStaticFilesConfig")] = (
    "django.contrib.staticfiles"
)

#: The embedded broker is one file; parallel test processes would trip over each other in it.
if QUEUE_BROKER_URL.startswith("sqla"):
    QUEUE_BROKER_URL = "memory://"
