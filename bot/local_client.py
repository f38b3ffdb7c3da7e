"""A command that opens the data folder itself: for this run it is the folder's one owner."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.answer_body import AnswerBody, ListedDocumentBody, answer_body, listed_document_body
from bot.clients import Progress
from bot.dialogue import clean_question
from bot.document_body import MissingBody, missing_bodies
from bot.duty_body import DutyBody, duty_body, find_duties, wanted_from_filters
from config.settings import Settings
from rag.model import Question
from rag.wiring import open_assistant


class LocalClient:
    """An assistant with an event loop of its own; used as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = asyncio.Runner()
        self._stack = AsyncExitStack()

    def __enter__(self) -> LocalClient:
        """Raises what `open_assistant` raises."""
        opening = self._stack.enter_async_context(open_assistant(self._settings))
        self._assistant = self._loop.run(opening)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.run(self._stack.aclose())
        self._loop.close()

    def prepare(self, on_progress: Progress) -> None:
        self.index(False, on_progress)

    def ask(self, question: str, document_ids: Sequence[str] = ()) -> AnswerBody:
        for document_id in document_ids:
            self._assistant.document(document_id)
        asked = Question(clean_question(question), frozenset(document_ids) or None)
        answer = self._loop.run(self._assistant.answer(asked))
        # Not kept: a conversation that a server doesn't know is a fresh one to it.
        return answer_body(answer, answer_id=uuid.uuid4().hex, conversation_id=uuid.uuid4().hex)

    def documents(self) -> list[ListedDocumentBody]:
        return [listed_document_body(document) for document in self._assistant.documents()]

    def text(self, document_id: str) -> str:
        return self._assistant.document(document_id).text

    def duties(self, filters: Mapping[str, str]) -> list[DutyBody]:
        found = find_duties(self._assistant.documents(), wanted_from_filters(filters))
        return [duty_body(duty) for duty in found]

    def add(self, path: Path, corrections: Mapping[str, str]) -> ListedDocumentBody:
        return listed_document_body(self._loop.run(self._assistant.add(path, corrections)))

    def correct(
        self, document_id: str, corrections: Mapping[str, str | None]
    ) -> ListedDocumentBody:
        work = self._assistant.correct(document_id, corrections)
        return listed_document_body(self._loop.run(work))

    def missing(self) -> list[MissingBody]:
        return missing_bodies(self._assistant.links().missing)

    def remove(self, document_id: str) -> None:
        self._loop.run(self._assistant.remove(document_id))

    def index(self, rebuild: bool, on_progress: Progress) -> None:
        self._loop.run(self._assistant.index(rebuild=rebuild, on_progress=on_progress))

    def health(self) -> dict[str, Any]:
        health = self._assistant.health()
        return {
            "documents": health.documents,
            "passages": health.passages,
            "embedded": health.embedded,
            "problems": list(health.problems),
        }
