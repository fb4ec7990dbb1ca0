"""Proposals that say much the same (N3), shown to the author before handing in and at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.similarity import Corpus, Known, compare
from proposals.choices import Status

if TYPE_CHECKING:
    from campaign.models import Campaign
    from proposals.models import Proposal
    from proposals.querysets import ProposalQuerySet

#: So many of the latest of the theme are compared with.
COMPARED = 150
_SHOWN = 5
_PASSAGES = 3
#: Problem and measures in a few sentences say enough to be compared.
_LEAST_GRAMS = 12


@dataclass(frozen=True)
class Similar:
    """Another proposal, how much of the shorter text both share, and where."""

    proposal: Proposal
    per_cent: int
    passages: tuple[str, ...]


def similar_to(proposal: Proposal, among: ProposalQuerySet) -> list[Similar]:
    """The most alike of `among` on the same theme, the latest first looked at; one query.

    What everyone may repeat (titles of themes and of the plan's documents) does not count.
    """
    others = (
        among.filter(theme=proposal.theme_id)
        .exclude(pk=proposal.pk)
        .exclude(status__in=[Status.DRAFT, Status.WITHDRAWN])
        .select_related("unit")
        .newest_first()[:COMPARED]
    )
    by_key = {other.pk: other for other in others}
    known = _known(proposal.campaign)
    texts = ((key, _text(other)) for key, other in by_key.items())
    matches = Corpus(texts, known, least=_LEAST_GRAMS).similar_to(_text(proposal))
    return [
        Similar(
            by_key[match.key],
            round(match.likeness.containment * 100),
            _passages(proposal, by_key[match.key], known),
        )
        for match in matches[:_SHOWN]
    ]


def _text(proposal: Proposal) -> str:
    return f"{proposal.problem}\n{proposal.measures}"


def _known(campaign: Campaign) -> Known:
    titles = [theme.title for theme in campaign.themes.all()]
    return Known(policies=[*titles, *(each.title for each in campaign.documents.all())])


def _passages(proposal: Proposal, other: Proposal, known: Known) -> tuple[str, ...]:
    pieces = compare(_text(proposal), _text(other), known).left
    shared = sorted((piece.text.strip() for piece in pieces if piece.shared), key=len, reverse=True)
    return tuple(shared[:_PASSAGES])
