"""Whatever comes in: a problem with a Vietnamese sentence, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.errors import IndexUnavailable
from tests.bot.live import QUESTION, TOKEN, Live, running, settings_in

JSON = {"Content-Type": "application/json"}


def check_problem(reply: object, status: int) -> str:
    assert getattr(reply, "status_code") == status  # noqa: B009
    assert getattr(reply, "headers")["content-type"] == "application/problem+json"  # noqa: B009
    body = json.loads(getattr(reply, "text"))  # noqa: B009
    assert set(body) == {"type", "title", "status", "detail", "request_id"}
    assert body["status"] == status
    assert any(ord(char) > 127 for char in body["detail"]), "not Vietnamese"
    assert "Traceback" not in body["detail"]
    return str(body["detail"])


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    environ = {"DANVAN_LIBRARY__MAX_FILE_BYTES": "500000"}
    with running(settings_in(tmp_path_factory.mktemp("data"), **environ)) as server:
        yield server


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"{}", 422),
        (b'{"question": null}', 422),
        (b'{"question": 7}', 422),
        (b'{"question": ["a"]}', 422),
        (b'{"question": ""}', 422),
        (b'{"question": "  \\n "}', 422),
        (b'{"question": "\\u0000\\u200b"}', 422),
        (b'{"question": "\\ud800"}', 422),
        (b'{"question": "a", "filters": []}', 422),
        (b'{"question": "a", "filters": {"document_id": ["x"]}}', 422),
        (b'{"question": "a", "filters": {"document_ids": "x"}}', 422),
        (b'{"question": "a", "filters": {"document_ids": [1]}}', 422),
        (b'{"question": "a", "conversation_id": 5}', 422),
        (b'{"question": "\xff\xfe"}', 400),
        ('{"question": "báo cáo"}'.encode("utf-16-le")[1:], 400),
        (b"[" * 100_000, 400),
        (b'{"question": ' + b"9" * 5000 + b"}", 400),
        (json.dumps({"question": "ế" * 2001}).encode(), 422),
    ],
)
def test_bad_bodies(live: Live, body: bytes, status: int) -> None:
    check_problem(live.client.post("/v1/ask", content=body, headers=JSON), status)


def test_the_sentence_names_the_field(live: Live) -> None:
    reply = live.client.post("/v1/ask", json={"question": "a", "filters": {"ids": []}})
    assert "filters.ids" in check_problem(reply, 422)


def test_a_body_that_is_not_declared_as_json(live: Live) -> None:
    reply = live.client.post("/v1/ask", content=b'{"question": "a"}')
    check_problem(reply, 422)


def test_a_huge_body_is_refused_by_its_length(live: Live) -> None:
    reply = live.client.post("/v1/ask", content=b" " * 300_000, headers=JSON)
    check_problem(reply, 413)


def test_a_huge_body_without_a_length_is_refused_as_it_comes(live: Live) -> None:
    pieces = (b" " * 10_000 for _ in range(100))
    check_problem(live.client.post("/v1/ask", content=pieces, headers=JSON), 413)


def test_a_file_may_be_larger_than_a_question_but_not_huge(live: Live) -> None:
    machine = {"Authorization": f"Bearer {TOKEN}"}
    address = "/v1/documents?filename=a.txt"
    added = live.client.post(address, content=b"a" * 400_000, headers=machine)
    assert added.status_code == 201
    check_problem(live.client.post(address, content=b"a" * 600_000, headers=machine), 413)


def test_an_unknown_document_in_the_filter(live: Live) -> None:
    body = {"question": QUESTION, "filters": {"document_ids": ["ke-hoach-2024", "khong-co"]}}
    assert "Bộ lọc" in check_problem(live.client.post("/v1/ask", json=body), 422)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/khong-co", 404),
        ("GET", "/v1/documents/khong-co", 404),
        ("GET", "/documents/khong-co", 404),
        ("GET", "/documents/%00", 404),
        ("GET", "/documents/..%2f..%2fetc%2fpasswd", 404),
        ("GET", "/v1/ask", 405),
        ("PUT", "/health", 405),
    ],
)
def test_wrong_addresses(live: Live, method: str, path: str, status: int) -> None:
    check_problem(live.client.request(method, path), status)


def test_an_index_that_is_down_is_503_everywhere(tmp_path: Path) -> None:
    with running(settings_in(tmp_path)) as live:
        live.assistant.error = IndexUnavailable("/var/secret/path")
        asked = live.client.post("/v1/ask", json={"question": QUESTION})
        assert "secret" not in check_problem(asked, 503)
        check_problem(live.client.get("/health"), 503)


def test_an_unexpected_exception_tells_nothing(tmp_path: Path) -> None:
    with running(settings_in(tmp_path)) as live:
        live.assistant.error = ValueError("secret")
        reply = live.client.post("/v1/ask", json={"question": QUESTION})
        assert "secret" not in reply.text
        check_problem(reply, 500)
