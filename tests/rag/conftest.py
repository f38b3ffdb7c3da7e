from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import pytest

from corpus.library import Library
from rag.adapters.chroma_index import ChromaIndex
from rag.adapters.langchain_chat_model import LangChainWriter
from rag.answer import Extractive
from rag.assistant import LocalAssistant
from rag.data_folder import DataFolder
from rag.errors import EmbedderUnavailable
from rag.model import Answer, Question
from rag.ports import Vectors
from rag.retrieve import Retriever
from tests.rag.model_server import GOOD, PROMPT, QUESTION, ModelServer, serving, settings


class NoEmbedder:
    """The embedder of an office whose model is missing: words alone find the passages."""

    fingerprint = "none"

    def embed_query(self, text: str) -> Vectors:
        raise EmbedderUnavailable("not here")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        raise EmbedderUnavailable("not here")


@pytest.fixture(scope="module")
def model_server() -> Iterator[ModelServer]:
    """LangChain is imported with the first question: seconds that no test's clock should count."""
    with serving() as server:
        asyncio.run(LangChainWriter(settings(server.url, timeout_s=30), PROMPT).write("?", ["a"]))
        yield server


@pytest.fixture
def server(model_server: ModelServer) -> ModelServer:
    model_server.says(GOOD)
    model_server.requests.clear()
    model_server.headers.clear()
    return model_server


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAssistant]:
    """The assistant over the shipped documents, without a chat model."""
    folder = DataFolder(tmp_path_factory.mktemp("data"))
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


@pytest.fixture(scope="module")
def default(parts: LocalAssistant) -> Answer:
    """What is answered without a chat model."""
    answer = asyncio.run(parts.answer(Question(QUESTION)))
    assert "15/10/2024" in answer.text
    return answer
