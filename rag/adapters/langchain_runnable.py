"""The answering path as LangChain parts, so that others can compose it: a retriever and a runnable.

Not here: the chat model that may write the answer (`langchain_chat_model.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import reduce
from operator import add
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableGenerator
from langchain_core.runnables.utils import AddableDict

from corpus.model import Citation
from rag.adapters.langchain_tracing import forbid_tracing
from rag.assistant import Assistant, LocalAssistant
from rag.indexing import Snapshot
from rag.model import Answer, Cited, Delta, Done, Hit, Question

forbid_tracing()


class DanvanRetriever(BaseRetriever):
    """Passages of the library for a question, best first. Raises InvalidQuestion."""

    assistant: LocalAssistant
    limit: int = 8

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        _, hits, state, _ = self.assistant.looked_up(Question(query))
        return [_document(hit, state) for hit in hits[: self.limit]]


def _document(hit: Hit, state: Snapshot) -> Document:
    passage, source = hit.passage, state.document(hit.passage)
    cited = Citation(1, source, passage.part, passage.start, passage.end, passage.context)
    metadata = {
        "document_id": source.id, "title": source.title, "locator": cited.locator, "start": cited.start,
        "end": cited.end, "url": cited.url, "score": hit.score,
    }  # fmt: skip
    return Document(page_content=cited.quote, metadata=metadata, id=passage.id)


def answer_runnable(assistant: Assistant) -> Runnable[str | dict[str, Any], dict[str, Any]]:
    """A question, or `{"question", "document_ids"?}`, to `{"status", "answer", "citations",
    "answered_by"}`. Streamed, `answer` and `citations` come in pieces, the rest at the end.

    `ainvoke` and `astream` run in the caller's loop, `invoke` in one of its own: call it from a
    thread without a running loop. Raises InvalidQuestion.
    """

    async def stream(inputs: AsyncIterator[Any]) -> AsyncIterator[dict[str, Any]]:
        question = _question([piece async for piece in inputs])
        async for event in assistant.answer_events(question):
            if isinstance(event, Delta):
                yield AddableDict(answer=event.text)
            elif isinstance(event, Cited):
                yield AddableDict(citations=[_citation(event.citation)])
            elif isinstance(event, Done):
                yield _end(event.answer)

    def at_once(inputs: Iterator[Any]) -> Iterator[dict[str, Any]]:
        answer = asyncio.run(assistant.answer(_question(list(inputs))))
        cited = [_citation(citation) for citation in answer.citations]
        yield AddableDict(answer=answer.text, citations=cited) + _end(answer)

    return RunnableGenerator(at_once, stream, name="danvan")


def _question(pieces: list[Any]) -> Question:
    """What stands before it in a chain may stream its output: the pieces are joined first."""
    given = reduce(add, pieces)
    if isinstance(given, str):
        return Question(given)
    ids = given.get("document_ids")
    return Question(given["question"], frozenset(ids) if ids is not None else None)


def _end(answer: Answer) -> AddableDict:
    return AddableDict(citations=[], status=answer.status, answered_by=answer.answered_by)


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "marker": citation.marker, "document_id": citation.document.id, "title": citation.document.title,
        "locator": citation.locator, "quote": citation.quote, "start": citation.start,
        "end": citation.end, "url": citation.url,
    }  # fmt: skip
