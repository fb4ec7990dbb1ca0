"""Opinions that seem to say the same (N3), so that they can be settled as one. Never a verdict."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from core.similarity import Corpus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from seminars.models import Opinion

#: Opinions are a sentence or two: from so many 2-grams on one can be compared.
_LEAST_GRAMS = 6
#: So many of the latest are compared; what is older was looked at before.
COMPARED = 500
_GROUPS_SHOWN = 20
_SHOWN_OF_A_GROUP = 20


def alike(opinions: Iterable[Opinion]) -> list[list[Opinion]]:
    """Groups of at least two that resemble each other, largest first, each in the given order."""
    by_key = {opinion.pk: opinion for opinion in opinions}
    corpus = Corpus(((key, row.text) for key, row in by_key.items()), least=_LEAST_GRAMS)
    leader: dict[UUID, UUID] = {}
    for pair in corpus.all_pairs():
        first, second = _leader(leader, pair.first), _leader(leader, pair.second)
        leader[second] = first
    groups: dict[UUID, list[Opinion]] = defaultdict(list)
    for key, opinion in by_key.items():
        groups[_leader(leader, key)].append(opinion)
    found = sorted((group for group in groups.values() if len(group) > 1), key=len, reverse=True)
    return [group[:_SHOWN_OF_A_GROUP] for group in found[:_GROUPS_SHOWN]]


def _leader(leader: dict[UUID, UUID], key: UUID) -> UUID:
    while (above := leader.get(key, key)) != key:
        key = above
    return key
