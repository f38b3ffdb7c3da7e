"""The folder that holds everything the program writes: one owner at a time, one database file."""

from __future__ import annotations

import os
from pathlib import Path

import filelock
import sqlalchemy as sa

from rag.errors import DataFolderBusy, DataFolderUnwritable


class DataFolder:
    """Owns `path` until `close`. Raises DataFolderBusy, DataFolderUnwritable."""

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            _prove_writable(self.path)
        except OSError as exc:
            raise DataFolderUnwritable(f"{self.path}: {exc.strerror}") from exc
        self._lock = filelock.FileLock(self.path / "lock")
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout as exc:
            raise DataFolderBusy(str(self.path)) from exc
        except OSError as exc:  # the lock file of another user
            raise DataFolderUnwritable(f"{self.path}: {exc.strerror}") from exc
        self.engine = sa.create_engine(f"sqlite:///{self.path / 'danvan.sqlite3'}")

    def close(self) -> None:
        self.engine.dispose()
        self._lock.release()


def _prove_writable(path: Path) -> None:
    """A full disk lets a folder be made, and fails at the first write."""
    probe = path / f".probe-{os.getpid()}"
    probe.write_bytes(b"0" * 4096)
    probe.unlink()
