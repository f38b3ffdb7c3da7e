"""Keep passages, vectors and the lexical lane in step with the library.

Only what changed is embedded: a vector's id holds a digest of the very text that was embedded, so
what stands in the index is right whenever the process was killed, and running again goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from corpus.links import Links
from corpus.model import Document, Passage, Step
from corpus.passages import passages
from corpus.validity import Register
from rag.defined_terms import DefinedTerms
from rag.lexical import LexicalIndex
from rag.lines import Numbers, spans
from rag.ports import Embedder, VectorIndex

Progress = Callable[[int, int], None]
_BATCH = 64  # texts embedded between two writes: what a kill can cost
# A vector for each passage takes two cores half an hour at this size. A larger library, the whole
# codified law for one, gets one for each article, of its opening.
MOST_PASSAGE_VECTORS = 50_000
OPENING_CHARS = 300


@dataclass(frozen=True)
class Units:
    """What passages are judged with: the article around each, or the outermost part.

    A unit is a number.
    """

    of_passage: Numbers  # (passages,) the unit of each
    of_document: Numbers  # (units,) the document of each, numbered as in `Snapshot.documents`

    @cached_property
    def _by_unit(self) -> Numbers:
        """Places of passages, those of one unit together: a chapter's own stand around its articles."""
        return np.argsort(self.of_passage, kind="stable")

    @cached_property
    def _borders(self) -> Numbers:
        ordered = self.of_passage[self._by_unit]
        return np.searchsorted(ordered, np.arange(len(self.of_document) + 1))

    def passages(self, units: Numbers) -> tuple[Numbers, Numbers]:
        """The places of all passages of some units, with the place of its unit in `units` for each."""
        owners, at = spans(self._borders[units], self._borders[units + 1])
        return self._by_unit[at], owners


@dataclass(frozen=True)
class Embedded:
    """What has a vector: each passage, in a large library the opening of each unit."""

    ids: tuple[str, ...]  # of the vectors; each holds a digest of the very text
    first: Numbers  # (vectors,) the first passage of each
    of_passage: Numbers  # (passages,) the vector of each
    chars: int | None  # of the text that are embedded; None for the whole

    @cached_property
    def position(self) -> dict[str, int]:
        """Id -> place in `ids`."""
        return {vector_id: place for place, vector_id in enumerate(self.ids)}


@dataclass(frozen=True)
class Snapshot:
    """What one question is answered from; replaced as a whole when the library changes."""

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    units: Units
    embedded: Embedded
    lexical: LexicalIndex
    defined: DefinedTerms
    margins: dict[str, tuple[Passage, ...]]  # head and foot by document id
    links: Links  # which text names which; read when first asked for
    register: Register  # what is in force

    def document(self, passage: Passage) -> Document:
        return self.documents[passage.document_id]

    def vector_text(self, place: int) -> str:
        """What the vector at a place of `embedded.ids` says."""
        first, chars = int(self.embedded.first[place]), self.embedded.chars
        return _vector_text(self.documents, self.passages, self.units, first, chars)


def snapshot(documents: Sequence[Document], *, k1: float, b: float) -> Snapshot:
    """Cut all documents into passages and make their lexical lane; no vector is needed."""
    by_id = {document.id: document for document in documents}
    found = tuple(passage for document in documents for passage in passages(document))
    numbers: dict[tuple[str, tuple[Step, ...]], int] = {}
    of_passage = [numbers.setdefault(_unit(passage), len(numbers)) for passage in found]
    order = {document_id: number for number, document_id in enumerate(by_id)}
    units = Units(
        np.array(of_passage, dtype=np.int64),
        np.array([order[document_id] for document_id, _ in numbers], dtype=np.int64),
    )
    named = {
        (d.id, part.path): part.heading
        for d in documents
        for part in d.parts()
        if part.level == "article" or len(part.path) == 1
    }
    lexical = LexicalIndex(
        (_lines(passage, by_id[passage.document_id]) for passage in found),
        of_passage,
        [named[unit] for unit in numbers],
        [document.title for document in documents],
        k1=k1,
        b=b,
    )
    margins: dict[str, tuple[Passage, ...]] = dict.fromkeys(by_id, ())
    for passage in filter(_is_margin, found):
        margins[passage.document_id] += (passage,)
    links = Links(documents)
    register = Register(documents, links)
    embedded = _embedded(by_id, found, units)
    defined = DefinedTerms(found, by_id)
    return Snapshot(by_id, found, units, embedded, lexical, defined, margins, links, register)


def _lines(passage: Passage, document: Document) -> Iterator[str]:
    # A piece of one line stays the same string: what is read once is found again quickly.
    return chain.from_iterable(piece.split("\n") for piece in passage.pieces(document))


def _embedded(documents: dict[str, Document], found: Sequence[Passage], units: Units) -> Embedded:
    if len(found) > MOST_PASSAGE_VECTORS:
        first, of_passage = np.unique(units.of_passage, return_index=True)[1], units.of_passage
        chars: int | None = OPENING_CHARS
    else:
        first = of_passage = np.arange(len(found))
        chars = None
    texts = (_vector_text(documents, found, units, place, chars) for place in first.tolist())
    ids = tuple(
        f"{found[place].id}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        for place, text in zip(first.tolist(), texts, strict=True)
    )
    return Embedded(ids, first, of_passage, chars)


def _vector_text(
    documents: dict[str, Document],
    found: Sequence[Passage],
    units: Units,
    first: int,
    chars: int | None,
) -> str:
    """A passage; with `chars` the opening of its unit, title and heading among it, cut between words."""
    own = found[first].searchable(documents[found[first].document_id])
    if chars is None:
        return own
    lines = dict.fromkeys(own.split("\n"))
    for place in range(first + 1, len(found)):
        if sum(map(len, lines)) > chars or units.of_passage[place] != units.of_passage[first]:
            break
        text = found[place].searchable(documents[found[place].document_id])
        lines |= dict.fromkeys(text.split("\n"))
    text = "\n".join(lines)
    return text if len(text) <= chars else text[:chars].rsplit(None, 1)[0]


def _unit(passage: Passage) -> tuple[str, tuple[Step, ...]]:
    """The article that a passage stands in, the outermost part where there is none."""
    path = passage.part.path
    for depth, step in enumerate(path, 1):
        if step.level == "article":
            return passage.document_id, path[:depth]
    return passage.document_id, path[:1]


def _is_margin(passage: Passage) -> bool:
    return any(step.level in ("head", "foot") for step in passage.part.path)


def bring_up_to_date(
    state: Snapshot, index: VectorIndex, embedder: Embedder, on_progress: Progress | None = None
) -> int:
    """Embed what has no vector yet, forget what is no longer there; how many were embedded.

    Raises IndexUnavailable, EmbedderUnavailable.
    """
    there = index.ids()
    index.remove(there - state.embedded.position.keys())
    missing = [
        place for vector_id, place in state.embedded.position.items() if vector_id not in there
    ]
    # Texts of one length side by side: a batch is as slow as its longest.
    missing.sort(key=lambda place: _length(state, place))
    report = on_progress or (lambda done, total: None)
    report(0, len(missing))
    for begin in range(0, len(missing), _BATCH):
        batch = missing[begin : begin + _BATCH]
        vectors = embedder.embed_passages([state.vector_text(place) for place in batch])
        owners = [state.passages[int(state.embedded.first[place])].document_id for place in batch]
        index.add([state.embedded.ids[place] for place in batch], owners, vectors)
        report(min(begin + _BATCH, len(missing)), len(missing))
    index.drop_others()
    return len(missing)


def _length(state: Snapshot, place: int) -> int:
    passage = state.passages[int(state.embedded.first[place])]
    return passage.end - passage.start
