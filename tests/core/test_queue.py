import logging
import socket
import time
from collections.abc import Iterator

import kombu.transport.sqlalchemy  # noqa: F401  loading it takes a second of its own
import pytest
from celery import Celery, Task
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from config import env
from core import queue
from core.queue import hint


@pytest.fixture(autouse=True)
def _no_pause_left_over() -> Iterator[None]:
    queue._pause.until = 0.0
    yield
    queue._pause.until = 0.0


def _do_nothing(job: int) -> None: ...


def _task_with_broker(url: str) -> "Task[..., object]":
    app = Celery("test", broker=url, set_as_current=False)
    app.conf.broker_transport_options = env.broker_options(url)
    app.conf.broker_connection_timeout = 2
    task: Task[..., object] = app.task(name="test.job")(_do_nothing)
    return task


@pytest.fixture
def silent_server() -> Iterator[int]:
    """The port of something that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


@pytest.mark.django_db
def test_a_hint_reaches_the_queue_only_after_the_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    task = _task_with_broker("memory://")
    with task.app.connection_for_write() as broker:
        waiting = broker.SimpleQueue("celery")

        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            hint(task, 42)
            before_commit = waiting.qsize()

        assert (before_commit, waiting.qsize()) == (0, 1)
        assert waiting.get_nowait().decode()[0] == [42]


@pytest.mark.parametrize(
    "address", ["redis://127.0.0.1:1/0", "redis+socket:///nowhere.sock", "sqla+sqlite:////proc/q"]
)
@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_costs_under_two_seconds_and_a_line_in_the_log(
    address: str, caplog: pytest.LogCaptureFixture
):
    started = time.monotonic()

    with caplog.at_level(logging.WARNING, "core.queue"):
        hint(_task_with_broker(address), 42)

    assert time.monotonic() - started < 2
    assert [record.getMessage()[:32] for record in caplog.records] == [
        "broker: no hint for test.job(42,"
    ]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_never_answers_is_waited_for_once_in_a_while(silent_server: int):
    task = _task_with_broker(f"redis://127.0.0.1:{silent_server}/0")
    hint(task, 1)

    started = time.monotonic()
    for job in range(5):
        hint(task, job)

    assert time.monotonic() - started < 0.1


@pytest.mark.django_db(transaction=True)
def test_hints_are_sent_again_when_the_pause_is_over(monkeypatch: pytest.MonkeyPatch):
    hint(_task_with_broker("redis+socket:///nowhere.sock"), 1)
    monkeypatch.setattr(queue, "PAUSE_SECONDS", 0)
    queue._pause.until = time.monotonic()
    task = _task_with_broker("memory://")

    hint(task, 2)

    with task.app.connection_for_write() as broker:
        assert broker.SimpleQueue("celery").qsize() == 1
