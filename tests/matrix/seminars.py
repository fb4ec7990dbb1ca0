from uuid import uuid4

from django.core.files.base import ContentFile
from django.utils import timezone

from seminars.choices import ActivityStatus, FileKind
from seminars.models import ActivityFile, Problem, SavedView
from tests.factories import ActivityFactory
from tests.matrix.row import EVERYONE, PEOPLE, Row, people
from tests.matrix.world import World

REPORTERS = people("secretary general")
ALL_REPORTERS = people("secretary general sibling")
SIBLING = people("sibling")


def the_activity(world: World) -> dict[str, int]:
    return {"pk": world.activity.pk}


def a_draft(world):
    draft = ActivityFactory(campaign=world.campaign, unit=world.branch, status=ActivityStatus.DRAFT)
    return {"pk": draft.pk}


def a_version(world: World) -> dict[str, int]:
    return {**the_activity(world), "history_pk": world.activity.history.first().history_id}


def a_file(world: World) -> dict[str, int]:
    photo = ActivityFile.objects.create(
        activity=world.activity,
        kind=FileKind.PHOTO,
        file=ContentFile(b"photo", name="a.jpg"),
        thumbnail=ContentFile(b"photo", name="b.jpg"),
        name="现场.jpg",
        size_bytes=5,
        sha256=uuid4().hex,
        added_by=world.people["secretary"],
        added_at=timezone.now(),
    )
    return {**the_activity(world), "file_pk": photo.pk}


def for_those_who_see(route: str, at=the_activity) -> Row:
    return Row(f"seminars:{route}", get=EVERYONE - SIBLING, hidden=SIBLING, at=at)


def for_reporters(route: str, at=the_activity) -> Row:
    return Row(f"seminars:{route}", get=REPORTERS, post=REPORTERS, hidden=SIBLING, at=at)


def a_view(world: World) -> dict[str, int]:
    view = SavedView.objects.create(
        owner=world.people["secretary"], name=uuid4().hex[:20], query="q=a"
    )
    return {"pk": view.pk}


def as_csv(_world: World) -> dict[str, str]:
    return {"file_format": "csv"}


def a_problem(world: World) -> dict[str, int]:
    problem = Problem.objects.create(
        campaign=world.campaign,
        unit=world.branch,
        theme=world.campaign.themes.get(),
        text="实训室晚间不开放",
        created_by=world.people["secretary"],
        created_at=timezone.now(),
    )
    return {"pk": problem.pk}


ROWS = [
    Row("seminars:study", get=EVERYONE),
    Row("seminars:activities", get=EVERYONE),
    Row("seminars:import", get=ALL_REPORTERS, post=ALL_REPORTERS),
    Row("seminars:import_template", get=ALL_REPORTERS),
    Row("seminars:log", get=ALL_REPORTERS, post=ALL_REPORTERS),
    Row("seminars:grid", get=ALL_REPORTERS, post=ALL_REPORTERS),
    for_reporters("series"),
    Row("seminars:save_view", post=EVERYONE),
    Row(
        "seminars:drop_view",
        post=people("secretary"),
        hidden=EVERYONE - people("secretary"),
        at=a_view,
    ),
    Row("seminars:device", get=EVERYONE | {"nobody"}, note="nothing about anybody stands on it"),
    Row("seminars:worker", get=EVERYONE | {"nobody"}),
    Row("seminars:manifest", get=EVERYONE | {"nobody"}),
    Row("seminars:device_key", get=EVERYONE),
    Row("seminars:export", get=EVERYONE, at=as_csv),
    for_those_who_see("activity"),
    for_those_who_see("minutes"),
    for_those_who_see("history"),
    for_those_who_see("file", at=a_file),
    for_those_who_see("thumbnail", at=a_file),
    for_reporters("edit"),
    for_reporters("remove_file", at=a_file),
    Row(
        "seminars:edit",
        get=REPORTERS,
        post=REPORTERS,
        hidden=EVERYONE - REPORTERS,
        at=a_draft,
        note="a draft",
    ),
    Row(
        "seminars:discard",
        get=REPORTERS,
        post=REPORTERS,
        hidden=EVERYONE - REPORTERS,
        at=a_draft,
    ),
    Row(
        "seminars:version",
        get=EVERYONE - SIBLING,
        post=REPORTERS,
        hidden=SIBLING,
        at=a_version,
    ),
    Row("seminars:opinions", get=EVERYONE),
    Row("seminars:my_opinions", get=EVERYONE),
    Row("seminars:problems", get=EVERYONE),
    Row("seminars:voice", get=EVERYONE - people("admin"), post=EVERYONE - people("admin")),
    Row("seminars:settle", get=EVERYONE, post=EVERYONE, note="nothing ticked"),
    for_reporters("settle_one", at=lambda world: {"pk": world.opinion.pk}),
    for_reporters("close_problem", at=a_problem),
    Row("seminars:alike", get=EVERYONE),
    Row("seminars:merge", post=EVERYONE, note="nothing ticked"),
    Row("seminars:part", post=REPORTERS, hidden=SIBLING, at=lambda world: {"pk": world.opinion.pk}),
    Row("seminars:classify", post=EVERYONE, note="nothing ticked"),
    Row("seminars:ideas", get=frozenset(PEOPLE), post=frozenset(PEOPLE)),
    Row("seminars:follow", get=frozenset(PEOPLE), post=frozenset(PEOPLE)),
]
