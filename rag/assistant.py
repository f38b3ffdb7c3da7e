"""The whole library behind one door: what the edges (terminal, HTTP, Telegram) call.

One process owns the data folder; opening a second assistant on it raises `DataFolderBusy`.
"""

from __future__ import annotations

import asyncio
import os
import time
import unicodedata
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Collection,
    Mapping,
    Sequence,
)
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from corpus.errors import UnreadableDocument
from corpus.library import Library
from corpus.links import Links
from corpus.model import Document
from corpus.validity import Validity
from rag.adapters.chroma_index import ChromaIndex
from rag.answer import Extractive
from rag.compose import Draft
from rag.courtesies import as_meant
from rag.errors import (
    EmbedderUnavailable,
    IndexUnavailable,
    InvalidQuestion,
    PairScorerUnavailable,
    RerankerUnavailable,
)
from rag.events import growth
from rag.examples import examples
from rag.follow_ups import Whole, is_courtesy, topic_after
from rag.generate import generated
from rag.indexing import Progress, Snapshot, bring_up_to_date, snapshot
from rag.judge import Judge
from rag.model import (
    MAX_QUESTION_CHARS,
    Answer,
    Done,
    Event,
    Health,
    Hit,
    Question,
    StepStarted,
    Topic,
)
from rag.ports import Embedder, Entailment, PairScorer, Reranker, Writer
from rag.refuse import Choices, Gap, answer_of, courtesy
from rag.sensitive import cautions
from rag.sources import sources_of
from rag.standing import with_standing
from rag.statements import scope
from rag.turn import TurnReader
from rag.understand import Understood, understand

_NO_SCORER = (
    "Mô hình đọc câu hỏi cùng căn cứ không dùng được; câu trả lời có thể kém chính xác hơn."
)
_NO_RERANKER = (
    "Mô hình xếp hạng lại (retrieval.cross_encoder) không dùng được; đang xếp theo điểm tìm kiếm."
)
_NO_WRITER = "Mô hình ngôn ngữ không trả lời; đang dùng câu trả lời trích nguyên văn."
_NO_ENTAILMENT = "Mô hình suy luận (chat_model.entailment) không dùng được; câu chữ vẫn được đối chiếu với nguồn."
STILL_READING = "Một số văn bản trong kho chưa được đọc xong nên câu trả lời có thể chưa đủ; xin hỏi lại sau ít phút."
P = ParamSpec("P")
T = TypeVar("T")
_REPLAYED = 4  # earlier questions that are read again where only they are known


class Assistant(Protocol):
    """Questions in, answers out; documents kept."""

    async def answer(self, question: Question) -> Answer:
        """Answer one question. Raises InvalidQuestion; a refusal is an Answer."""
        ...

    def answer_events(self, question: Question) -> AsyncIterator[Event]:
        """The same as it happens: steps, verified text, citations, `Done` last."""
        ...

    async def examples(self) -> tuple[str, ...]:
        """A few questions that the library answers: each was tried. None for an empty library."""
        ...

    def documents(self) -> Sequence[Document]:
        """All documents, shipped ones first."""
        ...

    def document(self, document_id: str) -> Document:
        """One document. Raises UnknownDocument."""
        ...

    async def add(self, path: Path, corrections: Mapping[str, str] | None = None) -> Document:
        """Take a file in; questions see it from the next `index` on.

        Raises UnreadableDocument, DocumentTooLarge.
        """
        ...

    async def remove(self, document_id: str) -> None:
        """Remove an added document. Raises UnknownDocument, ShippedDocument."""
        ...

    async def correct(self, document_id: str, corrections: Mapping[str, str | None]) -> Document:
        """Say what is known of a document; None takes a correction back. Questions see it at once.

        Raises UnknownDocument, UnknownField.
        """
        ...

    def links(self) -> Links:
        """What names what among the documents as they are now.

        Made when first asked for, which takes seconds for a large library: call it in a thread.
        """
        ...

    def validity(self, document: Document) -> Validity:
        """What is known today of a document's validity."""
        ...

    async def index(
        self, *, rebuild: bool = False, on_progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Bring the index in step with the library; `on_progress(done, total)` counts passages.

        Words are searched at once, meaning as far as its vectors have come.
        """
        ...

    def health(self) -> Health:
        """Cheap: no model is called."""
        ...


class LocalAssistant:
    """The assistant of this process.

    A question is answered by one worker thread; as many at once as the machine has cores. Writing
    (index, library) has a thread of its own.
    """

    def __init__(
        self,
        library: Library,
        index: ChromaIndex,
        embedder: Embedder,
        extractive: Extractive,
        writer: Writer | None,
        *,
        k1: float,
        b: float,
        leaves_machine: bool,
        scorer: PairScorer | None = None,
        reranker: Reranker | None = None,
        entailment: Entailment | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._library, self._index, self._embedder = library, index, embedder
        self._extractive, self._scorer, self._reranker = extractive, scorer, reranker
        self._writer, self._entailment = writer, entailment
        self._k1, self._b, self._leaves_machine = k1, b, leaves_machine
        self._asking = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="ask")
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._today = today
        self._index_problem: str | None = None
        self._examples: tuple[Snapshot, tuple[str, ...]] | None = None
        self._refresh()

    def _refresh(self) -> None:
        """Passages, words and rarities from the library as it is now; questions see all or none."""
        state = snapshot(self._library.documents(), k1=self._k1, b=self._b)
        texts = [p.searchable(state.document(p)) for p in state.passages]
        judge = Judge([scope(text) for text in texts])
        self._state: tuple[Snapshot, Judge] = state, judge

    async def answer(self, question: Question) -> Answer:
        return await last_answer(self.answer_events(question))

    async def answer_events(self, question: Question) -> AsyncGenerator[Event, None]:
        begun = time.perf_counter()
        text = checked(question.text)
        if is_courtesy(text):
            yield Done(replace(courtesy(), topic=question.topic))
            return
        state, judge = self._state
        unread = [STILL_READING] if self._indexing() else []
        yield StepStarted("retrieve")
        topic = question.topic or await self._run(self._replayed, question.history, state, judge)
        if question.document_ids and topic and question.document_ids.isdisjoint(topic.document_ids):
            topic = None  # the caller looks elsewhere
        reader = self._reader(state, judge)
        meant, here, hits = await self._run(self._read, reader, text, topic, question.document_ids)
        asked = understand(here.text)
        retrieved = time.perf_counter()
        yield StepStarted("answer")
        found = await self._run(reader.answer, here)
        if self._writer is not None:
            yield StepStarted("verify")
        answer = Answer("answered", "")
        # Another machine is not told personal data or secrets, nor what is left of a question with them.
        kept_here = self._leaves_machine and (cautions(text) or cautions(asked.text))
        writer = None if kept_here else self._writer
        async with aclosing(self._told(asked, found, hits, state, writer)) as growing:
            async for longer in growing:
                for event in growth(answer, longer):
                    yield event
                answer = longer
        ended = time.perf_counter()
        timings = {
            "total": ended - begun,
            "retrieve": retrieved - begun,
            "answer": ended - retrieved,
        }
        rounded = {name: round(seconds * 1000, 1) for name, seconds in timings.items()}
        notices = (*cautions(text), *answer.notices, *unread)
        after = topic_after(meant, answer.citations, topic)
        answer = replace(answer, notices=notices, timings_ms=rounded, topic=after)
        yield Done(answer)

    def looked_up(self, question: Question) -> tuple[Understood, list[Hit], Snapshot, Judge]:
        """What an answer is judged from, for measurements. Raises InvalidQuestion."""
        state, judge = self._state
        text = checked(question.text)
        reader = self._reader(state, judge)
        _, here, hits = self._read(reader, text, None, question.document_ids)
        return understand(here.text), hits, state, judge

    def reader(self) -> TurnReader:
        """How a turn is read, for measurements."""
        return self._reader(*self._state)

    def _reader(self, state: Snapshot, judge: Judge) -> TurnReader:
        return TurnReader(self._extractive, state, judge, self._today())

    def _read(
        self,
        reader: TurnReader,
        text: str,
        topic: Topic | None,
        document_ids: Collection[str] | None,
    ) -> tuple[Whole, Whole, list[Hit]]:
        """What a turn asks, the same where the caller looks, and the best passages there; none for what
        is told without a search."""
        meant = reader.meant(text, topic)
        # An empty filter is one, too: it leaves nothing to answer from.
        own = meant.document_ids if document_ids is None else tuple(document_ids)
        told = meant.draft and {citation.document.id for citation in meant.draft.citations}
        draft = meant.draft if told and (own is None or told <= set(own)) else None
        here = replace(meant, document_ids=own, draft=draft)
        return meant, here, [] if draft else reader.hits(here, own)

    def _replayed(self, history: Sequence[str], state: Snapshot, judge: Judge) -> Topic | None:
        """What a conversation is about of which only the questions are known; nothing is written."""
        topic, reader = None, self._reader(state, judge)
        for text in history[-_REPLAYED:]:
            meant = reader.meant(text, topic)
            found = reader.answer(meant)
            topic = topic_after(meant, found.citations if isinstance(found, Draft) else (), topic)
        return topic

    async def _told(
        self,
        asked: Understood,
        found: Draft | Gap | Choices,
        hits: list[Hit],
        state: Snapshot,
        writer: Writer | None,
    ) -> AsyncGenerator[Answer, None]:
        """What the sources say, as it grows: each answer begins with the one before."""
        answer = answer_of(found)
        if not isinstance(found, Draft):
            yield answer
        else:
            async with aclosing(self._written(asked, found, hits, state, writer)) as growing:
                async for answer in growing:
                    yield answer
            draft = Draft(answer.text, answer.citations, found.notices)
            register, today = state.register, self._today()
            told = await self._run(with_standing, asked, draft, register, today)
            yield replace(answer, text=told.text, citations=told.citations, notices=told.notices)

    async def _written(
        self,
        asked: Understood,
        found: Draft,
        hits: list[Hit],
        state: Snapshot,
        writer: Writer | None,
    ) -> AsyncGenerator[Answer, None]:
        """What a chat model makes of the draft, as far as it holds; nothing without one."""
        if writer is None or found.final:
            return
        sources = sources_of(found, hits, state)
        drafts = generated(writer, self._entailment, asked, found, sources)
        async with aclosing(drafts) as growing:
            async for draft in growing:
                yield Answer(
                    "answered", draft.text, draft.citations, answered_by=f"model:{writer.name}"
                )

    async def examples(self) -> tuple[str, ...]:
        state, judge = self._state
        kept = self._examples
        if kept is None or kept[0] is not state:
            kept = state, await self._run(self._tried, state, judge)
            self._examples = kept
        return kept[1]

    def _tried(self, state: Snapshot, judge: Judge) -> tuple[str, ...]:
        today = self._today()

        def answered(question: str, document: Document) -> bool:
            reader = self._reader(state, judge)
            found = reader.answer(reader.meant(question, None))
            return isinstance(found, Draft) and {c.document for c in found.citations} == {document}

        return examples(state.documents.values(), state.register, today, answered)

    def documents(self) -> Sequence[Document]:
        return self._library.documents()

    def document(self, document_id: str) -> Document:
        return self._library.document(document_id)

    async def add(self, path: Path, corrections: Mapping[str, str] | None = None) -> Document:
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as exc:
            raise UnreadableDocument(f"{path.name}: {exc.strerror}") from exc

        # Many files are taken in one after another: the index is made once, at their end.
        return await self._run_writing(
            lambda: self._library.add(path.name, content, corrections or {})
        )

    async def remove(self, document_id: str) -> None:
        def work() -> None:
            self._library.remove(document_id)
            self._refresh()
            self._embed(None)

        await self._run_writing(work)

    async def correct(self, document_id: str, corrections: Mapping[str, str | None]) -> Document:
        def work() -> Document:
            document = self._library.correct(document_id, corrections)
            self._refresh()
            # The correction is kept whatever becomes of its vectors: `health` tells.
            with suppress(EmbedderUnavailable, IndexUnavailable):
                self._embed(None)
            return document

        return await self._run_writing(work)

    def links(self) -> Links:
        return self._state[0].links

    def validity(self, document: Document) -> Validity:
        return self._state[0].register.validity(document, self._today())

    async def index(self, *, rebuild: bool = False, on_progress: Progress | None = None) -> None:
        def work() -> None:
            if rebuild:
                self._index.remove(self._index.ids())
            self._refresh()
            self._embed(on_progress)

        await self._run_writing(work)
        # The first asker should not wait for the model to load.
        await self._run(self._warm_up)

    def _warm_up(self) -> None:
        state, _ = self._state
        as_meant("khoi dong", state.lexical, follows=False)
        with suppress(EmbedderUnavailable):  # `health` tells; words alone still find
            self._embedder.embed_query("khởi động")
        if self._scorer is not None:
            with suppress(PairScorerUnavailable):
                self._scorer.scores("khởi động", ["khởi động"])
        if self._reranker is not None:
            with suppress(RerankerUnavailable):
                self._reranker.scores("khởi động", ["khởi động"])
        for document in state.documents.values():
            state.register.validity(document, self._today())

    def _embed(self, on_progress: Progress | None) -> None:
        self._index_problem = None
        try:
            bring_up_to_date(self._state[0], self._index, self._embedder, on_progress)
        except (EmbedderUnavailable, IndexUnavailable) as exc:
            self._index_problem = (
                f"Chỉ mục ngữ nghĩa không dùng được ({type(exc).__name__}); đang tìm theo từ."
            )
            raise

    def health(self) -> Health:
        state, _ = self._state
        broken = [f"Không đọc được tài liệu {problem}." for problem in self._library.problems]
        optional = (
            (self._scorer, _NO_SCORER),
            (self._reranker, _NO_RERANKER),
            (self._writer, _NO_WRITER),
            (self._entailment, _NO_ENTAILMENT),
        )
        broken += [said for model, said in optional if model is not None and not model.available]
        own = [self._index_problem] if self._index_problem else []
        return Health(
            documents=len(state.documents),
            passages=len(state.passages),
            embedded=int(self._share_embedded() * len(state.passages)),
            indexing=self._indexing(),
            problems=(*broken, *own),
            chat_model=self._writer.name if self._writer else None,
            questions_leave_machine=self._leaves_machine,
        )

    def _indexing(self) -> bool:
        """Whether documents that were taken in can't be found in full yet, but soon will be."""
        if self._index_problem is not None:
            return False  # nothing is on its way: `health` tells what is wrong
        known = self._state[0].documents
        added = any(known.get(document.id) is not document for document in self.documents())
        return added or self._share_embedded() < 1.0

    def _share_embedded(self) -> float:
        """How much of what should have a vector has one. Counted, not compared: it is asked often."""
        wanted = len(self._state[0].embedded.position)
        try:
            return min(1.0, self._index.count() / wanted) if wanted else 1.0
        except IndexUnavailable:
            return 0.0

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._asking, lambda: work(*args, **kwargs))

    async def _run_writing(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writing, work)

    async def close(self) -> None:
        """Let what runs end, then close the index."""
        self._asking.shutdown(wait=True)
        self._writing.shutdown(wait=True)
        self._index.close()


async def last_answer(events: AsyncIterator[Event]) -> Answer:
    """The whole answer that a stream of events ends with."""
    async for event in events:
        if isinstance(event, Done):
            return event.answer
    raise AssertionError("an answer ends with Done")


def checked(text: str) -> str:
    """The question as it is read: NFC, no control characters. Raises InvalidQuestion."""
    text = unicodedata.normalize("NFC", text)
    text = "".join(c if unicodedata.category(c) != "Cc" else " " for c in text).strip()
    if not 1 <= len(text) <= MAX_QUESTION_CHARS:
        raise InvalidQuestion(f"{len(text)} characters")
    return text
