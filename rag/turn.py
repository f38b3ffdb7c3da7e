"""One turn of a conversation against the library: the ways to read it, each searched once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import partial

from rag.answer import Extractive, judged_statements
from rag.compose import Draft
from rag.courtesies import as_meant
from rag.follow_ups import Whole, whole
from rag.indexing import Snapshot
from rag.judge import Judge, Judged
from rag.model import Hit, Topic
from rag.pair_scores import READ
from rag.readings import Found, likeliest
from rag.refuse import Choices, Gap
from rag.understand import understand

_COMPARED = 3  # statements of each reading that are read together with it


class TurnReader:
    """Reads one turn; `on` is the day for which an answer must hold."""

    def __init__(self, extractive: Extractive, state: Snapshot, judge: Judge, on: date) -> None:
        self._extractive, self._state, self._judge, self._on = extractive, state, judge, on
        self._found: dict[tuple[str, frozenset[str] | None], list[Hit]] = {}

    def meant(self, text: str, topic: Topic | None) -> Whole:
        """The whole question; of several ways to read it the one that the documents answer best."""
        first = self.first(text, topic)
        if topic is None or not first.others or first.settled and self.is_told(first):
            return first
        return likeliest(first, topic, self.found, partial(self.found, read=READ))

    def first(self, text: str, topic: Topic | None) -> Whole:
        """As the rules read it, with the other ways."""
        typed = as_meant(text, self._state.lexical, follows=topic is not None)
        return whole(typed, topic, self._state)

    def hits(self, reading: Whole, document_ids: Collection[str] | None) -> list[Hit]:
        """The passages for it, best first."""
        key = reading.text, None if document_ids is None else frozenset(document_ids)
        if key not in self._found:
            asked = understand(reading.text)
            self._found[key] = self._extractive.retrieve(asked, self._state, document_ids)
        return self._found[key]

    def found(self, reading: Whole, read: int = _COMPARED) -> Found:
        """What answers it, by what is known of the documents or by the best statement of `read`."""
        asked, ids = understand(reading.text), reading.document_ids
        told = (
            self.answer(reading)
            if asked.part
            else self._extractive.known(asked, self._state, ids, self._on)
        )
        best = next(iter(self.fitting(reading, read)), None)
        return Found(best, isinstance(told, Draft))

    def fitting(self, reading: Whole, read: int = READ) -> list[Judged]:
        """The statements that may answer it, likeliest first; `read` of them with the pair scorer."""
        asked, state = understand(reading.text), self._state
        hits = self.hits(reading, reading.document_ids)
        judged = judged_statements(asked, hits, state, self._judge)
        return self._extractive.fitting(asked, judged, read)

    def is_told(self, reading: Whole) -> bool:
        """Whether it gets an answer, or the word that just that is missing in the text."""
        told = self.answer(reading)
        return isinstance(told, Draft) or isinstance(told, Gap) and told.lacking is not None

    def answer(self, reading: Whole) -> Draft | Gap | Choices:
        """What the texts say to it."""
        if reading.draft:
            return reading.draft
        asked, ids = understand(reading.text), reading.document_ids
        hits = self.hits(reading, ids)
        return self._extractive.answer(asked, hits, self._state, self._judge, ids, on=self._on)
