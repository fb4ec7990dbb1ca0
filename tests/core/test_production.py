from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from pytest_django import Settings

from core.production import faults, refuse_unsafe_settings

SOUND: dict[str, Any] = {
    "REHEARSAL": False,
    "SECRET_KEY": "k3y-" + "abcdefghij" * 6,
    "DEBUG": False,
    "ALLOWED_HOSTS": ["sanda.example.edu.cn"],
    "QUEUE_BROKER_URL": "redis://localhost/0",
}


@pytest.fixture(autouse=True)
def _on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections["default"], "vendor", "postgresql")


def _apply(settings: Settings, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(settings, name, value)


def test_sound_production_settings_may_start(settings: Settings):
    _apply(settings, SOUND)

    refuse_unsafe_settings()

    assert faults() == []


@pytest.mark.parametrize(
    ("name", "value", "variable"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("SECRET_KEY", "a" * 64, "SECRET_KEY"),
        ("SECRET_KEY", "django-insecure-" + "abcdefghij" * 6, "SECRET_KEY"),
        ("DEBUG", True, "DEBUG"),
        ("ALLOWED_HOSTS", ["*"], "ALLOWED_HOSTS"),
        ("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"], "ALLOWED_HOSTS"),
        ("QUEUE_BROKER_URL", "sqla+sqlite:////var/broker.sqlite3", "BROKER_URL"),
        ("QUEUE_BROKER_URL", "memory://", "BROKER_URL"),
    ],
)
def test_an_unsafe_production_setting_keeps_the_portal_from_starting(
    settings: Settings, name: str, value: object, variable: str
):
    _apply(settings, {**SOUND, name: value})

    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_unsafe_settings()

    assert str(refusal.value).split()[0] == variable
    assert len(faults()) == 1


def test_sqlite_keeps_a_production_portal_from_starting(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    _apply(settings, SOUND)
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")

    assert faults() == ["DATABASE_URL must be PostgreSQL"]


def test_every_fault_is_named_at_once(settings: Settings):
    _apply(settings, {**SOUND, "SECRET_KEY": "short", "DEBUG": True, "ALLOWED_HOSTS": ["*"]})

    assert [fault.split()[0] for fault in faults()] == ["SECRET_KEY", "DEBUG", "ALLOWED_HOSTS"]


def test_a_rehearsal_is_not_reachable_from_elsewhere(settings: Settings):
    _apply(settings, {"REHEARSAL": True, "ALLOWED_HOSTS": ["127.0.0.1", "sanda.example.edu.cn"]})

    with pytest.raises(ImproperlyConfigured, match=r"sanda\.example\.edu\.cn: set SECRET_KEY"):
        refuse_unsafe_settings()


def test_the_deployment_check_reports_the_same_faults(settings: Settings):
    _apply(settings, {**SOUND, "DEBUG": True})

    found = [
        error.msg for error in run_checks(include_deployment_checks=True) if error.id == "core.E001"
    ]

    assert found == ["DEBUG must be off"]
