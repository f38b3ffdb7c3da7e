"""The real library, index and answerer without an embedder: words alone find the passages."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from corpus.library import Library
from rag.adapters.chroma_index import ChromaIndex
from rag.answer import Extractive
from rag.assistant import LocalAssistant
from rag.data_folder import DataFolder
from rag.errors import EmbedderUnavailable
from rag.ports import Vectors
from rag.retrieve import Retriever


class NoEmbedder:
    """The embedder of an office whose model is missing."""

    fingerprint = "none"

    def embed_query(self, text: str) -> Vectors:
        raise EmbedderUnavailable("not here")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        raise EmbedderUnavailable("not here")


@contextmanager
def words_only(path: Path) -> Iterator[LocalAssistant]:
    """The assistant over the shipped documents, without a chat model."""
    folder = DataFolder(path)
    embedder = NoEmbedder()
    index = ChromaIndex(folder.path / "index", embedder.fingerprint)
    extractive = Extractive(Retriever(index, embedder, lexical_weight=1.0, candidates=40))
    assistant = LocalAssistant(
        Library(folder.engine, None, 1_000_000), index, embedder, extractive, None,
        k1=1.0, b=0.45, leaves_machine=False,
    )  # fmt: skip
    yield assistant
    asyncio.run(assistant.close())
    folder.close()
