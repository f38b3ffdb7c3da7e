"""The real library, index and answerer without an embedder: words alone find the passages."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from corpus.library import Library
from corpus.model import Document
from rag.adapters.chroma_index import ChromaIndex
from rag.answer import Extractive
from rag.assistant import LocalAssistant
from rag.compose import Draft
from rag.data_folder import DataFolder
from rag.errors import EmbedderUnavailable
from rag.indexing import snapshot
from rag.judge import Judge
from rag.lexical import LexicalIndex
from rag.ports import Embedder, Vectors
from rag.refuse import Choices, Gap
from rag.retrieve import Retriever
from rag.statements import scope
from rag.understand import understand


class NoEmbedder:
    """The embedder of an office whose model is missing."""

    fingerprint = "none"

    def embed_query(self, text: str) -> Vectors:
        raise EmbedderUnavailable("not here")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        raise EmbedderUnavailable("not here")


@contextmanager
def words_only(path: Path, embedder: Embedder | None = None) -> Iterator[LocalAssistant]:
    """The assistant over the shipped documents, without a chat model."""
    folder = DataFolder(path)
    embedder = embedder or NoEmbedder()
    index = ChromaIndex(folder.path / "index", embedder.fingerprint)
    extractive = Extractive(Retriever(index, embedder, lexical_weight=1.0, candidates=40))
    assistant = LocalAssistant(
        Library(folder.engine, None, 1_000_000), index, embedder, extractive, None,
        k1=1.0, b=0.45, leaves_machine=False,
    )  # fmt: skip
    yield assistant
    asyncio.run(assistant.close())
    folder.close()


class NoIndex:
    """An index without a vector."""

    def ids(self) -> set[str]:
        return set()

    def count(self) -> int:
        return 0

    def add(self, ids: Sequence[str], document_ids: Sequence[str], vectors: Vectors) -> None:
        raise NotImplementedError

    def remove(self, ids: Collection[str]) -> None:
        raise NotImplementedError

    def drop_others(self) -> None:
        raise NotImplementedError

    def nearest(
        self, vector: Vectors, limit: int, document_ids: Collection[str] | None = None
    ) -> dict[str, float]:
        return {}

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> dict[str, float]:
        return {}


def lexical_index(*texts: str) -> LexicalIndex:
    """Each text a unit of one passage, headed by itself."""
    passages = [[text] for text in texts]
    return LexicalIndex(passages, range(len(texts)), texts, ["văn bản"], k1=1, b=0.5)


def told_by(documents: Sequence[Document], question: str, *, on: date) -> Draft | Gap | Choices:
    """What the default answerer tells of some documents, finding by words only."""
    state = snapshot(documents, k1=1.0, b=0.45)
    judge = Judge([scope(p.searchable(state.document(p))) for p in state.passages])
    answerer, asked = Extractive(words_only_retriever()), understand(question)
    hits = answerer.retrieve(asked, state, None)
    return answerer.answer(asked, hits, state, judge, on=on)


def words_only_retriever() -> Retriever:
    """A retriever that needs no folder: it looks for words only."""
    return Retriever(NoIndex(), NoEmbedder(), lexical_weight=1.0, candidates=40)
