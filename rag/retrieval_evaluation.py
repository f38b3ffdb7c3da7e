"""Measure the retriever over a corpus file: the definitions of `docs/measures.md`.

A unit is a line of the file; its score is that of its best passage.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

import numpy as np

from rag.corpus_file import CorpusFile, CorpusQuestion
from rag.diacritics import with_diacritics
from rag.indexing import Snapshot
from rag.model import Hit
from rag.ports import Embedder, Vectors
from rag.ranking import returned
from rag.retrieve import Retriever
from rag.understand import Understood, understand

_DEPTHS = (1, 5, 10)
_RESAMPLES = 2000


@dataclass(frozen=True)
class Ranked:
    """What was found for one question."""

    gold: frozenset[str]
    doc_ids: tuple[str, ...]  # best first
    chosen: int  # how many of them the product returns
    ms: float  # all of it
    search_ms: float  # without embedding the question

    def hit(self, depth: int) -> float:
        return float(any(doc_id in self.gold for doc_id in self.doc_ids[:depth]))

    def recall(self, depth: int) -> float:
        return len(self.gold & set(self.doc_ids[:depth])) / len(self.gold)

    @property
    def reciprocal_rank(self) -> float:
        """Of the first gold among ten, 0 where there is none."""
        ranks = (rank for rank, doc_id in enumerate(self.doc_ids[:10], 1) if doc_id in self.gold)
        return 1 / next(ranks, np.inf)

    def f2(self, depth: int) -> float:
        """5PR / (4P + R) of the first `depth`."""
        right = len(self.gold & set(self.doc_ids[:depth]))
        if not right:
            return 0.0
        precision, recall = right / min(depth, len(self.doc_ids)), right / len(self.gold)
        return 5 * precision * recall / (4 * precision + recall)


class TimedEmbedder:
    """An embedder that tells how long the last question took it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.question_ms = 0.0

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    def embed_query(self, text: str) -> Vectors:
        begun = time.perf_counter()
        try:
            return self._embedder.embed_query(text)
        finally:
            self.question_ms = (time.perf_counter() - begun) * 1000

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_passages(texts)


def rank(
    questions: Sequence[CorpusQuestion],
    corpus: CorpusFile,
    state: Snapshot,
    retriever: Retriever,
    embedder: TimedEmbedder,
    on_progress: Callable[[int, int], None],
) -> list[Ranked]:
    """Ask every question, one after another, warm; `embedder` is the retriever's own."""
    if questions:
        retriever.retrieve(_read(questions[0], state), state)
    found = []
    for done, question in enumerate(questions, 1):
        begun = time.perf_counter()
        hits = retriever.retrieve(_read(question, state), state)
        ms = (time.perf_counter() - begun) * 1000
        search_ms = ms - embedder.question_ms
        units = best_of_units(hits, corpus)
        chosen = returned(np.array(list(units.values())))
        found.append(Ranked(question.gold, tuple(units), chosen, ms, search_ms))
        on_progress(done, len(questions))
    return found


def _read(question: CorpusQuestion, state: Snapshot) -> Understood:
    return understand(with_diacritics(question.text, state.lexical))


def best_of_units(hits: Iterable[Hit], corpus: CorpusFile) -> dict[str, float]:
    """doc_id -> fitted score, best first."""
    units: dict[str, float] = {}
    for hit in hits:
        units.setdefault(corpus.doc_id(hit.passage), hit.lanes["unit"])
    return units


def report(ranked: Sequence[Ranked]) -> dict[str, Any]:
    """All measures; those of quality with a 95 % bootstrap interval over questions."""
    quality = {f"hit@{k}": [r.hit(k) for r in ranked] for k in _DEPTHS}
    quality |= {f"recall@{k}": [r.recall(k) for r in ranked] for k in _DEPTHS[1:]}
    quality |= {
        "mrr@10": [r.reciprocal_rank for r in ranked],
        "f2@1": [r.f2(1) for r in ranked],
        "f2": [r.f2(r.chosen) for r in ranked],
    }
    times = [r.ms for r in ranked]
    return {
        "n": len(ranked),
        **{name: round(fmean(values), 4) for name, values in quality.items()},
        "returned_mean": round(fmean(r.chosen for r in ranked), 2),
        "ms_p50": round(float(np.quantile(times, 0.5)), 1),
        "ms_p95": round(float(np.quantile(times, 0.95)), 1),
        "search_ms_p50": round(float(np.quantile([r.search_ms for r in ranked], 0.5)), 1),
        "search_ms_p95": round(float(np.quantile([r.search_ms for r in ranked], 0.95)), 1),
        "intervals": {name: _interval(values) for name, values in quality.items()},
    }


def _interval(values: Sequence[float]) -> list[float]:
    """The 2.5 and 97.5 % quantiles of the mean over resampled questions."""
    given = np.array(values)
    picks = np.random.default_rng(0).integers(len(given), size=(_RESAMPLES, len(given)))
    return [round(float(q), 4) for q in np.quantile(given[picks].mean(axis=1), (0.025, 0.975))]
