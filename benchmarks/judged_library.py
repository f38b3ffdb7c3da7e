"""A data folder opened for a fit: its documents, and what the judge says to a question."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from config.settings import load_settings
from corpus.model import Document
from rag.answer import judged_statements, may_answer
from rag.assistant import LocalAssistant
from rag.judge import Judged
from rag.model import Question
from rag.understand import Understood
from rag.wiring import open_assistant


@dataclass(frozen=True)
class JudgedLibrary:
    documents: dict[str, Document]  # by file name
    assistant: LocalAssistant

    def judged(self, question: str) -> tuple[Understood, list[Judged]]:
        """The question read, and the statements that may answer it, likeliest first; none where it names
        a place, which is looked up without a judge."""
        asked, hits, state, judge = self.assistant.looked_up(Question(question))
        if asked.part:
            return asked, []
        return asked, may_answer(asked, judged_statements(asked, hits, state, judge))


@asynccontextmanager
async def library_of(data_dir: str) -> AsyncIterator[JudgedLibrary]:
    settings = load_settings({**os.environ, "DANVAN_DATA_DIR": data_dir})
    async with open_assistant(settings) as assistant:
        assert isinstance(assistant, LocalAssistant)
        await assistant.index()
        yield JudgedLibrary({d.source: d for d in assistant.documents()}, assistant)
