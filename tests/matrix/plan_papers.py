"""Who may take papers about the plan: whoever may read what is in them. Word is quick to make."""

from datetime import date
from typing import Any

from campaign.models import PlanVersion
from tests.matrix.proposals import PLAN_GROUP, WRITERS, document, unsent
from tests.matrix.row import EVERYONE, Row
from tests.matrix.world import World


def the_package(world: World) -> dict[str, Any]:
    return {**unsent(world), "file_format": "docx"}


def two_versions(world: World) -> dict[str, Any]:
    key = document(world)["pk"]
    PlanVersion.objects.get_or_create(
        document_id=key, number=2, defaults={"made_on": date(2019, 9, 16)}
    )
    return {"pk": key, "file_format": "docx"}


def minutes_in_word(world: World) -> dict[str, Any]:
    return {"file_format": "docx"}


ROWS = [
    Row("plan_papers:package", post=WRITERS, hidden=EVERYONE - WRITERS, at=the_package),
    Row("plan_papers:revisions", post=EVERYONE, at=two_versions),
    Row("plan_papers:minutes", post=PLAN_GROUP, at=minutes_in_word),
]
