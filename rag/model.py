"""The nouns of answering: a `Question` goes in, an `Answer` comes out. No HTTP, no Telegram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.model import Citation, Passage

MAX_QUESTION_CHARS = 2000

Reason = Literal["no_source", "out_of_scope", "unsafe"]
Status = Literal["answered", "refused", "clarify"]


@dataclass(frozen=True)
class Topic:
    """What a conversation is about: its last question, made whole, and where the answer stands."""

    question: str
    document_ids: tuple[str, ...] = ()  # of the cited documents, the first cited first
    path: tuple[tuple[str, str], ...] = ()  # level and label of each step to the part first cited
    subject: str = ""  # what is spoken of, through questions that only ask further
    root: str = ""  # what the last question that leant on nothing was about
    span: tuple[int, int] = (0, 0)  # of the words first cited


@dataclass(frozen=True)
class Question:
    """What a person asked, and where to look for it.

    A follow-up is understood from `topic`, or from `history` where only the questions are known.
    """

    text: str
    document_ids: frozenset[str] | None = None  # None: everywhere
    history: tuple[str, ...] = ()  # earlier questions of the conversation, oldest first
    topic: Topic | None = None


@dataclass(frozen=True)
class Hit:
    """A passage that retrieval found; `score` is 0..1, comparable within one question only."""

    passage: Passage
    score: float
    lanes: Mapping[str, float] = field(default_factory=dict)  # lane name -> its own score


@dataclass(frozen=True)
class Refusal:
    """A valid result: no text in the library holds the asked fact."""

    reason: Reason
    message: str
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Choice:
    """One way to understand a question that fits several documents."""

    label: str
    document_ids: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What a person is shown. Each `[n]` of `text` has its citation and the other way round."""

    status: Status
    text: str
    citations: tuple[Citation, ...] = ()
    refusal: Refusal | None = None
    choices: tuple[Choice, ...] = ()
    notices: tuple[str, ...] = ()  # on the question, on validity and other names of what is cited
    answered_by: str = "extractive"
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    topic: Topic | None = None  # for the next question of the conversation


@dataclass(frozen=True)
class StepStarted:
    """The answerer begins a step: `understand`, `retrieve`, `answer`, `verify`."""

    step: str


@dataclass(frozen=True)
class Delta:
    """A piece of the answer's text; only text that was already verified."""

    text: str


@dataclass(frozen=True)
class Cited:
    """A citation that the text already sent refers to."""

    citation: Citation


@dataclass(frozen=True)
class Done:
    """The whole answer: always the last event."""

    answer: Answer


Event = StepStarted | Delta | Cited | Done


@dataclass(frozen=True)
class Health:
    """What the operator should know; `problems` is empty when all is well."""

    documents: int
    passages: int
    embedded: int  # passages found by meaning, too; fewer than `passages` while indexing goes on
    problems: tuple[str, ...] = ()  # short Vietnamese sentences
    chat_model: str | None = None
    questions_leave_machine: bool = False
    indexing: bool = False  # what was taken in is not found in full yet
