"""Bring database, static files and shipped data up to date; run by bin/run before serving."""

import argparse
import hashlib
import signal
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from kombu import Queue

from config.celery import app as celery_app

EMBEDDED_BROKER = "sqla+sqlite:///"
CAMPAIGN_FILE = settings.BASE_DIR / "campaign" / "data" / "jinzhi-2019-68.toml"
STATIC_STAMP = settings.VAR_DIR / "static.stamp"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--empty", action="store_true", help="no demo data")
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends this without a traceback
    try:
        django.setup()
        prepare(with_demo=settings.REHEARSAL and not arguments.empty)
    except ImproperlyConfigured as error:
        sys.exit(f"The portal does not start: {error}")


def prepare(*, with_demo: bool) -> None:
    """Each step does nothing when there is nothing to do, so a second start is quick."""
    from core.production import refuse_unsafe_settings

    refuse_unsafe_settings()
    settings.HEARTBEAT_FILE.unlink(missing_ok=True)  # of workers that are gone
    _say("database")
    call_command("migrate", verbosity=0)
    _renew_embedded_broker()
    _say("static files")
    _collect_static_files()
    _load_what_is_shipped(with_demo=with_demo)
    _tell_who_can_sign_in()


def _renew_embedded_broker() -> None:
    """A new file for each start: delivered hints stay in it for ever, and lost ones cost nothing.

    Its tables are made here, before several processes try to at once.
    """
    address = settings.QUEUE_BROKER_URL
    if not address.startswith(EMBEDDED_BROKER):
        return
    Path(address.removeprefix(EMBEDDED_BROKER)).unlink(missing_ok=True)
    with celery_app.connection_for_write() as broker:
        Queue(settings.QUEUE_TASK_DEFAULT_QUEUE)(broker.default_channel).queue_declare()


def _collect_static_files() -> None:
    """Compressing takes seconds; files that are as they were are left alone."""
    state = _static_files_state()
    if STATIC_STAMP.exists() and STATIC_STAMP.read_text() == state:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    STATIC_STAMP.write_text(state)


def _static_files_state() -> str:
    """Changes when a static file is added, removed or written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = (storage.size(path), storage.get_modified_time(path))
            digest.update(repr((path, *status)).encode())
    return digest.hexdigest()


def _load_what_is_shipped(*, with_demo: bool) -> None:
    """Only into an empty database: what people have changed since stays as it is."""
    from accounts.models import User
    from campaign.models import Campaign

    if not Campaign.objects.exists():
        _say("campaign")
        call_command("load_campaign", CAMPAIGN_FILE, verbosity=0)
    if with_demo and not User.objects.exists():
        _say("demo data")
        call_command("seed_demo", scale="small", verbosity=0)


def _tell_who_can_sign_in() -> None:
    from accounts.models import User
    from units.demo import SIGN_INS

    password = settings.DEMO_PASSWORD_FILE
    if password.exists() and User.objects.filter(username__in=SIGN_INS).exists():
        _say(f"demo sign-ins, all with the password {password.read_text()}")
        for name, place in SIGN_INS.items():
            print(f"    {name:<10} {place}")
    elif not User.objects.exists():
        _say("nobody can sign in yet; make an administrator: bin/manage createsuperuser")


def _say(step: str) -> None:
    print(f"· {step}", flush=True)


if __name__ == "__main__":
    main()
