"""From a question to the passages that may answer it.

Two lanes, words and meaning, bring up candidates; `ranking` weighs the units (articles) that they
stand in, and within a unit the lanes' weighted sum finds the passage.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rag.candidates import Asked, Within, candidate_units, gathered, highest
from rag.errors import EmbedderUnavailable, IndexUnavailable
from rag.indexing import Snapshot
from rag.lexical import Scores
from rag.lines import Numbers
from rag.model import Hit
from rag.ports import Embedder, VectorIndex, Vectors
from rag.ranking import Features, features, ranker
from rag.understand import Understood

BOTH_LANES = ("lexical", "dense")
# How much less a passage of the same unit is worth, on the scale of the units' fitted scores, where
# its weighted sum is lower by the whole range.
_WITHIN_UNIT = 4.0


@dataclass(frozen=True)
class Found:
    """Candidates for one question, not yet weighed."""

    within: Within
    features: dict[str, Features]  # of the units
    floor: float  # cosine of the farthest of the nearest passages


@dataclass(frozen=True)
class Near:
    """What the dense lane found."""

    vector: Vectors
    vectors: Numbers  # places in `Embedded.ids`, nearest first
    floor: float  # cosine of the farthest of them


_NOTHING = Near(np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int64), 0.0)


class Retriever:
    """Finds passages; with the dense lane broken it goes on with words alone."""

    def __init__(
        self,
        index: VectorIndex,
        embedder: Embedder,
        *,
        lexical_weight: float,
        candidates: int,
        lanes: Collection[str] = BOTH_LANES,
    ) -> None:
        self._index = index
        # A question is searched again where it names a document, or a place under its older name.
        self._embed = lru_cache(maxsize=16)(embedder.embed_query)
        self._weight = lexical_weight
        self._limit = candidates
        self._lanes = lanes

    def retrieve(
        self, asked: Understood, state: Snapshot, document_ids: Collection[str] | None = None
    ) -> list[Hit]:
        """Passages, best first; at most twice `candidates`.

        Where articles were found the order is that of the fitted scores of the units, which are in
        the lane `unit` (see `ranking.returned`), `unit_share` is the chance that it gives a unit; a hit's own `score` is the lanes' weighted sum, 0..1.
        """
        found = self.look_up(asked, state, document_ids)
        if found is None:
            return []
        within = found.within
        used = [lane for lane in self._lanes if lane != "dense" or within.cosines is not None]
        units = ranker(used, accented=asked.accented).scores(found.features)
        sums = self._sums(found)
        # The weights are fitted on articles; sections of plans keep the sum's order.
        ranks = _passage_scores(units, sums, within) if _has_articles(state, within) else sums
        order = np.argsort(-ranks, kind="stable")
        shares = np.exp(units - units.max())
        shares /= shares.sum()
        return _hits(state, within, order[: 2 * self._limit], sums, units, shares)

    def look_up(
        self, asked: Understood, state: Snapshot, document_ids: Collection[str] | None = None
    ) -> Found | None:
        """The candidates of the lanes; None where nothing was found."""
        if not state.passages:
            return None
        views = Asked.of(asked, state)
        words = float("lexical" in self._lanes)
        allowed = _allowed(state, document_ids) * np.float32(words)
        near = self._near(asked.text, state, document_ids)
        near_units = state.units.of_passage[state.embedded.first[near.vectors[: self._limit]]]
        units = candidate_units(
            views.units * allowed, views.core_units * allowed, near_units, self._limit
        )
        if not len(units):
            return None
        within = views.within(units, state)
        within = replace(within, lexical=within.lexical * np.float32(words))
        if len(near.vectors):
            within = replace(within, cosines=self._cosines(near.vector, state, within.places))
        return Found(within, features(gathered(views, state, within)), near.floor)

    def _near(self, text: str, state: Snapshot, document_ids: Collection[str] | None) -> Near:
        if "dense" not in self._lanes:
            return _NOTHING
        try:
            if not self._index.count():
                return (
                    _NOTHING  # the first asker does not wait for a model that has nothing to search
                )
            vector = self._embed(text)
            found = self._index.nearest(vector, self._limit * 2, document_ids)
        except (EmbedderUnavailable, IndexUnavailable):
            return _NOTHING  # `health` tells the operator; words alone still find
        position = state.embedded.position
        places = [position[vector_id] for vector_id in found if vector_id in position]
        return Near(vector, np.array(places, dtype=np.int64), min(found.values(), default=0.0))

    def _cosines(self, vector: Vectors, state: Snapshot, places: Numbers) -> Scores | None:
        """What has no vector yet is as far as the farthest."""
        ids, of_passage = state.embedded.ids, state.embedded.of_passage[places]
        vectors, back = np.unique(of_passage, return_inverse=True)
        try:
            known = self._index.cosines(vector, [ids[n] for n in vectors.tolist()])
        except IndexUnavailable:
            return None
        lowest = min(known.values(), default=0.0)
        found = np.array([known.get(ids[n], lowest) for n in vectors.tolist()], dtype=np.float32)
        return found[back] if known else None

    def _sums(self, found: Found) -> Scores:
        """The lanes' weighted sum, each normalised to 0..1, parallel to the passages."""
        lexical, cosines = found.within.lexical, found.within.cosines
        words = lexical / max(float(lexical.max(initial=0)), 1e-6)
        if cosines is None:
            return words
        span = max(float(cosines.max()) - found.floor, 1e-6)
        meaning = np.clip((cosines - found.floor) / span, 0, 1)
        return np.asarray(self._weight * words + (1 - self._weight) * meaning, dtype=np.float32)


def _allowed(state: Snapshot, document_ids: Collection[str] | None) -> Scores:
    """1 for the units of the documents that may answer, (units,)."""
    if document_ids is None:
        return np.ones(len(state.units.of_document), dtype=np.float32)
    documents = np.array([i in document_ids for i in state.documents], dtype=np.float32)
    return documents[state.units.of_document]


def _has_articles(state: Snapshot, within: Within) -> bool:
    return any(state.passages[place].part.step_label("article") for place in within.places)


def _passage_scores(
    units: NDArray[np.float64], sums: Scores, within: Within
) -> NDArray[np.float64]:
    """1 for the best passage of the best unit; a unit's other passages stand below its best."""
    behind = highest(sums, within)[within.owners] - sums
    return np.asarray(np.exp((units - units.max())[within.owners] - _WITHIN_UNIT * behind))


def _hits(
    state: Snapshot,
    within: Within,
    order: Numbers,
    sums: Scores,
    units: NDArray[np.float64],
    shares: NDArray[np.float64],
) -> list[Hit]:
    """The passages at some of `within.places`."""
    cosines = np.zeros_like(sums) if within.cosines is None else within.cosines
    owners = within.owners[order]
    columns = (within.lexical[order], cosines[order], units[owners], shares[owners])
    names = ("lexical", "dense", "unit", "unit_share")
    lanes = zip(*(column.tolist() for column in columns), strict=True)
    found = zip(within.places[order].tolist(), sums[order].tolist(), lanes, strict=True)
    return [
        Hit(state.passages[place], score, dict(zip(names, values, strict=True)))
        for place, score, values in found
    ]
