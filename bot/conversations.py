"""What was asked and answered, kept in one SQLite file of the data folder.

A disk that is full or read-only must never cost a person the answer: each failure is logged
(without the question), shown by `failing`, and the caller goes on. Methods block for about a
millisecond; call them through `asyncio.to_thread` inside an event loop.
"""

from __future__ import annotations

import json
import logging
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import NotDeleted
from rag.model import Topic

log = logging.getLogger(__name__)

T = TypeVar("T")
HISTORY_QUESTIONS = 10  # a follow-up refers to the last few; more only costs time
DAY_S = 86_400

_metadata = sa.MetaData()
_conversations = sa.Table(
    "conversations",
    _metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("last_at", sa.Float, nullable=False, index=True),
)
_turns = sa.Table(
    "turns",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("answer_id", sa.Text, nullable=False, unique=True),
    sa.Column("conversation_id", sa.Text, nullable=False, index=True),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)
_topics = sa.Table(
    "topics",
    _metadata,
    sa.Column("conversation_id", sa.Text, primary_key=True),
    sa.Column("topic", sa.Text, nullable=False),
)


def unguessable_id() -> str:
    """128 random bits; 22 characters fit Telegram's 64 bytes of callback data."""
    return secrets.token_urlsafe(16)


class Conversations:
    """Opens, remembers and forgets conversations. A client's own id is never taken over."""

    def __init__(
        self,
        path: Path,
        *,
        expire_days: int = 30,
        clock: Callable[[], float] = time.time,
        new_id: Callable[[], str] = unguessable_id,
    ) -> None:
        self.failing = False
        self.new_id = new_id
        self._path = path
        self._expire_s = expire_days * DAY_S
        self._clock = clock
        self._ready = False
        self._making = threading.Lock()  # two first calls in two threads would both make the tables
        # hide_parameters: a failed INSERT would print the question into the log.
        self._engine = sa.create_engine(f"sqlite:///{path}", hide_parameters=True)
        sa.event.listen(self._engine, "connect", _prepare_connection)

    def open(self, conversation_id: str | None = None) -> str:
        """The same id if it is one of ours and not expired, else a fresh one."""
        if conversation_id and self._run(lambda c: _is_known(c, conversation_id), False):
            return conversation_id
        fresh = self.new_id()
        row = {"id": fresh, "last_at": self._clock()}
        self._write(lambda c: c.execute(sa.insert(_conversations).values(row)))
        return fresh

    def add_turn(
        self,
        conversation_id: str,
        answer_id: str,
        question: str,
        body: Mapping[str, Any],
        topic: Topic | None = None,
    ) -> None:
        """Remember one question with the body of its answer, unless the conversation was deleted
        meanwhile: nobody could find and delete the turn any more. `topic` is what the conversation
        is about now.
        """
        row = {
            "answer_id": answer_id,
            "conversation_id": conversation_id,
            "question": question,
            "body": json.dumps(body, ensure_ascii=False),
        }
        seen = sa.update(_conversations).where(_conversations.c.id == conversation_id)

        def add(connection: sa.Connection) -> int:
            known = connection.execute(seen.values(last_at=self._clock())).rowcount
            if known:
                connection.execute(sa.insert(_turns).values(row))
                own = _topics.c.conversation_id == conversation_id
                connection.execute(sa.delete(_topics).where(own))
                if topic is not None:
                    text = json.dumps(asdict(topic), ensure_ascii=False)
                    now = {"conversation_id": conversation_id, "topic": text}
                    connection.execute(sa.insert(_topics).values(now))
            return known

        self._write(add)

    def history(self, conversation_id: str) -> tuple[str, ...]:
        """The last questions of a conversation, oldest first."""
        query = _latest(conversation_id, HISTORY_QUESTIONS)
        questions = self._run(lambda c: tuple(row.question for row in c.execute(query)), ())
        return questions[::-1]

    def last_turn(self, conversation_id: str) -> tuple[str, dict[str, Any]] | None:
        """The last question and the body of its answer, or None."""
        row = self._run(lambda c: c.execute(_latest(conversation_id, 1)).first(), None)
        return (row.question, json.loads(row.body)) if row else None

    def topic(self, conversation_id: str) -> Topic | None:
        """What the conversation is about, None where nothing is known."""
        query = sa.select(_topics.c.topic).where(_topics.c.conversation_id == conversation_id)
        text = self._run(lambda c: c.execute(query).scalar(), None)
        return _read_topic(text) if text else None

    def answer(self, answer_id: str) -> dict[str, Any] | None:
        """The stored body of an answer, or None where it is not (or no longer) known."""
        query = sa.select(_turns.c.body).where(_turns.c.answer_id == answer_id)
        text = self._run(lambda c: c.execute(query).scalar(), None)
        return None if text is None else dict(json.loads(text))

    def delete(self, conversation_id: str) -> bool:
        """Forget a conversation and all that was said in it; False for one that is not known.

        Raises NotDeleted where the disk does not let us: nobody may believe that it is gone.
        """

        deleted = self._write(lambda c: _forget(c, [conversation_id]) > 0)
        if deleted is None:
            raise NotDeleted
        return deleted

    def expire(self, now: float | None = None) -> None:
        """Forget conversations in which nothing was said for `expire_days`."""
        limit = (self._clock() if now is None else now) - self._expire_s
        old = sa.select(_conversations.c.id).where(_conversations.c.last_at < limit)
        self._write(lambda c: _forget(c, old))

    def close(self) -> None:
        """Close the file; the next call would open it again."""
        self._engine.dispose()

    def _write(self, work: Callable[[sa.Connection], T]) -> T | None:
        """All of `work`, or nothing and None. Only a write that worked shows that the disk is well
        again.
        """
        done = self._run(work, None)
        if done is not None:
            self.failing = False
        return done

    def _run(self, work: Callable[[sa.Connection], T], otherwise: T) -> T:
        """Do `work` in one transaction; on a failure log it and give `otherwise`."""
        try:
            self._make_tables()
            with self._engine.begin() as connection:
                return work(connection)
        except (SQLAlchemyError, OSError) as exc:
            reason = getattr(exc, "orig", None) or type(exc).__name__
            log.error("conversations can't be read or written: %s", reason)
            self.failing = True
            return otherwise

    def _make_tables(self) -> None:
        with self._making:
            if self._ready:
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # People's questions are nobody else's business; SQLite's side files get the same mode.
            self._path.touch(mode=0o600)
            self._path.chmod(0o600)  # the library may have made the file
            _metadata.create_all(self._engine)
            self._ready = True


def _forget(connection: sa.Connection, ids: Sequence[str] | sa.Select[tuple[str]]) -> int:
    """Delete conversations with all that was said in them; how many there were."""
    for table in (_turns, _topics):
        connection.execute(sa.delete(table).where(table.c.conversation_id.in_(ids)))
    return connection.execute(
        sa.delete(_conversations).where(_conversations.c.id.in_(ids))
    ).rowcount


def _read_topic(text: str) -> Topic:
    kept = json.loads(text)
    path = tuple((level, label) for level, label in kept["path"])
    ids, subjects = tuple(kept["document_ids"]), (kept.get("subject", ""), kept.get("root", ""))
    start, end = kept.get("span", (0, 0))
    return Topic(kept["question"], ids, path, *subjects, span=(start, end))


def _prepare_connection(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in (
        "busy_timeout=5000",
        "journal_mode=WAL",
        "synchronous=NORMAL",  # safe with WAL; a power cut may cost the last turn
        "secure_delete=ON",  # what is forgotten is overwritten
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _is_known(connection: sa.Connection, conversation_id: str) -> bool:
    query = sa.select(_conversations.c.id).where(_conversations.c.id == conversation_id)
    return connection.execute(query).first() is not None


def _latest(conversation_id: str, limit: int) -> sa.Select[tuple[str, str]]:
    own = _turns.c.conversation_id == conversation_id
    columns = sa.select(_turns.c.question, _turns.c.body)
    return columns.where(own).order_by(_turns.c.number.desc()).limit(limit)
