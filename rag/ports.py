"""What the answering path needs from heavy libraries: each stays in one file of `adapters/`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


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


class Writer(Protocol):
    """A chat model that writes an answer from numbered passages."""

    @property
    def name(self) -> str:
        """Shown as `answered_by: model:NAME`."""
        ...

    async def write(self, question: str, sources: Sequence[str]) -> str:
        """The model's raw text. Raises ChatModelUnavailable."""
        ...
