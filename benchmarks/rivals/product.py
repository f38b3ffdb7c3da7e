"""The product's own row: what `danvan eval retrieval` says, and its search without the embedding."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from benchmarks.rivals.suite import Suite
from config.settings import Settings
from rag.corpus_file import read_corpus
from rag.indexing import snapshot
from rag.ports import Embedder, Vectors
from rag.retrieval_evaluation import rank, report
from rag.retrieve import BOTH_LANES, Retriever
from rag.understand import understand
from rag.wiring import open_corpus


class Remembering:
    """An embedder that knows each question's vector from its second time on."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._query = cache(embedder.embed_query)

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    def embed_query(self, text: str) -> Vectors:
        return self._query(text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed_passages(texts)


def measured(suite: Suite, settings: Settings) -> dict[str, Any]:
    """The command's measures, and `search_ms_p50`, `search_ms_p95`. Raises CalledProcessError."""
    command = [
        sys.executable, "-m", "bot.cli", "eval", "retrieval", "--json",
        "--corpus", str(suite.corpus), "--questions", str(suite.questions),
    ]  # fmt: skip
    if suite.limit is not None:
        command += ["--limit-questions", str(suite.limit)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    measures: dict[str, Any] = json.loads(done.stdout)
    return measures | _search_times(suite, settings)


def _search_times(suite: Suite, settings: Settings) -> dict[str, float]:
    """Milliseconds of a warm question whose vector is known, as the rivals' are."""
    corpus, given = read_corpus(suite.corpus), settings.retrieval
    state = snapshot(corpus.documents, k1=given.k1, b=given.b)
    with open_corpus(settings, state.vector_ids, BOTH_LANES) as lanes:
        embedder = Remembering(lanes.embedder)
        for question in suite.asked:
            embedder.embed_query(understand(question.text).text)
        retriever = Retriever(
            lanes.index,
            embedder,
            lexical_weight=given.lexical_weight,
            candidates=given.candidates,
        )
        measures = report(rank(suite.asked, corpus, state, retriever, lambda *_: None))
    return {f"search_{name}": measures[name] for name in ("ms_p50", "ms_p95")}
