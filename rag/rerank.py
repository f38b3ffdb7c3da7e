"""The first candidates put into a better order by a model that reads question and passage together.

What comes behind goes on with the scores that it knows: units (articles) change places, the scores
stay where they were. With the model broken the order stays as it was.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corpus.model import Step
from rag.errors import RerankerUnavailable
from rag.indexing import Snapshot
from rag.model import Hit
from rag.ports import Reranker
from rag.retrieve import Retriever
from rag.understand import Understood

RERANKED = 20  # passages; each costs the model tens of milliseconds without a GPU
Unit = tuple[str, tuple[Step, ...]]


class RerankingRetriever(Retriever):
    """A retriever whose first passages a model reorders; otherwise made as a Retriever is."""

    def __init__(self, reranker: Reranker, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._reranker = reranker

    def retrieve(
        self, asked: Understood, state: Snapshot, document_ids: Collection[str] | None = None
    ) -> list[Hit]:
        hits = super().retrieve(asked, state, document_ids)
        first = hits[:RERANKED]
        texts = [hit.passage.searchable(state.document(hit.passage)) for hit in first]
        try:
            scores = [float(s) for s in self._reranker.scores(asked.text, texts)] if first else []
        except RerankerUnavailable:
            return hits  # `health` tells the operator
        return [*reordered(first, scores), *hits[RERANKED:]]


def reordered(hits: Sequence[Hit], scores: Sequence[float]) -> list[Hit]:
    """Hits by the best score of their unit, then by their own; the nth gets the nth of the old scores."""
    units = [unit(hit) for hit in hits]
    best = {u: max(s for s, v in zip(scores, units, strict=True) if v == u) for u in units}
    order = sorted(range(len(hits)), key=lambda n: (-best[units[n]], -scores[n]))
    old_units = sorted(
        {u: hit.lanes for u, hit in zip(units, hits, strict=True)}.values(),
        key=lambda lanes: -lanes["unit"],
    )
    of_unit = dict(zip(dict.fromkeys(units[n] for n in order), old_units, strict=True))
    old_scores = sorted((hit.score for hit in hits), reverse=True)
    return [
        replace(hits[n], score=score, lanes=_lanes(hits[n], of_unit[units[n]], scores[n]))
        for n, score in zip(order, old_scores, strict=True)
    ]


def _lanes(hit: Hit, place: Mapping[str, float], score: float) -> dict[str, float]:
    moved = {name: place[name] for name in ("unit", "unit_share")}
    return {**hit.lanes, **moved, "cross_encoder": score}


def unit(hit: Hit) -> Unit:
    """The article that a passage stands in, the outermost part where there is none."""
    path = hit.passage.part.path
    depth = next((n for n, step in enumerate(path, 1) if step.level == "article"), 1)
    return hit.passage.document_id, path[:depth]
