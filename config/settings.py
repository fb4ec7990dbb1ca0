"""All settings of the portal. What differs between machines comes from the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONE, SELF

from config import env

django_stubs_ext.monkeypatch()  # lets Django's generic classes be written ModelForm[Unit]

BASE_DIR = Path(__file__).resolve().parent.parent
#: Everything the portal writes on this machine; made here because every command needs it.
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# --- Where we run ---------------------------------------------------------------------
DEBUG = env.flag("DEBUG", default=False)
#: A rehearsal machine (bin/run without settings): plain HTTP on loopback, demo data allowed.
REHEARSAL = not env.text("SECRET_KEY")
SECRET_KEY = env.text("SECRET_KEY", "rehearsal-only-" + "not-a-secret-" * 4)
#: Signs the audit trail. Set it apart from SECRET_KEY so that the trail outlives a key change.
AUDIT_KEY = env.text("AUDIT_KEY", SECRET_KEY)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", [])
#: The demo people's password; core.demo_password draws one without it and keeps it here.
DEMO_PASSWORD = env.text("DEMO_PASSWORD")
DEMO_PASSWORD_FILE = VAR_DIR / "demo-password"
#: How many of our own proxies stand in front; X-Forwarded-For is ignored when 0.
TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", default=0)
#: Absolute address used in e-mails, where there is no request to take it from.
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")

# --- What we are made of --------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "core.static_files.UsedStaticFilesConfig",
    "django.contrib.humanize",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "bootstrap",
    "django_htmx",
    "django.forms",
    "simple_history",
    "treebeard",
    "core",
    "accounts",
    "notices",
    "units",
    "campaign",
    "seminars",
    "proposals",
    "outcomes",
    "supervision",
    "reports",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.private_pages",
    "core.middleware.readable_addresses",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "core.middleware.lapsed_sessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "accounts.middleware.AuditAddressMiddleware",
    "supervision.form_times.FormTimesMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.frame.frame",
            ],
        },
    }
]

# --- Data -----------------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL", VAR_DIR / "db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
#: Asked about every uploaded file: clamd://host:port or unix:///run/clamav/clamd.ctl.
UPLOAD_SCANNER = env.scanner("UPLOAD_SCANNER")
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))

# --- People ---------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"
SESSION_ENGINE = "core.sessions"
SESSION_COOKIE_AGE = env.number("SESSION_IDLE_SECONDS", default=30 * 60, least=60)

# --- Language and time ----------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- Reading plans --------------------------------------------------------------------
#: 月底 in a plan means this day to the end of the month.
MONTH_END_FIRST_DAY = env.number("MONTH_END_FIRST_DAY", default=25, least=1)

# --- Files that go to the browser -----------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FORM_RENDERER = "core.form_rendering.QuickRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Work for later -------------------------------------------------------------------
# Celery's settings start with QUEUE_, because CELERY_… is what it reads from the environment.
QUEUE_BROKER_URL = env.broker("BROKER_URL", VAR_DIR / "broker.sqlite3")
QUEUE_BROKER_TRANSPORT_OPTIONS = env.broker_options(QUEUE_BROKER_URL)
QUEUE_BROKER_CONNECTION_TIMEOUT = 2
QUEUE_BROKER_CONNECTION_RETRY_ON_STARTUP = True
QUEUE_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
QUEUE_ACCEPT_CONTENT = ["json"]
QUEUE_TASK_IGNORE_RESULT = True
QUEUE_TASK_ACKS_LATE = True
QUEUE_WORKER_PREFETCH_MULTIPLIER = 1
QUEUE_WORKER_MAX_TASKS_PER_CHILD = 50
QUEUE_WORKER_ENABLE_REMOTE_CONTROL = False
QUEUE_WORKER_HIJACK_ROOT_LOGGER = False
QUEUE_TIMEZONE = TIME_ZONE
QUEUE_TASK_DEFAULT_QUEUE = "default"
#: Papers take minutes; on a queue of their own they hold up nothing else.
QUEUE_TASK_ROUTES = {"reports.tasks.render": {"queue": "papers"}}
QUEUE_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "record-heartbeat": {"task": "core.tasks.record_heartbeat", "schedule": 15},
    "seal-trail": {"task": "accounts.tasks.seal_trail", "schedule": 60},
    "sweep-deliveries": {"task": "notices.tasks.sweep_deliveries", "schedule": 60},
    "scan-locked-files": {"task": "seminars.tasks.scan_locked_files", "schedule": 120},
    "sweep-reports": {"task": "reports.tasks.sweep", "schedule": 60},
    "run-report-schedules": {"task": "reports.tasks.run_schedules", "schedule": 60},
    "purge-reports": {"task": "reports.tasks.purge", "schedule": 3600},
    "refresh-cockpit": {"task": "reports.tasks.refresh_school", "schedule": 240},
    "assign-waiting": {"task": "proposals.tasks.assign_waiting", "schedule": 600},
    "send-due": {"task": "supervision.tasks.send_due", "schedule": 300},
}
for _entry in QUEUE_BEAT_SCHEDULE.values():  # a tick that waits until the next is worth nothing
    _entry["options"] = {"expires": _entry["schedule"]}
#: Touched by that task; web and workers share VAR_DIR.
HEARTBEAT_FILE = VAR_DIR / "worker-heartbeat"
locals().update(env.email("EMAIL_URL", VAR_DIR / "mail"))
EMAIL_TIMEOUT = 10
#: Hosts whose group robots people may connect, and hosts of our own that may have inner addresses.
WEBHOOK_HOSTS = env.words("WEBHOOK_HOSTS", ["qyapi.weixin.qq.com", "oapi.dingtalk.com"])
WEBHOOK_CAMPUS_HOSTS = env.words("WEBHOOK_CAMPUS_HOSTS", [])
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "三大工作组 <sanda@localhost>")

# --- What the log says ------------------------------------------------------------------
# Django by itself would send errors by mail only. Pages not found are the visitor's affair.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}

# --- Safety ---------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
#: Tries during the lock do not lengthen it, so nobody can keep the owner out for good.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "accounts.views.too_many_tries"
AXES_VERBOSE = False
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXY_COUNT
if not REHEARSAL:
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # probes come from this machine
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
