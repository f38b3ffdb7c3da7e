"""An assistant over two tiny documents: no index, no model, but honest answers.

It finds the leaf part that shares the most words with the question and quotes it; it asks back
where two documents fit equally well, and refuses where too few words are shared.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from corpus.errors import ShippedDocument, UnknownDocument, UnknownField, UnreadableDocument
from corpus.library import FIELDS
from corpus.links import Links
from corpus.model import Citation, Document, Instrument, Level, Part, Step
from corpus.validity import Validity
from rag.model import (
    Answer,
    Choice,
    Cited,
    Delta,
    Done,
    Event,
    Health,
    Question,
    Refusal,
    StepStarted,
)
from rag.sensitive import cautions

PLAN = """SỞ NÔNG NGHIỆP VÀ PTNT
KẾ HOẠCH
Thực hiện công tác dân vận chính quyền năm 2024
I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích
- Nâng cao đạo đức công vụ, tinh thần phục vụ Nhân dân của công chức, viên chức.
- Phát huy quyền làm chủ của Nhân dân; góp phần xây dựng nền hành chính dân chủ, minh bạch.
2. Yêu cầu
Việc triển khai phải đồng bộ, phù hợp với tình hình thực tế của từng đơn vị.
II. TỔ CHỨC THỰC HIỆN
- Trước ngày 15/10/2024, các đơn vị báo cáo kết quả về Sở (qua Văn phòng Sở).
- Văn phòng Sở theo dõi, đôn đốc việc thực hiện Kế hoạch này.
- Tệp có <script>alert("xss")</script> và <img src=x onerror=alert(1)> chỉ là chữ."""

LAW = """QUỐC HỘI
LUẬT TIẾP CÔNG DÂN
Chương I
NHỮNG QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
1. Luật này quy định về trách nhiệm tiếp công dân.
2. Việc tiếp đại biểu Quốc hội không thuộc phạm vi điều chỉnh của Luật này.
Chương II
TRÁCH NHIỆM
Điều 4. Nguyên tắc tiếp công dân
1. Việc tiếp công dân phải được tiến hành tại nơi tiếp công dân của cơ quan.
2. Việc tiếp công dân phải bảo đảm công khai, dân chủ, kịp thời; thủ tục đơn giản, thuận tiện:
a) Giữ bí mật và bảo đảm an toàn cho người tố cáo;
b) Tôn trọng, tạo điều kiện thuận lợi cho công dân.
Điều 15. Trách nhiệm của người tiếp công dân
1. Các đơn vị báo cáo kết quả tiếp công dân định kỳ."""

LEVELS: tuple[tuple[Level, str, str], ...] = (
    ("chapter", r"Chương ([IVX]+)$", "Chương {}"),
    ("article", r"Điều (\d+)\. ?(.*)", "Điều {}"),
    ("section", r"([IVX]+)\. (.*)", "mục {}"),
    ("clause", r"(\d+)\. ", "khoản {}"),
    ("point", r"([a-z])\) ", "điểm {}"),
    ("item", r"(-) ", "gạch đầu dòng {}"),
)
RANK = {level: rank for rank, (level, _, _) in enumerate(LEVELS)}
STOP_WORDS = frozenset(
    re.findall(r"\w+", "là gì khi nào có của và các được cho về theo thì mà ở trong")
)


def make_document(
    document_id: str, source: str, text: str, meta: Instrument, about: Instrument | None = None
) -> Document:
    return Document(document_id, source, meta, text, outline_of(text), about, shipped=True)


def outline_of(text: str) -> tuple[Part, ...]:
    """By line beginnings only: enough for the two texts above."""
    begins = list(_begins(text))
    return _nest(text, begins, (), len(text))


def _begins(text: str) -> Iterator[tuple[int, Level, str, str]]:
    for line in re.finditer(r"[^\n]+", text):
        for level, pattern, _ in LEVELS:
            if found := re.match(pattern, line[0]):
                heading = found[2] if found.re.groups > 1 else ""
                if level == "chapter":
                    heading = text[line.end() + 1 :].split("\n")[0]
                yield line.start(), level, found[1], heading
                break


def _nest(
    text: str, begins: list[tuple[int, Level, str, str]], path: tuple[Step, ...], end: int
) -> tuple[Part, ...]:
    parts: list[Part] = []
    while begins:
        start, level, label, heading = begins[0]
        following = [i for i, b in enumerate(begins) if i and RANK[b[1]] <= RANK[level]]
        stop = following[0] if following else len(begins)
        last = begins[stop][0] - 1 if following else end
        label = str(len(parts) + 1) if label == "-" else label
        own = (*path, Step(level, label))
        children = _nest(text, begins[1:stop], own, last)
        lead_end = children[0].start - 1 if children else last
        parts.append(Part(own, _locator(own), heading, start, lead_end, last, children))
        begins = begins[stop:]
    return tuple(parts)


def _locator(path: tuple[Step, ...]) -> str:
    forms = {level: form for level, _, form in LEVELS}
    steps = [step for step in path if step.level != "chapter" or len(path) == 1]
    return " ".join(forms[step.level].format(step.label) for step in reversed(steps))


DOCUMENTS = (
    make_document(
        "ke-hoach-2024",
        "004_plan.txt",
        PLAN,
        Instrument(
            title="Kế hoạch thực hiện công tác dân vận chính quyền năm 2024",
            kind="Kế hoạch",
            issuer="Sở Nông nghiệp và PTNT",
            issued_on_text="tháng 4 năm 2024",
            place="Tây Ninh",
        ),
    ),
    make_document(
        "luat-tiep-cong-dan",
        "luat.txt",
        LAW,
        Instrument(
            title="Luật Tiếp công dân",
            number="42/2013/QH13",
            kind="Luật",
            issuer="Quốc hội",
            issued_on="2013-11-25",
        ),
        Instrument(title="Luật Tiếp công dân", number="42/2013/QH13"),
    ),
)


class FakeAssistant:
    """Implements rag.assistant.Assistant. `delay_s` is slept before each piece of a stream."""

    def __init__(self, delay_s: float = 0, documents: Sequence[Document] = DOCUMENTS) -> None:
        self.delay_s = delay_s
        self.asked: list[Question] = []
        self.error: Exception | None = None
        self.fail_in_stream = False
        self.problems: tuple[str, ...] = ()
        self.leaves_machine = False
        self.indexing = False
        self._documents = {document.id: document for document in documents}

    async def answer(self, question: Question) -> Answer:
        self.asked.append(question)
        await asyncio.sleep(self.delay_s)
        if self.error:
            raise self.error
        return replace(self._answer(question), notices=cautions(question.text))

    async def answer_events(self, question: Question) -> AsyncIterator[Event]:
        yield StepStarted("retrieve")
        answer = await self.answer(question)
        for piece in re.findall(r"\S+\s*", answer.text):
            await asyncio.sleep(self.delay_s)
            yield Delta(piece)
            if self.fail_in_stream:
                raise RuntimeError(f"secret: {question.text}")
        for citation in answer.citations:
            yield Cited(citation)
        yield Done(answer)

    async def examples(self) -> tuple[str, ...]:
        return tuple(f"Tóm tắt {document.title}" for document in self.documents())

    def documents(self) -> Sequence[Document]:
        return list(self._documents.values())

    def document(self, document_id: str) -> Document:
        try:
            return self._documents[document_id]
        except KeyError as exc:
            raise UnknownDocument(document_id) from exc

    async def add(self, path: Path, corrections: Mapping[str, str] | None = None) -> Document:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as exc:
            raise UnreadableDocument(path.name) from exc
        if unknown := sorted(set(corrections or {}) - set(FIELDS)):
            raise UnknownField(unknown[0])
        meta = replace(Instrument(title=path.stem), **(corrections or {}))
        document = make_document(f"added-{len(self._documents)}", path.name, text, meta)
        document = replace(document, shipped=False)
        self._documents[document.id] = document
        return document

    async def remove(self, document_id: str) -> None:
        if self.document(document_id).shipped:
            raise ShippedDocument(document_id)
        del self._documents[document_id]

    async def correct(self, document_id: str, corrections: Mapping[str, str | None]) -> Document:
        document = self.document(document_id)
        if unknown := sorted(set(corrections) - set(FIELDS)):
            raise UnknownField(unknown[0])
        document = replace(document, meta=replace(document.meta, **corrections))
        self._documents[document_id] = document
        return document

    def keep(self, document: Document) -> None:
        self._documents[document.id] = document

    def links(self) -> Links:
        return Links(self.documents())

    def validity(self, document: Document) -> Validity:
        return Validity(document, "unknown")

    async def index(
        self, *, rebuild: bool = False, on_progress: Callable[[int, int], None] | None = None
    ) -> None:
        if self.error:
            raise self.error
        for done in range(1, 4):
            await asyncio.sleep(self.delay_s)
            if on_progress:
                on_progress(done, 3)

    def health(self) -> Health:
        if self.error:
            raise self.error
        count = len(self._documents)
        return Health(
            count, 20, 20, self.problems,
            questions_leave_machine=self.leaves_machine, indexing=self.indexing,
        )  # fmt: skip

    def _answer(self, question: Question) -> Answer:
        found = sorted(self._hits(question), key=lambda hit: -hit[0])
        if not found or found[0][0] < 3:
            return _refused(found)
        rivals = {hit[1].id: hit[1] for hit in found if hit[0] == found[0][0]}
        if len(rivals) > 1:
            choices = tuple(Choice(d.title, (d.id,)) for d in rivals.values())
            return Answer("clarify", "Anh/chị hỏi về văn bản nào?", choices=choices)
        _, document, part = found[0]
        citation = Citation(1, document, part, part.start, part.end)
        text = re.sub(r"^(-|\d+\.|[a-z]\)) ", "", citation.quote).rstrip(".;") + " [1]."
        timings = {"total": 1.234, "retrieve": 0.5, "answer": 0.7}
        return Answer("answered", text, (citation,), timings_ms=timings)

    def _hits(self, question: Question) -> Iterator[tuple[int, Document, Part]]:
        asked = _words(question.text)
        for document in self._documents.values():
            if question.document_ids is None or document.id in question.document_ids:
                for part in document.parts():
                    if not part.children:
                        text = document.text[part.start : part.end]
                        yield len(asked & _words(text)), document, part


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower())) - STOP_WORDS


def _refused(found: list[tuple[int, Document, Part]]) -> Answer:
    message = "Các văn bản trong kho không nêu điều được hỏi."
    nearest = tuple(
        Citation(n, document, part, part.start, part.end)
        for n, (score, document, part) in enumerate(found[:2], 1)
        if score
    )
    return Answer("refused", message, refusal=Refusal("no_source", message, nearest))
