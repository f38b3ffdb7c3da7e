"""Question and passage read together by any sentence-transformers CrossEncoder on this machine.

Loaded late, once, offline, on the CPU. Not here: which passages are read (`rag/rerank.py`).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.adapters.sentence_transformer_embedder import ENVIRONMENT
from rag.errors import RerankerUnavailable
from rag.ports import Scores

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 8  # pairs are long; more at once gain nothing on two cores


class CrossEncoderReranker:
    """One cross-encoder: a folder, or a hub name whose files lie in the Hugging Face cache.

    May be called from several threads. A model that once failed is left alone until the next start.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._loaded: CrossEncoder | None = None
        self._failure: str | None = None
        self._lock = threading.Lock()

    @property
    def available(self) -> bool:
        return self._failure is None

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        with self._lock:
            if self._failure is not None:
                raise RerankerUnavailable(self._failure)
            try:
                if self._loaded is None:
                    self._loaded = cross_encoder(self._name)
                pairs = [(question, text) for text in texts]
                found = self._loaded.predict(pairs, batch_size=_BATCH, show_progress_bar=False)
                return _one_each(np.asarray(found, dtype=np.float32), len(texts))
            except Exception as exc:  # the libraries raise almost anything on a damaged folder
                self._failure = f"{self._name}: {exc}"
                raise RerankerUnavailable(self._failure) from exc


def cross_encoder(model: str) -> CrossEncoder:
    """A folder, or a hub name at hand, on the CPU; nothing is fetched. Raises what the libraries do."""
    os.environ.update(ENVIRONMENT)
    from sentence_transformers import CrossEncoder

    name = str(Path(model).expanduser())
    loaded: CrossEncoder = CrossEncoder(name, device="cpu", local_files_only=True)
    return loaded


def _one_each(scores: Scores, count: int) -> Scores:
    """A classifier of several labels tells no relevance, and neither does a NaN."""
    if scores.shape != (count,) or not np.isfinite(scores).all():
        raise ValueError(f"expected {count} numbers, got {scores.shape}")
    return scores
