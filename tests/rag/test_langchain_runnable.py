"""The answering path as LangChain parts that others compose."""

from __future__ import annotations

from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from rag.adapters.langchain_runnable import DanvanRetriever, answer_runnable
from rag.assistant import LocalAssistant
from rag.model import Answer
from tests.rag.model_server import QUESTION


async def test_the_retriever_gives_passages_with_their_place(parts: LocalAssistant) -> None:
    found = await DanvanRetriever(assistant=parts, limit=3).ainvoke(QUESTION)
    assert len(found) == 3
    for document in found:
        stored = parts.document(document.metadata["document_id"])
        assert (
            stored.text[document.metadata["start"] : document.metadata["end"]]
            == document.page_content
        )
        assert document.metadata["locator"]
        assert document.metadata["url"].startswith("/documents/")
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)


async def test_the_answer_can_be_composed_with_other_runnables(
    parts: LocalAssistant, default: Answer
) -> None:
    question: Runnable[str, dict[str, Any]] = RunnableLambda(lambda text: {"question": text})
    chain = question | answer_runnable(parts) | RunnableLambda(lambda result: result["answer"])
    assert await chain.ainvoke(QUESTION) == default.text
    batch = await answer_runnable(parts).abatch(
        [QUESTION, {"question": QUESTION, "document_ids": []}]
    )
    assert [result["status"] for result in batch] == ["answered", "refused"]


async def test_a_streamed_answer_adds_up_to_the_whole(
    parts: LocalAssistant, default: Answer
) -> None:
    pieces = [piece async for piece in answer_runnable(parts).astream(QUESTION)]
    assert len(pieces) > 1
    assert "".join(piece.get("answer", "") for piece in pieces) == default.text
    whole = await answer_runnable(parts).ainvoke(QUESTION)
    assert whole["answer"] == default.text
    assert [c["marker"] for c in whole["citations"]] == [c.marker for c in default.citations]


def test_the_runnable_answers_without_a_loop_too(parts: LocalAssistant, default: Answer) -> None:
    whole = answer_runnable(parts).invoke(QUESTION)
    assert whole["answer"] == default.text
    assert whole["status"] == "answered"
    assert whole["answered_by"] == "extractive"
