import pytest
from django.conf import settings

from config.celery import app

SCHEDULE = settings.QUEUE_BEAT_SCHEDULE


@pytest.fixture(autouse=True)
def _tasks_are_loaded() -> None:
    app.loader.import_default_modules()


@pytest.mark.parametrize("name", SCHEDULE)
def test_every_scheduled_task_exists(name: str):
    assert SCHEDULE[name]["task"] in app.tasks


@pytest.mark.parametrize("name", SCHEDULE)
def test_ticks_do_not_pile_up_while_no_worker_runs(name: str):
    assert SCHEDULE[name]["options"] == {"expires": SCHEDULE[name]["schedule"]}


@pytest.mark.parametrize(
    ("task", "queue"),
    [("reports.tasks.render", "papers"), ("core.tasks.record_heartbeat", "default")],
)
def test_papers_have_a_queue_of_their_own(task: str, queue: str):
    assert app.amqp.router.route({}, task)["queue"].name == queue


def test_messages_are_json_only():
    assert (app.conf.accept_content, app.conf.task_serializer) == (["json"], "json")
