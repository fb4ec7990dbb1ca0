"""The review desk: its pages beside a bare Django list page, and 200 decisions published at once.

Publishing is done in a transaction that is rolled back, so that it can be repeated: status,
history, trail, clauses, replies and notices are written each time. The budget is 5 s on two
cores; the number of queries must not depend on how many decisions there are.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from benchmarks.floor import beside_bare_list, page_of
from campaign.demo import SLUG
from campaign.models import Campaign, Clause
from proposals.choices import Verdict
from proposals.decisions import text_in_force
from proposals.models import ClauseRevision, Decision, Proposal
from proposals.publishing import publish
from proposals.queue import drawer_called, waiting_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.frame import Row

_FEW, _MANY = 20, 200


def run() -> list[Row]:
    campaign = Campaign.objects.select_related("plan_group").get(slug=SLUG)
    reviewer = User.objects.get(username="reviewer")
    free = waiting_for(reviewer, campaign).filter(drawer_called("todo").condition)
    waiting = list(free.filter(decision=None)[:_MANY])
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        client.force_login(reviewer, backend="django.contrib.auth.backends.ModelBackend")
        pages = [
            beside_bare_list(name, partial(page_of, client, address), repetitions=20)
            for name, address in _addresses(waiting[len(waiting) // 2])
        ]
    published = [_publish(campaign, waiting[:count], reviewer) for count in (_FEW, _MANY)]
    return [*pages, *published]


def _addresses(proposal: Proposal) -> list[tuple[str, str]]:
    one = [proposal.pk]
    return [
        ("queue", reverse("proposals:desk")),
        ("queue, searched", reverse("proposals:desk") + "?show=all&q=实训"),
        ("split view", reverse("proposals:desk_one", args=one)),
        ("its similar proposals", reverse("proposals:similar", args=one)),
        ("meeting table", reverse("proposals:table")),
        ("chain of a proposal", reverse("outcomes:proposal_chain", args=one)),
        ("chain of a clause", reverse("outcomes:clause_chain", args=[proposal.target_clause_id])),
        ("opinions that are alike", reverse("seminars:alike")),
    ]


def _publish(campaign: Campaign, proposals: Sequence[Proposal], by: User) -> Row:
    """Once, because each time costs the database what it costs a school once a month."""
    with transaction.atomic():
        keys = _prepare(campaign, proposals, by)
        with CaptureQueriesContext(connection) as queries:
            started = time.perf_counter()
            publish(campaign, keys, by=by, now=timezone.now())
            taken = (time.perf_counter() - started) * 1000
        transaction.set_rollback(True)
    return {
        "page": f"publish {len(keys)} decisions",
        "median ms": taken,
        "p95 ms": taken,
        "times": 0.0,
        "queries": len(queries),
        "KB": 0.0,
        "KB gzip": 0.0,
    }


def _prepare(campaign: Campaign, proposals: Sequence[Proposal], by: User) -> list[int]:
    """Looked-over decisions; as many adoptions as there are clauses, the others declined."""
    clauses = list(Clause.objects.filter(document__campaign=campaign).order_by("pk"))
    now = timezone.now()
    decisions = Decision.objects.bulk_create(
        Decision(
            proposal=proposal,
            verdict=Verdict.ADOPTED if number < len(clauses) else Verdict.DECLINED,
            reasons="问题找得准，措施可操作。",
            prepared_by=by,
            prepared_at=now,
            looked_over_by=by,
            looked_over_at=now,
        )
        for number, proposal in enumerate(proposals)
    )
    ClauseRevision.objects.bulk_create(
        ClauseRevision(
            decision=decision, clause=clause, base_text=text, new_text=f"{text}每年评估一次。"
        )
        for decision, clause in zip(decisions, clauses, strict=False)
        for text in [text_in_force(clause)]
    )
    return [decision.pk for decision in decisions]
