"""Texts into unit vectors with 8-bit weights and no torch: faster and smaller (docs/measures.md).

The model is that of a `SentenceTransformerEmbedder`, made small once (`int8_export`) and kept in the
cache folder. Here: running it, prompts, mean pooling.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock

from rag.adapters.sentence_transformer_embedder import ENVIRONMENT, SentenceTransformerEmbedder
from rag.errors import EmbedderUnavailable
from rag.ports import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

_FORMAT = 1  # of the export: another makes other vectors


@dataclass(frozen=True)
class _Loaded:
    tokenizer: Tokenizer
    session: InferenceSession
    prompts: dict[str, str]


class Int8Embedder:
    """`original`'s model in 8 bits; `threads` for one text, None for all cores. Passages keep all cores
    busy, a text each.

    For models of a transformer whose token vectors are averaged and made length 1; for others
    EmbedderUnavailable tells to set `embedder.precision: float32`. Texts longer than the model's
    limit are cut there. May be called from several threads.
    """

    def __init__(
        self, original: SentenceTransformerEmbedder, *, cache_dir: Path, threads: int | None = None
    ) -> None:
        self._original = original
        self._cache_dir = cache_dir
        self._threads = threads or 0  # 0: ONNX Runtime takes all cores
        self._loaded: _Loaded | None = None
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same text may get another vector; loads no model."""
        return f"{self._original.fingerprint}-int8.{_FORMAT}"

    def embed_query(self, text: str) -> Vectors:
        """The question's vector: (dimension,) float32, length 1."""
        loaded = self._model()
        return _vector(loaded, loaded.prompts.get("query", "") + text.strip())

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The passages' vectors in the order of `texts`: (n, dimension) float32, length 1 each."""
        loaded = self._model()
        prompt = loaded.prompts.get("document") or loaded.prompts.get("passage", "")
        # One text a run: a batch is no faster, and 8 bits are scaled by all that is in it, so a
        # text's vector would depend on its neighbours.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(lambda text: _vector(loaded, prompt + text.strip()), texts))
        return np.array(found, dtype=np.float32).reshape(len(texts), self._original.dimension)

    def _model(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> _Loaded:
        folder = self._original.folder()
        try:
            _check(folder)
            file = self._exported(folder)
            from onnxruntime import InferenceSession, SessionOptions

            options = SessionOptions()
            options.intra_op_num_threads = self._threads
            # Waiting threads sleep: they share two cores with everything else.
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")
            config = json.loads(
                (folder / "config_sentence_transformers.json").read_text(encoding="utf-8")
            )
            session = InferenceSession(file, options, providers=["CPUExecutionProvider"])
            return _Loaded(tokenizer_in(folder), session, config.get("prompts", {}))
        except EmbedderUnavailable:
            raise
        except Exception as exc:  # the libraries raise almost anything on a damaged file
            raise EmbedderUnavailable(f"can't load {folder} in 8 bits: {exc}") from exc

    def _exported(self, folder: Path) -> Path:
        file = self._cache_dir / f"{self.fingerprint}.onnx"
        self._cache_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(self._cache_dir / ".int8.lock"):
            if not file.is_file():
                _run_export(folder, file)
        return file


@lru_cache(maxsize=2)
def tokenizer_in(folder: Path) -> Tokenizer:
    """The tokenizer of a model's folder, one for all who use it: it takes some 100 MB."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    told = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    tokenizer.enable_truncation(told["model_max_length"])
    return tokenizer


def _vector(loaded: _Loaded, text: str) -> Vectors:
    ids = np.array([loaded.tokenizer.encode(text).ids], dtype=np.int64)
    (tokens,) = loaded.session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
    mean = tokens[0].mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _check(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
    kinds = [module["type"].rpartition(".")[2] for module in modules]
    pooling = next((module["path"] for module in modules if "Pooling" in module["type"]), None)
    if kinds == ["Transformer", "Pooling", "Normalize"] and pooling is not None:
        told = json.loads((folder / pooling / "config.json").read_text(encoding="utf-8"))
        means = told.get("pooling_mode") == "mean" or told.get("pooling_mode_mean_tokens")
        if means:
            return
    raise EmbedderUnavailable(f"{folder} can't run in 8 bits: set embedder.precision to float32")


def _run_export(folder: Path, file: Path) -> None:
    command = [sys.executable, "-m", "rag.adapters.int8_export", str(folder), str(file)]
    done = subprocess.run(
        command,
        env=os.environ | ENVIRONMENT,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    if done.returncode or not file.is_file():
        last = done.stderr.strip().rpartition("\n")[2]
        raise EmbedderUnavailable(f"can't make {folder} small: {last}")
