"""The lexical lane: BM25 over syllables and pairs of syllables, with and without diacritics.

Two fields: one as written, where a typed diacritic counts, and one folded, so that a question
typed without diacritics finds accented text. Kept in memory; made anew when a document changes.
"""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

from rag.words import folded, search_tokens, syllables

# The share of the folded field for a question typed with diacritics: a slip in a tone mark must not
# lose the passage, a typed diacritic must still count.
_FOLDED_SHARE = 0.25


class Bm25Index:
    """BM25 scores of a question over all passages, by position."""

    def __init__(self, texts: Sequence[str], *, k1: float, b: float) -> None:
        written = [syllables(text) for text in texts]
        self._written = _field([search_tokens(words) for words in written], k1, b)
        self._folded = _field([search_tokens(folded(words)) for words in written], k1, b)
        self._count = len(texts)

    def scores(self, question: str, *, accented: bool) -> NDArray[np.float32]:
        """One score for each passage, (n,), 0 where no word is shared."""
        words = syllables(question)
        plain = _scores(self._folded, search_tokens(folded(words)), self._count)
        if not accented:
            return plain
        exact = _scores(self._written, search_tokens(words), self._count)
        return (1 - _FOLDED_SHARE) * exact + _FOLDED_SHARE * plain


def _field(tokens: list[list[str]], k1: float, b: float) -> bm25s.BM25 | None:
    if not any(tokens):
        return None
    field = bm25s.BM25(k1=k1, b=b)
    field.index(tokens, show_progress=False)
    return field


def _scores(field: bm25s.BM25 | None, tokens: list[str], count: int) -> NDArray[np.float32]:
    known = [token for token in tokens if field is not None and token in field.vocab_dict]
    if field is None or not known:
        return np.zeros(count, dtype=np.float32)
    return np.asarray(field.get_scores(known), dtype=np.float32)
