"""Texts to the product's vectors, each embedded once and kept: all that compare share the weights."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from rag.ports import Embedder, Vectors
from rag.vector_file import VectorFile

_BATCH = 256  # texts embedded between two writes


def known_vectors(folder: Path) -> dict[str, Vectors]:
    """Line of `ids.txt` -> row of `vectors.f32`, float32. Raises OSError, ValueError."""
    ids = (folder / "ids.txt").read_text(encoding="utf-8").split("\n")[:-1]
    vectors = np.fromfile(folder / "vectors.f32", dtype=np.float32)
    return dict(zip(ids, vectors.reshape(len(ids), -1), strict=True)) if ids else {}


class KeptVectors:
    """Embeds what is not yet in the folder; a run that was cut goes on."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder = folder / embedder.fingerprint
        self._embedder = embedder

    def of(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension), length 1 each, in the order of `texts`."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        file = VectorFile(self._folder)
        try:
            there = file.ids()
            missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in there}
            self._embed(missing, file)
        finally:
            file.close()
        known = known_vectors(self._folder)
        return np.stack([known[key] for key in keys])

    def _embed(self, missing: dict[str, str], file: VectorFile) -> None:
        # Like lengths together, longest first: a batch costs as much as its longest text.
        keys = sorted(missing, key=lambda key: -len(missing[key]))
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            vectors = self._embedder.embed_passages([missing[key] for key in batch])
            file.add(batch, batch, vectors)
            logging.info("embedded %d of %d", start + len(batch), len(keys))
