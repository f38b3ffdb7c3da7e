"""Keep passages, vectors and the lexical lane in step with the library.

Only what changed is embedded: a vector's id holds a digest of the very text that was embedded, so
what stands in the index is right whenever the process was killed, and running again goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.links import Links
from corpus.model import Document, Passage
from corpus.passages import passages
from corpus.validity import Register
from rag.adapters.bm25_index import Bm25Index
from rag.adapters.chroma_index import ChromaIndex
from rag.ports import Embedder

Progress = Callable[[int, int], None]
_BATCH = 64  # passages embedded between two writes: what a kill can cost


@dataclass(frozen=True)
class Snapshot:
    """What one question is answered from; replaced as a whole when the library changes."""

    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    vector_ids: tuple[str, ...]  # parallel to `passages`
    position: dict[str, int]  # vector id -> place in `passages`
    lexical: Bm25Index
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
    links = Links(documents)
    return Snapshot(by_id, found, ids, position, Bm25Index(texts, k1=k1, b=b), margins, links,
                    Register(documents, links))  # fmt: skip


def _is_margin(passage: Passage) -> bool:
    return any(step.level in ("head", "foot") for step in passage.part.path)


def _vector_id(passage: Passage, text: str) -> str:
    return f"{passage.id}:{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def bring_up_to_date(
    state: Snapshot, index: ChromaIndex, embedder: Embedder, on_progress: Progress | None = None
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
