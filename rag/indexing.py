"""Keep passages, vectors and the lexical lane in step with the library.

Only what changed is embedded: a vector's id holds a digest of the very text that was embedded, so
what stands in the index is right whenever the process was killed, and running again goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.links import Links
from corpus.model import Document, Passage, Step
from corpus.passages import passages
from corpus.validity import Register
from rag.lexical import LexicalIndex, Numbers
from rag.ports import Embedder, VectorIndex

Progress = Callable[[int, int], None]
_BATCH = 64  # passages embedded between two writes: what a kill can cost


@dataclass(frozen=True)
class Units:
    """What passages are judged with: the article around each, or the outermost part.

    A unit is a number: its passages stand together in `Snapshot.passages`.
    """

    of_passage: Numbers  # (passages,) the unit of each
    of_document: Numbers  # (units,) the document of each, numbered as in `Snapshot.documents`


@dataclass(frozen=True)
class Snapshot:
    """What one question is answered from; replaced as a whole when the library changes."""

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    vector_ids: tuple[str, ...]  # parallel to `passages`
    position: dict[str, int]  # vector id -> place in `passages`
    units: Units
    lexical: LexicalIndex
    margins: dict[str, tuple[Passage, ...]]  # head and foot by document id
    links: Links  # which text names which; read when first asked for
    register: Register  # what is in force

    def document(self, passage: Passage) -> Document:
        return self.documents[passage.document_id]


def snapshot(documents: Sequence[Document], *, k1: float, b: float) -> Snapshot:
    """Cut all documents into passages and make their lexical lane; no vector is needed."""
    found = tuple(passage for document in documents for passage in passages(document))
    by_id = {document.id: document for document in documents}
    texts = [passage.searchable(by_id[passage.document_id]) for passage in found]
    ids = tuple(_vector_id(passage, text) for passage, text in zip(found, texts, strict=True))
    position = {vector_id: place for place, vector_id in enumerate(ids)}
    margins = {
        document.id: tuple(p for p in found if p.document_id == document.id and _is_margin(p))
        for document in documents
    }
    units, lexical = _lexical(by_id, found, texts, k1=k1, b=b)
    links = Links(documents)
    register = Register(documents, links)
    return Snapshot(by_id, found, ids, position, units, lexical, margins, links, register)


def _lexical(
    documents: dict[str, Document],
    found: Sequence[Passage],
    texts: Sequence[str],
    *,
    k1: float,
    b: float,
) -> tuple[Units, LexicalIndex]:
    lines = [text.split("\n") for text in texts]
    numbers: dict[tuple[str, tuple[Step, ...]], int] = {}
    of_passage = [numbers.setdefault(_unit(passage), len(numbers)) for passage in found]
    unit_lines: list[dict[str, None]] = [{} for _ in numbers]
    for unit, own in zip(of_passage, lines, strict=True):
        unit_lines[unit] |= dict.fromkeys(own)
    named = {(d.id, part.path): part.heading for d in documents.values() for part in d.parts()}
    order = {document_id: number for number, document_id in enumerate(documents)}
    units = Units(
        np.array(of_passage, dtype=np.int64),
        np.array([order[document_id] for document_id, _ in numbers], dtype=np.int64),
    )
    lexical = LexicalIndex(
        lines,
        [list(own) for own in unit_lines],
        [named[unit] for unit in numbers],
        [document.title for document in documents.values()],
        k1=k1,
        b=b,
    )
    return units, lexical


def _unit(passage: Passage) -> tuple[str, tuple[Step, ...]]:
    """The article that a passage stands in, the outermost part where there is none."""
    path = passage.part.path
    depth = next((n for n, step in enumerate(path, 1) if step.level == "article"), 1)
    return passage.document_id, path[:depth]


def _is_margin(passage: Passage) -> bool:
    return any(step.level in ("head", "foot") for step in passage.part.path)


def _vector_id(passage: Passage, text: str) -> str:
    return f"{passage.id}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def bring_up_to_date(
    state: Snapshot, index: VectorIndex, embedder: Embedder, on_progress: Progress | None = None
) -> int:
    """Embed what has no vector yet, forget what is no longer there; how many were embedded.

    Raises IndexUnavailable, EmbedderUnavailable.
    """
    there = index.ids()
    index.remove(there - state.position.keys())
    missing = [place for vector_id, place in state.position.items() if vector_id not in there]
    # Texts of one length side by side: a batch is as slow as its longest.
    missing.sort(key=lambda place: state.passages[place].end - state.passages[place].start)
    report = on_progress or (lambda done, total: None)
    report(0, len(missing))
    for begin in range(0, len(missing), _BATCH):
        batch = missing[begin : begin + _BATCH]
        chosen = [state.passages[place] for place in batch]
        vectors = embedder.embed_passages([p.searchable(state.document(p)) for p in chosen])
        index.add([state.vector_ids[place] for place in batch],
                  [passage.document_id for passage in chosen], vectors)  # fmt: skip
        report(min(begin + _BATCH, len(missing)), len(missing))
    index.drop_others()
    return len(missing)
