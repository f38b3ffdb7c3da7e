"""From a question to the passages that may answer it: a lexical and a dense lane, joined by a
weighted sum of normalised scores (better than ranks on four public suites of Vietnamese law)."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from rag.adapters.chroma_index import ChromaIndex
from rag.errors import EmbedderUnavailable, IndexUnavailable
from rag.indexing import Snapshot
from rag.model import Hit
from rag.ports import Embedder
from rag.understand import Understood

Scores = NDArray[np.float32]


class Retriever:
    """Finds passages; with the dense lane broken it goes on with words alone."""

    def __init__(
        self, index: ChromaIndex, embedder: Embedder, *, lexical_weight: float, candidates: int
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._weight = lexical_weight
        self._candidates = candidates

    def retrieve(
        self, asked: Understood, state: Snapshot, document_ids: Collection[str] | None = None
    ) -> list[Hit]:
        """Passages with their scores in 0..1, best first; at most twice `candidates`."""
        if not state.passages:
            return []
        lexical = state.lexical.scores(asked.text, accented=asked.accented)
        allowed = _allowed(state, document_ids)
        lexical = np.where(allowed, lexical, 0)
        dense = self._dense(asked.text, state, document_ids)
        places = _union(lexical, dense, self._candidates)
        joined = _joined(lexical, dense, places, self._weight)
        order = np.argsort(-joined, kind="stable")
        return [_hit(state, places[n], joined[n], lexical, dense) for n in order]

    def _dense(
        self, text: str, state: Snapshot, document_ids: Collection[str] | None
    ) -> dict[int, float]:
        try:
            vector = self._embedder.embed_query(text)
            found = self._index.nearest(vector, self._candidates * 2, document_ids)
        except (EmbedderUnavailable, IndexUnavailable):
            return {}  # `health` tells the operator; the person still gets what words find
        return {state.position[i]: cosine for i, cosine in found.items() if i in state.position}


def _allowed(state: Snapshot, document_ids: Collection[str] | None) -> NDArray[np.bool_]:
    if document_ids is None:
        return np.ones(len(state.passages), dtype=np.bool_)
    return np.array([passage.document_id in document_ids for passage in state.passages])


def _union(lexical: Scores, dense: dict[int, float], limit: int) -> list[int]:
    best = [
        int(place) for place in np.argsort(-lexical, kind="stable")[:limit] if lexical[place] > 0
    ]
    near = list(dense)[:limit]
    return list(dict.fromkeys([*best, *near]))


def _joined(lexical: Scores, dense: dict[int, float], places: list[int], weight: float) -> Scores:
    words = _normalised(np.array([lexical[place] for place in places], dtype=np.float32), floor=0.0)
    if not dense:
        return words
    lowest = min(dense.values())
    cosines = np.array([dense.get(place, lowest) for place in places], dtype=np.float32)
    return weight * words + (1 - weight) * _normalised(cosines, floor=lowest)


def _normalised(scores: Scores, floor: float) -> Scores:
    span = float(scores.max(initial=floor)) - floor
    return (scores - floor) / span if span > 0 else np.zeros_like(scores)


def _hit(
    state: Snapshot, place: int, score: float, lexical: Scores, dense: dict[int, float]
) -> Hit:
    lanes = {"lexical": float(lexical[place]), "dense": dense.get(place, 0.0)}
    return Hit(state.passages[place], float(score), lanes)
