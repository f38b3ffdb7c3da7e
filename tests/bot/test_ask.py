"""POST /v1/ask: the answer body, the stream, conversations."""

from __future__ import annotations

import asyncio
import json
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.answer_body import AnswerBody, CitationBody, DocumentBody
from rag.errors import ChatModelUnavailable
from tests.bot.live import BOTH, QUESTION, STREAM, Live, running, settings_in
from tests.bot.test_bad_input import check_problem
from tests.fakes import FakeAssistant


def events_of(reply: httpx.Response) -> list[tuple[str, dict[str, Any]]]:
    events = []
    for block in reply.text.replace("\r\n", "\n").strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line[0] != ":")
        if lines:
            events.append((lines["event"], json.loads(lines["data"])))
    return events


def stream(live: Live, question: str) -> list[tuple[str, dict[str, Any]]]:
    reply = live.client.post("/v1/ask", json={"question": question}, headers=STREAM)
    assert reply.headers["content-type"].startswith("text/event-stream")
    return events_of(reply)


def test_the_body_is_the_one_of_the_contract(live: Live) -> None:
    body = live.ask(QUESTION)
    assert set(body) == set(AnswerBody.__annotations__)
    assert body["status"] == "answered"
    assert body["refusal"] is None and body["choices"] is None
    assert body["answered_by"] == "extractive"
    assert body["timings_ms"] == {"total": 1.2, "retrieve": 0.5, "answer": 0.7}
    (citation,) = body["citations"]
    assert set(citation) == set(CitationBody.__annotations__)
    assert set(citation["document"]) == DocumentBody.__required_keys__
    assert citation["part"] == {
        "path": [{"level": "section", "label": "II"}, {"level": "item", "label": "1"}],
        "article": None,
        "clause": None,
        "point": None,
    }
    assert citation["document"]["issued_on"] is None
    assert citation["document"]["issued_on_text"] == "tháng 4 năm 2024"


def test_the_quote_is_the_text_between_start_and_end(live: Live) -> None:
    (citation,) = live.ask(QUESTION)["citations"]
    document = live.client.get(f"/v1/documents/{citation['document']['id']}").json()
    assert citation["quote"] == document["text"][citation["start"] : citation["end"]]


def test_a_refusal_is_a_valid_result(live: Live) -> None:
    body = live.ask("Giá vàng hôm nay ra sao?")
    assert body["status"] == "refused"
    assert body["citations"] == []
    assert body["refusal"]["reason"] == "no_source"
    assert body["answer"] == body["refusal"]["message"]


def test_a_stream_ends_with_the_whole_body(live: Live) -> None:
    events = stream(live, QUESTION)
    names = [name for name, _ in events]
    assert names[0] == "status" and names[-1] == "done"
    assert set(names) == {"status", "delta", "citation", "done"}
    body = events[-1][1]
    assert "".join(data["text"] for name, data in events if name == "delta") == body["answer"]
    assert [data for name, data in events if name == "citation"] == body["citations"]
    assert live.conversations.answer(body["id"]) == body


def test_an_error_after_the_first_byte_is_an_event(live: Live) -> None:
    live.assistant.error = ChatModelUnavailable("secret detail")
    name, problem = stream(live, QUESTION)[-1]
    assert (name, problem["status"]) == ("error", 503)
    assert "secret" not in json.dumps(problem)


def test_an_unexpected_error_in_a_stream_tells_nothing(live: Live) -> None:
    live.assistant.fail_in_stream = True
    name, problem = stream(live, QUESTION)[-1]
    assert (name, problem["status"]) == ("error", 500)
    assert "secret" not in json.dumps(problem)


def test_fifty_questions_at_once(tmp_path: Path) -> None:
    async def ask_all(url: str) -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=url, timeout=20) as client:
            asked = [client.post("/v1/ask", json={"question": QUESTION}) for _ in range(50)]
            return await asyncio.gather(*asked)

    with running(settings_in(tmp_path), FakeAssistant(delay_s=0.2)) as live:
        replies = asyncio.run(ask_all(live.url))
        bodies = [reply.json() for reply in replies]
        assert {reply.status_code for reply in replies} == {200}
        assert len({body["id"] for body in bodies}) == 50
        assert len({body["conversation_id"] for body in bodies}) == 50
        assert all(live.conversations.answer(body["id"]) == body for body in bodies)


def test_the_question_comes_in_nfc_without_control_characters(live: Live) -> None:
    typed = unicodedata.normalize("NFD", "  Báo\u0000 cáo\u202e\n gì?\u200b ")
    live.ask(typed)
    assert live.assistant.asked[-1].text == "Báo cáo\n gì?"


def test_a_question_may_have_2000_code_points_after_trimming(live: Live) -> None:
    live.ask("  " + unicodedata.normalize("NFD", "ế" * 2000) + "\n")
    assert live.assistant.asked[-1].text == "ế" * 2000


def test_earlier_questions_are_handed_on(live: Live) -> None:
    first = live.ask(QUESTION)
    second = live.ask("Còn Văn phòng?", conversation_id=first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert live.assistant.asked[-1].history == (QUESTION,)


@pytest.mark.parametrize("stranger", ["1", "' OR 1=1 --", "", "x" * 5000])
def test_an_unknown_conversation_becomes_a_fresh_one(live: Live, stranger: str) -> None:
    body = live.ask(QUESTION, conversation_id=stranger)
    assert body["conversation_id"] != stranger
    assert len(body["conversation_id"]) == 22
    assert live.assistant.asked[-1].history == ()


def test_a_choice_may_be_taken_by_its_label(live: Live) -> None:
    asked = live.ask(BOTH)
    assert asked["status"] == "clarify" and asked["citations"] == []
    choice = asked["choices"][1]
    body = live.ask(choice["label"].upper(), conversation_id=asked["conversation_id"])
    assert body["citations"][0]["document"]["id"] == choice["document_ids"][0]
    assert live.assistant.asked[-1].text == BOTH
    assert live.assistant.asked[-1].history == ()


def test_a_choice_may_be_taken_by_a_filter(live: Live) -> None:
    body = live.ask(BOTH, filters={"document_ids": ["luat-tiep-cong-dan"]})
    assert body["citations"][0]["document"]["number"] == "42/2013/QH13"
    assert body["citations"][0]["part"]["article"] == "15"


def test_no_ids_are_no_filter(live: Live) -> None:
    assert live.ask(QUESTION, filters={"document_ids": []})["status"] == "answered"
    assert live.assistant.asked[-1].document_ids is None


def test_a_person_may_delete_a_conversation(live: Live) -> None:
    body = live.ask(QUESTION)
    own = f"/v1/conversations/{body['conversation_id']}"
    deleted = live.client.delete(own)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert live.conversations.answer(body["id"]) is None
    check_problem(live.client.delete(own), 404)
    assert live.ask(QUESTION, conversation_id=body["conversation_id"])["conversation_id"] not in own


def test_a_full_disk_costs_nobody_the_answer(live: Live) -> None:
    folder = live.settings.data_dir
    # Put in their place: SQLite maps one of them, and a mapped file that is cut short ends the process.
    (damaged := folder / "damaged").write_bytes(b"no database" * 1000)
    for file in folder.glob("danvan.sqlite3*"):
        Path(shutil.copy(damaged, folder / "copy")).replace(file)
    live.conversations.close()
    for _ in range(20):  # the clean-up at start may still hold the old file open, and find it well
        assert live.ask(QUESTION)["status"] == "answered"
        health = live.client.get("/health").json()
        if health["status"] == "degraded":
            break
    assert health["status"] == "degraded"
    assert "trao đổi" in health["problems"][0]


def test_the_health_tells_while_documents_are_being_read(live: Live) -> None:
    for indexing in (True, False):
        live.assistant.indexing = indexing
        health = live.client.get("/health").json()
        assert (health["status"], health["indexing"]) == ("ok", indexing)


def test_examples_come_from_the_library(live: Live) -> None:
    titles = [document.title for document in live.assistant.documents()]
    assert live.client.get("/v1/examples").json() == {"examples": [f"Tóm tắt {t}" for t in titles]}


def test_only_the_documents_that_are_named_are_listed(live: Live) -> None:
    wanted = {"id": ["luat-tiep-cong-dan", "khong-co"]}
    listed = live.client.get("/v1/documents", params=wanted).json()["documents"]
    assert [document["id"] for document in listed] == ["luat-tiep-cong-dan"]
