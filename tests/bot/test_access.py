"""Who may ask, from where, and how often."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.errors import TooManyQuestions
from bot.limits import PersonLimit
from tests.bot.live import QUESTION, STAFF, STREAM, TOKEN, Live, running, settings_in
from tests.bot.test_bad_input import check_problem
from tests.fakes import FakeAssistant

ASK = {"question": QUESTION}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    settings = settings_in(
        tmp_path_factory.mktemp("data"),
        DANVAN_SERVER__API_KEY="chìa khoá",
        DANVAN_SERVER__ALLOWED_ORIGINS="[https://noibo.so.gov.vn]",
        DANVAN_SERVER__PUBLIC_URL="https://tro-ly.so.gov.vn/",
        DANVAN_SERVER__FRAME_ANCESTORS="[https://noibo.so.gov.vn]",
        DANVAN_SERVER__QUESTIONS_PER_MINUTE="2",
    )
    with running(settings) as server:
        yield server


def bearer(key: str) -> dict[bytes, bytes]:
    return {b"Authorization": f"Bearer {key}".encode()}


@pytest.mark.parametrize("headers", [{}, bearer("sai"), {b"Authorization": b"Basic YTpi"}])
def test_without_the_key_nobody_asks_or_reads(guarded: Live, headers: dict[bytes, bytes]) -> None:
    reply = guarded.client.post("/v1/ask", json=ASK, headers=headers)
    check_problem(reply, 401)
    assert reply.headers["www-authenticate"] == "Bearer"
    check_problem(guarded.client.get("/v1/documents", headers=headers), 401)


@pytest.mark.parametrize("key", ["chìa khoá", TOKEN])
def test_the_key_or_the_token_of_this_machine_opens(guarded: Live, key: str) -> None:
    assert guarded.client.post("/v1/ask", json=ASK, headers=bearer(key)).status_code == 200


def test_the_health_and_the_pages_need_no_key(guarded: Live) -> None:
    for path in ("/health", "/", "/documents/ke-hoach-2024", "/widget.js"):
        assert guarded.client.get(path).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://noibo.so.gov.vn", "https://tro-ly.so.gov.vn", "own", "own over TLS"]
)
def test_allowed_origins_ask(guarded: Live, origin: str) -> None:
    own = guarded.url.removeprefix("http://")
    origin = {"own": guarded.url, "own over TLS": f"https://{own}"}.get(origin, origin)
    headers = {**bearer("chìa khoá"), b"Origin": origin.encode()}
    assert guarded.client.post("/v1/ask", json=ASK, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://xau.vn", "null", "http://noibo.so.gov.vn", "https://noibo.so.gov.vn.xau.vn"]
)
def test_other_origins_are_refused_and_logged(
    guarded: Live, origin: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers = {**bearer("chìa khoá"), b"Origin": origin.encode()}
    reply = guarded.client.post("/v1/ask", json=ASK, headers=headers)
    check_problem(reply, 403)
    assert "access-control-allow-origin" not in reply.headers
    assert f"OriginRefused: '{origin}'" in caplog.text
    preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    check_problem(guarded.client.options("/v1/ask", headers=preflight), 403)


def test_a_preflight_of_an_allowed_origin(guarded: Live) -> None:
    headers = {
        "Origin": "https://noibo.so.gov.vn",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, authorization",
    }
    reply = guarded.client.options("/v1/ask", headers=headers)
    assert reply.status_code == 200
    assert reply.headers["access-control-allow-origin"] == "https://noibo.so.gov.vn"
    assert "Origin" in reply.headers["vary"]


def test_an_error_is_readable_for_an_allowed_origin(guarded: Live) -> None:
    headers = {"Origin": "https://noibo.so.gov.vn"}
    reply = guarded.client.post("/v1/ask", json=ASK, headers=headers)
    assert reply.status_code == 401
    assert reply.headers["access-control-allow-origin"] == "https://noibo.so.gov.vn"


def test_one_person_is_slowed_down_and_told_for_how_long(guarded: Live) -> None:
    headers = {**bearer("chìa khoá"), b"X-Forwarded-For": b"203.0.113.9"}
    statuses = [
        guarded.client.post("/v1/ask", json=ASK, headers=headers).status_code for _ in range(2)
    ]
    assert statuses == [200, 200]
    reply = guarded.client.post("/v1/ask", json=ASK, headers=headers)
    check_problem(reply, 429)
    assert 0 < int(reply.headers["retry-after"]) <= 60
    other = {**headers, b"X-Forwarded-For": b"203.0.113.10"}
    assert guarded.client.post("/v1/ask", json=ASK, headers=other).status_code == 200


def test_a_minute_later_the_person_may_ask_again() -> None:
    now = [0.0]
    limit = PersonLimit(2, lambda: now[0])
    limit.count("a")
    now[0] = 30
    limit.count("a")
    with pytest.raises(TooManyQuestions) as refused:
        limit.count("a")
    assert refused.value.retry_after_s == 30
    now[0] = 60
    limit.count("a")


def test_too_many_askers_at_once_are_told_so(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, DANVAN_SERVER__MAX_WAITING="1")
    with running(settings, FakeAssistant(delay_s=0.5)) as live:
        first = threading.Thread(target=live.ask, args=(QUESTION,))
        first.start()
        while not live.assistant.asked:
            time.sleep(0.01)
        reply = live.client.post("/v1/ask", json=ASK)
        check_problem(reply, 503)
        assert int(reply.headers["retry-after"]) > 0
        first.join()
        assert live.client.post("/v1/ask", json=ASK).status_code == 200


def test_a_hang_up_frees_the_place(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, DANVAN_SERVER__MAX_WAITING="1")
    with running(settings, FakeAssistant(delay_s=0.2)) as live:
        with live.client.stream("POST", "/v1/ask", json=ASK, headers=STREAM) as reply:
            next(reply.iter_bytes())
        deadline = time.monotonic() + 5
        while live.client.post("/v1/ask", json=ASK).status_code == 503:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_security_headers_are_on_every_response(guarded: Live) -> None:
    for path in ("/", "/health", "/khong-co", "/documents/ke-hoach-2024"):
        headers = guarded.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "frame-ancestors 'self' https://noibo.so.gov.vn" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-request-id"]


def test_head_is_get_without_a_body(guarded: Live) -> None:
    reply = guarded.client.head("/health")
    assert (reply.status_code, reply.content) == (200, b"")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/documents?filename=a.txt"),
        ("DELETE", "/v1/documents/ke-hoach-2024"),
        ("POST", "/v1/index"),
    ],
)
@pytest.mark.parametrize("headers", [{}, bearer("chìa khoá"), bearer("x")])
def test_only_this_machine_manages(
    guarded: Live, method: str, path: str, headers: dict[bytes, bytes]
) -> None:
    check_problem(guarded.client.request(method, path, headers=headers), 403)


def test_a_stranger_is_counted_by_the_forwarded_address(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, DANVAN_SERVER__QUESTIONS_PER_MINUTE="1")
    with running(settings) as live:
        replies: list[httpx.Response] = [
            live.client.post("/v1/ask", json=ASK, headers=STAFF) for _ in range(2)
        ]
        assert [reply.status_code for reply in replies] == [200, 429]
        # Commands and measurements of this machine are nobody's loop.
        assert {live.client.post("/v1/ask", json=ASK).status_code for _ in range(5)} == {200}
