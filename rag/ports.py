"""What the answering path needs from heavy libraries: each stays in one file of `adapters/`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to unit vectors, float32."""

    @property
    def fingerprint(self) -> str:
        """Changes with anything that changes a vector; cheap, loads no model."""
        ...

    def embed_query(self, text: str) -> Vectors:
        """One question, (dimension,)."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Passages, (n, dimension), in their order."""
        ...


class VectorIndex(Protocol):
    """Unit vectors by id, each with the id of its document. Methods raise IndexUnavailable."""

    def ids(self) -> set[str]:
        """Every id that has a vector."""
        ...

    def count(self) -> int:
        """How many vectors there are."""
        ...

    def add(self, ids: Sequence[str], document_ids: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, float32 (n, dimension)."""
        ...

    def remove(self, ids: Collection[str]) -> None:
        """Forget vectors."""
        ...

    def drop_others(self) -> None:
        """Forget the vectors of other embedders."""
        ...

    def nearest(
        self, vector: Vectors, limit: int, document_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        """Ids of the nearest vectors with their cosine, best first."""
        ...

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Cosines of some vectors, those of them that are there."""
        ...


class Reranker(Protocol):
    """A model that reads a question and a passage together."""

    @property
    def available(self) -> bool:
        """False once it could not be loaded or used."""
        ...

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """How well each text answers, (n,), higher is better. Raises RerankerUnavailable."""
        ...


class PairScorer(Protocol):
    """A small model that reads a question and a statement together."""

    @property
    def available(self) -> bool:
        """False once it could not be loaded."""
        ...

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """For each text, (n, 2): a number for the order, higher is better, and the log-odds that it
        answers at all. Raises PairScorerUnavailable."""
        ...


class Entailment(Protocol):
    """A model that tells whether a text entails a sentence (natural language inference)."""

    @property
    def available(self) -> bool:
        """False once it could not be loaded or used."""
        ...

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        """How likely each premise entails its hypothesis, (n,), 0..1. Raises EntailmentUnavailable."""
        ...


class Writer(Protocol):
    """A chat model that writes an answer from numbered passages."""

    @property
    def name(self) -> str:
        """Shown as `answered_by: model:NAME`."""
        ...

    @property
    def timeout_s(self) -> float:
        """Seconds for an answer, repairs included."""
        ...

    @property
    def available(self) -> bool:
        """False while its last answer failed."""
        ...

    def write(self, question: str, sources: Sequence[str]) -> AsyncGenerator[str, None]:
        """The model's raw text in pieces, as they come; `sources` are numbered from 1.

        Raises ChatModelUnavailable, also between two pieces, and within `timeout_s`.
        """
        ...

    async def repair(
        self, question: str, sources: Sequence[str], sentence: str, within_s: float
    ) -> str:
        """A sentence of what was written from these, said anew; raw. Raises ChatModelUnavailable."""
        ...
