"""Whether a text entails a sentence, by any sentence-transformers CrossEncoder trained on natural
language inference, on this machine.

Loaded late, once, offline, on the CPU. Not here: how likely is enough (`rag/verify.py`).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.adapters.cross_encoder_reranker import cross_encoder
from rag.errors import EntailmentUnavailable
from rag.ports import Scores

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderEntailment:
    """One model: a folder, or a hub name whose files lie in the Hugging Face cache.

    Which of its labels means entailment its own configuration tells. May be called from several
    threads. A model that once failed is left alone until the next start.
    """

    def __init__(self, model: str) -> None:
        self._name = model
        self._loaded: tuple[CrossEncoder, int] | None = None
        self._failure: str | None = None
        self._lock = threading.Lock()

    @property
    def available(self) -> bool:
        return self._failure is None

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        with self._lock:
            if self._failure is not None:
                raise EntailmentUnavailable(self._failure)
            try:
                if self._loaded is None:
                    self._loaded = self._load()
                model, label = self._loaded
                found = model.predict(list(pairs), apply_softmax=True, show_progress_bar=False)
                return _of_label(np.asarray(found, dtype=np.float32), label)
            except Exception as exc:  # the libraries raise almost anything on a damaged folder
                self._failure = f"{self._name}: {exc}"
                raise EntailmentUnavailable(self._failure) from exc

    def _load(self) -> tuple[CrossEncoder, int]:
        model = cross_encoder(self._name)
        labels: Any = getattr(model.config, "id2label", None) or {}
        return model, _entailing(labels)


def _entailing(labels: Mapping[int, str]) -> int:
    """The label of entailment: `entailment`, not `not_entailment`."""
    found = [number for number, label in labels.items() if label.casefold().startswith("entail")]
    if len(labels) < 2 or len(found) != 1:
        raise ValueError(f"no label that begins with 'entail' among {list(labels.values())}")
    return int(found[0])


def _of_label(found: Scores, label: int) -> Scores:
    """A NaN tells nothing."""
    if not np.isfinite(found).all():
        raise ValueError("no numbers")
    return found[:, label]
