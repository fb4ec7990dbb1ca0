from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

NAME = "PORTAL_TEST_VALUE"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.flag(NAME, default=True), "perhaps"),
        (lambda: env.number(NAME, default=3), "three"),
        (lambda: env.number(NAME, default=3), "-1"),
        (lambda: env.number(NAME, default=60, least=60), "59"),
        (lambda: env.database(NAME, Path("db")), "mysql://portal@localhost/portal"),
        (lambda: env.broker(NAME, Path("broker")), "amqp://localhost"),
        (lambda: env.email(NAME, Path("mail")), "carrier-pigeon://roof"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[], object], value: str
):
    monkeypatch.setenv(NAME, value)

    with pytest.raises(ImproperlyConfigured, match=NAME):
        read()


@pytest.mark.parametrize(
    ("value", "meaning"), [("1", True), ("yes", True), ("Off", False), ("false", False), ("", True)]
)
def test_a_flag_is_read_in_the_usual_spellings(
    monkeypatch: pytest.MonkeyPatch, value: str, *, meaning: bool
):
    monkeypatch.setenv(NAME, value)

    assert env.flag(NAME, default=True) is meaning


def test_a_list_has_no_empty_parts(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(NAME, "a.example.edu.cn, ,b.example.edu.cn,")

    assert env.words(NAME, []) == ["a.example.edu.cn", "b.example.edu.cn"]


def test_without_a_value_the_data_is_a_file_that_waits_for_its_lock(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delenv(NAME, raising=False)

    entry = env.database(NAME, Path("/data/db.sqlite3"))

    assert (entry["ENGINE"], entry["NAME"]) == ("django.db.backends.sqlite3", "/data/db.sqlite3")
    assert entry["OPTIONS"] == env.SQLITE_OPTIONS


def test_a_folder_of_sockets_is_a_database_host(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(NAME, "postgres://portal@%2Frun%2Fpostgresql/sanda")

    entry = env.database(NAME, Path("unused"))

    assert (entry["HOST"], entry["NAME"], entry["USER"]) == ("/run/postgresql", "sanda", "portal")


def test_the_copy_that_celerys_command_makes_of_our_variable_is_no_rival(monkeypatch, tmp_path):
    monkeypatch.setenv("BROKER_URL", "redis://here/0")
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://here/0")

    assert env.broker("BROKER_URL", tmp_path / "broker.sqlite3") == "redis://here/0"


def test_a_variable_that_celery_would_obey_behind_our_back_is_refused(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://somewhere-else/0")

    with pytest.raises(ImproperlyConfigured, match=r"CELERY_BROKER_URL is set: .* use BROKER_URL"):
        env.broker("BROKER_URL", Path("broker"))


def test_without_a_mail_server_messages_become_files(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(NAME, raising=False)

    settings = env.email(NAME, Path("/data/mail"))

    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"
    assert settings["EMAIL_FILE_PATH"] == "/data/mail"
