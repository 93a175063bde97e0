"""Merging several rankings of the same items into one, by rank alone."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)

RANK_CONSTANT = 60
"""k of Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning
methods" (SIGIR 2009): large enough that one ranking's favourite doesn't outweigh the agreement of several."""


def reciprocal_rank_fusion(rankings: Iterable[Sequence[Item]], *, k: int = RANK_CONSTANT) -> list[tuple[Item, float]]:
    """Fuse rankings (best first) into pairs of item and score, best first.

    The score of an item is the sum of ``1 / (k + rank)`` over the rankings that hold it, ranks counting from 1.
    An item that stands twice in one ranking counts at its better place. Equal scores keep the order in which the
    items are first met, ranking by ranking, so the same input always gives the same output.
    """
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(dict.fromkeys(ranking), start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])


def filled(ranking: Sequence[Item], *, unranked: Collection[Item], by: Sequence[Item]) -> list[Item]:
    """``ranking``, with the items that it could not rank at the places that they have in the ranking ``by``.

    So what one ranking knows nothing of is neither lost nor favoured when both are fused: it counts as if both agreed.
    """
    known = iter(ranking)
    places = (item if item in unranked else next(known, None) for item in by)
    merged = [item for item in places if item is not None]
    return [*merged, *known]
