import os
import time
from pathlib import Path

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from core.tasks import record_heartbeat


@pytest.fixture
def heartbeat_file(settings: Settings, tmp_path: Path) -> Path:
    settings.HEARTBEAT_FILE = tmp_path / "heartbeat"
    return tmp_path / "heartbeat"


def test_the_process_is_alive_without_asking_the_database(client: Client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_database_broker_and_worker_answer(client: Client, heartbeat_file: Path):
    record_heartbeat()

    response = client.get("/readyz")

    assert response.json() == {"database": "ok", "broker": "ok", "worker": "ok"}
    assert response.status_code == 200


@pytest.mark.django_db
def test_a_worker_that_never_lived_makes_the_portal_unready(client: Client, heartbeat_file: Path):
    response = client.get("/readyz")

    assert response.json() == {"database": "ok", "broker": "ok", "worker": "no heartbeat yet"}
    assert response.status_code == 503


@pytest.mark.django_db
@pytest.mark.parametrize(("age_seconds", "status"), [(80, 200), (100, 503)])
def test_a_heartbeat_counts_for_ninety_seconds(
    client: Client, heartbeat_file: Path, age_seconds: int, status: int
):
    record_heartbeat()
    long_ago = time.time() - age_seconds
    os.utime(heartbeat_file, (long_ago, long_ago))

    assert client.get("/readyz").status_code == status


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named(
    client: Client, heartbeat_file: Path, monkeypatch: pytest.MonkeyPatch
):
    record_heartbeat()
    nowhere = current_app.connection("redis+socket:///nowhere.sock")
    monkeypatch.setattr("config.celery.app.connection_for_write", lambda: nowhere)

    response = client.get("/readyz")

    assert response.json() == {"database": "ok", "broker": "unreachable", "worker": "ok"}
    assert response.status_code == 503


def test_a_database_that_is_away_is_named_and_the_process_still_lives(
    client: Client,
    heartbeat_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_db_blocker: DjangoDbBlocker,
):
    def refuse() -> None:
        raise OperationalError

    record_heartbeat()
    monkeypatch.setattr(connection, "cursor", refuse)

    response = client.get("/readyz")

    assert response.json() == {"database": "unreachable", "broker": "ok", "worker": "ok"}
    assert client.get("/healthz").status_code == 200
