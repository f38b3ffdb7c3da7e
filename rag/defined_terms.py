"""What passages define: `3. Hoa lợi là sản vật ...` defines `hoa lợi`. Read once, when indexed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.clean import fold
from corpus.model import Document, Passage
from rag.lines import Numbers
from rag.words import read_syllables

# What stands between a list mark and `là` is being defined.
_DEFINITION = re.compile(
    r"(?:Điều \w+\.\s*)?(?:\d{1,3}[a-zđ]?[.)]|[a-zđ][.)]|[-–•+])?\s*(?P<term>[^.;:]{2,90}?)\s+(?:là|gồm|bao gồm|được hiểu là)\s"
)
_OPENING = 140  # characters of a passage that may hold the defined term


class DefinedTerms:
    """The term that each passage defines, where it defines one."""

    def __init__(self, passages: Iterable[Passage], documents: dict[str, Document]) -> None:
        found = [defined_term(p, documents[p.document_id]) for p in passages]
        self._terms = {place: term for place, term in enumerate(found) if term}
        self._defines = np.zeros(len(found), dtype=np.bool_)
        self._defines[list(self._terms)] = True

    def places(self, term: str) -> list[int]:
        """Those of the passages that define a folded term."""
        return self._by_term.get(term, [])

    @cached_property
    def _by_term(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, term in self._terms.items():
            found.setdefault(fold(term.strip()), []).append(place)
        return found

    def shares(self, words: tuple[str, ...], places: Numbers) -> NDArray[np.float32]:
        """The share of a question's syllables that each of some passages defines, (places,)."""
        asked = f" {' '.join(words)} "
        shares = np.zeros(len(places), dtype=np.float32)
        for n in np.flatnonzero(self._defines[places]).tolist():
            term = self._terms[int(places[n])]
            if term in asked:
                shares[n] = (term.count(" ") - 1) / len(words)
        return shares


def defined_term(passage: Passage, document: Document) -> str | None:
    """Its syllables with a space around each; None where nothing is defined."""
    opening = document.text[passage.start : min(passage.end, passage.start + _OPENING)]
    if " là " not in opening and " gồm " not in opening:  # most: the pattern is slow
        return None
    match = _DEFINITION.match(opening)
    words = " ".join(read_syllables(match["term"])) if match else ""
    return f" {words} " if words else None
