"""Vectors of a corpus in a flat file, compared one by one: exact, quick to write, resumable.

For corpora that are measured: they never change. A library, whose documents come and go, keeps its
vectors in Chroma (`adapters.chroma_index`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import filelock
import numpy as np

from rag.errors import DataFolderBusy, IndexUnavailable
from rag.ports import Vectors


class VectorFile:
    """`vectors.f32`, rows of unit vectors, and `ids.txt`, a line for each: only appended to.

    Rows are written before their ids, so what a kill leaves without a whole line in `ids.txt` is
    written over by the next `add`.
    """

    def __init__(self, folder: Path) -> None:
        """Open or create. Raises IndexUnavailable, DataFolderBusy."""
        self._file, self._ids_file = folder / "vectors.f32", folder / "ids.txt"
        self._lock = filelock.FileLock(folder / "lock")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
            self._file.touch()
            self._ids_file.touch()
            whole = self._ids_file.read_text(encoding="utf-8").rpartition("\n")[0]
            self._ids = whole.split("\n") if whole else []
            self._ids_file.write_text("".join(f"{i}\n" for i in self._ids), encoding="utf-8")
            self._vectors = self._read()
        except filelock.Timeout as exc:
            raise DataFolderBusy(str(folder)) from exc
        except (OSError, ValueError) as exc:
            raise IndexUnavailable(f"{folder}: {exc}") from exc
        self._places = {vector_id: place for place, vector_id in enumerate(self._ids)}
        self._columns: Vectors | None = None

    def _read(self) -> Vectors:
        if not self._ids:
            return np.zeros((0, 0), dtype=np.float32)
        dimension = int(self._ids_file.with_name("dimension").read_text())
        return np.memmap(self._file, np.float32, "r", shape=(len(self._ids), dimension))

    def ids(self) -> set[str]:
        return set(self._ids)

    def count(self) -> int:
        return len(self._ids)

    def add(self, ids: Sequence[str], document_ids: Sequence[str], vectors: Vectors) -> None:
        """Append vectors, (n, dimension). Raises IndexUnavailable, on a full disk too."""
        try:
            self._ids_file.with_name("dimension").write_text(str(vectors.shape[1]))
            with self._file.open("r+b") as file:
                file.truncate(self._vectors.nbytes)
                file.seek(0, 2)
                file.write(np.ascontiguousarray(vectors, dtype=np.float32).tobytes())
            with self._ids_file.open("a", encoding="utf-8") as lines:
                lines.writelines(f"{vector_id}\n" for vector_id in ids)
            self._places |= {i: place for place, i in enumerate(ids, start=len(self._ids))}
            self._ids += ids
            self._vectors, self._columns = self._read(), None
        except OSError as exc:
            raise IndexUnavailable(f"{self._file}: {exc}") from exc

    def remove(self, ids: Collection[str]) -> None:
        """Nothing: a corpus whose passages changed has a folder of its own."""

    def drop_others(self) -> None:
        """Nothing: each embedder has a folder of its own."""

    def nearest(
        self, vector: Vectors, limit: int, document_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        """Ids of the nearest vectors with their cosine, best first."""
        if not self._ids:
            return {}
        if self._columns is None:  # multiplied twice as fast as the rows of the file
            self._columns = np.ascontiguousarray(self._vectors.T)
        cosines = vector @ self._columns
        if document_ids is not None:
            elsewhere = [i.rsplit(":", 2)[0] not in document_ids for i in self._ids]
            cosines = np.where(elsewhere, -1, cosines)
        best = np.argpartition(-cosines, min(limit, len(cosines)) - 1)[:limit]
        return {self._ids[n]: float(cosines[n]) for n in best[np.argsort(-cosines[best])]}

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        """Cosines of some vectors, those of them that are there."""
        known = [i for i in ids if i in self._places]
        rows = self._vectors[[self._places[i] for i in known]]
        return dict(zip(known, (rows @ vector).tolist(), strict=True)) if known else {}

    def close(self) -> None:
        """Let another process measure the same corpus."""
        self._lock.release()
