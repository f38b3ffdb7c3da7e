"""Vectors in an embedded Chroma: one collection for one embedder's fingerprint, cosine.

Embedded Chroma is for one process only; `rag.data_folder` guards that. What Chroma raises becomes
`IndexUnavailable` here and nowhere else.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import chromadb
import numpy as np
from chromadb.api.shared_system_client import SharedSystemClient
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray

from rag.errors import IndexUnavailable

Vectors = NDArray[np.float32]
# Chroma refuses more than this many ids in one call (SQLite's bound on variables).
_BATCH = 1000


class ChromaIndex:
    """Vectors by id, each with the id of its document."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        """Open or create; a folder with rubbish in it is set aside and begun anew, since every
        vector can be made again. Raises IndexUnavailable where even that fails."""
        self._folder = folder
        self._name = f"passages-{fingerprint}"
        self._counted: int | None = None
        self._counting = Lock()
        try:
            self._collection = self._open()
        except IndexUnavailable:
            self._set_aside()
            self._collection = self._open()

    def _open(self) -> Any:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            settings = ChromaSettings(anonymized_telemetry=False, allow_reset=True)
            self._client = chromadb.PersistentClient(str(self._folder), settings)
            collection = self._client.get_or_create_collection(
                self._name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
            collection.count()
        except Exception as exc:  # Chroma's Rust core raises bare exceptions, panics included
            raise IndexUnavailable(f"{type(exc).__name__}: {exc}") from exc
        return collection

    def _set_aside(self) -> None:
        # Chroma keeps a half-opened system for each path and would hand it out again.
        SharedSystemClient.clear_system_cache()
        broken = self._folder.with_name(f"{self._folder.name}.broken")
        try:
            shutil.rmtree(broken, ignore_errors=True)
            self._folder.rename(broken)
        except OSError as exc:
            raise IndexUnavailable(f"{self._folder}: {exc.strerror}") from exc

    def drop_others(self) -> None:
        """Forget the collections of other embedders: they are never read again."""
        for collection in self._client.list_collections():
            if collection.name != self._name:
                self._client.delete_collection(collection.name)

    def ids(self) -> set[str]:
        """Every id that has a vector."""
        return set(self._collection.get(include=[])["ids"])

    def count(self) -> int:
        """How many vectors there are, kept between changes. Raises IndexUnavailable."""
        with self._counting:  # else a count begun before a change could be kept after it
            if self._counted is None:  # no other process writes
                self._counted = int(self._guarded(self._collection.count))
            return self._counted

    def _changed(self) -> None:
        with self._counting:
            self._counted = None

    def add(self, ids: Sequence[str], document_ids: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, float32 (n, dimension). Raises IndexUnavailable, on a full disk too."""
        metadata = [{"document_id": document_id} for document_id in document_ids]
        self._guarded(
            self._collection.upsert, ids=list(ids), embeddings=vectors, metadatas=metadata
        )
        self._changed()

    def remove(self, ids: Collection[str]) -> None:
        """Forget vectors."""
        doomed = sorted(ids)
        for begin in range(0, len(doomed), _BATCH):
            self._guarded(self._collection.delete, ids=doomed[begin : begin + _BATCH])
            self._changed()

    def nearest(
        self, vector: Vectors, limit: int, document_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        """Ids of the nearest vectors with their cosine, best first."""
        where = {"document_id": {"$in": sorted(document_ids)}} if document_ids is not None else None
        limit = min(limit, max(1, self.count()))
        found = self._guarded(
            self._collection.query, query_embeddings=[vector], n_results=limit,
            where=where, include=["distances"],
        )  # fmt: skip
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return {found_id: 1.0 - distance for found_id, distance in pairs}

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Cosines of some vectors, those of them that are there."""
        found = self._guarded(self._collection.get, ids=list(ids), include=["embeddings"])
        rows = np.asarray(found["embeddings"], dtype=np.float32).reshape(-1, len(vector))
        return dict(zip(found["ids"], (rows @ vector).tolist(), strict=True))

    def close(self) -> None:
        """Let the folder go, so that another client may open it."""
        close: Any = getattr(self._client, "close")  # noqa: B009 (its interface lacks it)
        close()

    @staticmethod
    def _guarded(call: Any, **arguments: Any) -> Any:
        try:
            return call(**arguments)
        except Exception as exc:  # as above
            raise IndexUnavailable(f"{type(exc).__name__}: {exc}") from exc
