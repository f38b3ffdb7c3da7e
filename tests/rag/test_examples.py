"""Example questions: made from the library, tried, made anew when it has changed."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

from corpus.head import read_head
from corpus.links import Links
from corpus.model import Document
from corpus.outline import outline
from corpus.validity import Register
from rag.assistant import LocalAssistant
from rag.examples import examples
from rag.model import Question
from tests.rag.words_only import words_only

LAW = """QUỐC HỘI
Luật số: 42/2013/QH13
LUẬT
TIẾP CÔNG DÂN
Điều 1. Phạm vi điều chỉnh
Luật này quy định về trách nhiệm tiếp công dân.
Điều 2. Nguyên tắc tiếp công dân
Việc tiếp công dân phải bảo đảm công khai, dân chủ.
Điều 3. Hiệu lực thi hành
Luật này có hiệu lực thi hành từ ngày 01 tháng 7 năm 2014."""


def test_each_example_is_answered_from_its_document(parts: LocalAssistant) -> None:
    found = asyncio.run(parts.examples())
    assert len(found) == len(set(found)) == 3
    assert "Hạn báo cáo" in found[0] and "Tây Ninh" in found[0]
    for question in found:
        answer = asyncio.run(parts.answer(Question(question)))
        assert answer.status == "answered"
        assert len({citation.document.id for citation in answer.citations}) == 1


def test_they_are_kept_until_the_library_changes(tmp_path: Path) -> None:
    with words_only(tmp_path) as assistant:
        first = asyncio.run(assistant.examples())
        assert asyncio.run(assistant.examples()) is first
        document_id = assistant.documents()[0].id
        asyncio.run(assistant.correct(document_id, {"place": "Huế"}))
        assert asyncio.run(assistant.examples()) is not first


def test_only_what_was_answered_is_shown_one_of_a_form() -> None:
    own, about = read_head(LAW)
    law = Document("luat", "luat.txt", own, LAW, outline(LAW), about)

    def of(documents: list[Document], refused: str = "?!") -> tuple[str, ...]:
        register = Register(documents, Links(documents))
        return examples(documents, register, date(2026, 1, 1), lambda q, _: refused not in q)

    assert [question.split()[0] for question in of([law])] == ["Điều", "Luật", "Tóm"]
    assert not any("hiệu lực" in question for question in of([law], refused="hiệu lực"))
    assert of([law], refused="") == of([]) == ()
