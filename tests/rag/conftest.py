from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from rag.assistant import LocalAssistant
from rag.model import Answer, Question
from tests.rag.model_server import GOOD, QUESTION, ModelServer, said, serving, writer_for
from tests.rag.words_only import words_only


@pytest.fixture(scope="module")
def model_server() -> Iterator[ModelServer]:
    """LangChain is imported with the first question: seconds that no test's clock should count."""
    with serving() as server:
        asyncio.run(said(writer_for(server.url, timeout_s=30), "?", ["a"]))
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
    with words_only(tmp_path_factory.mktemp("data")) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def default(parts: LocalAssistant) -> Answer:
    """What is answered without a chat model."""
    answer = asyncio.run(parts.answer(Question(QUESTION)))
    assert "15/10/2024" in answer.text
    return answer
