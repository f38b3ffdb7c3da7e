"""One turn of a conversation, the same for every edge: read the question, keep the answer.

No HTTP and no Telegram here.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from bot.answer_body import AnswerBody, answer_body
from bot.conversations import HISTORY_QUESTIONS, Conversations
from bot.errors import UnknownFilter
from corpus.errors import UnknownDocument
from rag.assistant import Assistant
from rag.errors import InvalidQuestion
from rag.model import MAX_QUESTION_CHARS, Answer, Question
from rag.sensitive import cautions


@dataclass(frozen=True)
class Turn:
    """A question in its conversation, ready to be answered."""

    conversation_id: str
    question: Question


def clean_question(text: str) -> str:
    """NFC, without control and invisible characters, trimmed.

    Raises InvalidQuestion where 1 to 2,000 code points are not left.
    """
    kept = (_visible(char) for char in unicodedata.normalize("NFC", text))
    question = "".join(kept).strip()
    if not 1 <= len(question) <= MAX_QUESTION_CHARS:
        raise InvalidQuestion(f"{len(question)} code points")
    return question


def _visible(char: str) -> str:
    """Line breaks and tabs separate words; NUL, text direction marks and the like say nothing."""
    if char in "\n\r\t\v\f\x85":
        return " " if char == "\t" else "\n"
    return "" if unicodedata.category(char) in ("Cc", "Cf", "Cs") else char


async def begin_turn(
    assistant: Assistant,
    conversations: Conversations,
    text: str,
    conversation_id: str | None = None,
    document_ids: Sequence[str] | None = None,
) -> Turn:
    """Read what was typed, in the light of what was said before.

    Raises InvalidQuestion, UnknownFilter. An unknown conversation becomes a fresh one.
    """
    question = Question(clean_question(text), _known_ids(assistant, document_ids))
    own_id = await asyncio.to_thread(conversations.open, conversation_id)
    if own_id != conversation_id:
        return Turn(own_id, question)
    return await asyncio.to_thread(_with_past, conversations, Turn(own_id, question))


async def begin_free_turn(
    assistant: Assistant, text: str, earlier: Iterable[str], answered: str
) -> Question:
    """A question in a conversation that its caller keeps: the earlier questions, oldest first, and
    the last answer's text. Raises InvalidQuestion.
    """
    question = Question(clean_question(text))
    history = tuple(_readable(earlier))[-HISTORY_QUESTIONS:]
    last = None
    if history and question.text.casefold() in answered.casefold():  # perhaps a choice's label
        asked_before = Question(history[-1], history=history[:-1])
        before = await assistant.answer(asked_before)
        last = history[-1], answer_body(before, answer_id="", conversation_id="")
    return _in_context(question, history, last)


async def end_turn(conversations: Conversations, turn: Turn, answer: Answer) -> AnswerBody:
    """Give the answer its id, remember it unless the question should not be kept, return its body."""
    answer_id = conversations.new_id()
    body = answer_body(answer, answer_id=answer_id, conversation_id=turn.conversation_id)
    question = turn.question.text
    if not cautions(question):  # the answer may repeat what was asked: neither is kept
        await asyncio.to_thread(
            conversations.add_turn,
            turn.conversation_id,
            answer_id,
            question,
            dict(body),
            answer.topic,
        )
    return body


def _known_ids(assistant: Assistant, document_ids: Sequence[str] | None) -> frozenset[str] | None:
    """No ids, no filter."""
    for document_id in document_ids or ():
        try:
            assistant.document(document_id)
        except UnknownDocument as exc:
            raise UnknownFilter("unknown document id in filter") from exc
    return frozenset(document_ids) if document_ids else None


def _with_past(conversations: Conversations, turn: Turn) -> Turn:
    """Add what is kept of the conversation."""
    history = conversations.history(turn.conversation_id)
    topic = conversations.topic(turn.conversation_id)
    question = replace(turn.question, topic=topic)
    last = conversations.last_turn(turn.conversation_id)
    return replace(turn, question=_in_context(question, history, last))


def _in_context(
    question: Question, history: tuple[str, ...], last: tuple[str, Mapping[str, Any]] | None
) -> Question:
    """Add the earlier questions; a reply with a choice's label asks the earlier question there."""
    if last and question.document_ids is None:
        earlier, body = last
        for choice in body.get("choices") or ():
            if choice["label"].casefold().strip() == question.text.casefold():
                return Question(earlier, frozenset(choice["document_ids"]), history[:-1])
    return replace(question, history=history)


def _readable(questions: Iterable[str]) -> Iterator[str]:
    """Earlier questions as they were read then; what was none is passed over."""
    for text in questions:
        with suppress(InvalidQuestion):
            yield clean_question(text)
