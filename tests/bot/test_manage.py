"""Documents and index, managed by the commands of this machine."""

from __future__ import annotations

import httpx
import pytest

from bot.manage import base_name
from corpus.errors import UnreadableDocument
from rag.errors import DataFolderUnwritable
from tests.bot.live import TOKEN, Live
from tests.bot.test_ask import events_of
from tests.bot.test_bad_input import check_problem

MACHINE = {"Authorization": f"Bearer {TOKEN}"}


def test_a_document_is_added_asked_and_removed(live: Live) -> None:
    params = {"filename": "/tmp/thư mục/Thông báo.txt", "number": "12/TB-SNN", "kind": "Thông báo"}
    text = "THÔNG BÁO\n1. Hội nghị trực tuyến họp tại phòng 302.".encode()
    added = live.client.post("/v1/documents", params=params, content=text, headers=MACHINE)
    assert added.status_code == 201
    body = added.json()
    assert (body["number"], body["source"]) == ("12/TB-SNN", "Thông báo.txt")
    asked = live.ask("Hội nghị trực tuyến họp tại phòng nào?")
    assert asked["citations"][0]["document"]["id"] == body["id"]
    address = f"/v1/documents/{body['id']}"
    assert live.client.delete(address, headers=MACHINE).status_code == 204
    check_problem(live.client.delete(address, headers=MACHINE), 404)


def test_a_shipped_document_stays(live: Live) -> None:
    check_problem(live.client.delete("/v1/documents/ke-hoach-2024", headers=MACHINE), 409)


@pytest.mark.parametrize(
    ("params", "content"),
    [
        ({}, b"x"),
        ({"filename": ".."}, b"x"),
        ({"filename": "a.txt", "so": "1"}, b"x"),
        ({"filename": "a.txt"}, b"\xff\xfe\x00"),
    ],
)
def test_what_cannot_be_added(live: Live, params: dict[str, str], content: bytes) -> None:
    reply = live.client.post("/v1/documents", params=params, content=content, headers=MACHINE)
    check_problem(reply, 422)


def test_progress_ends_with_done(live: Live) -> None:
    events = events_of(live.client.post("/v1/index?rebuild=true", headers=MACHINE))
    assert events[-1] == ("done", {})
    assert events[-2] == ("progress", {"done": 3, "total": 3})


def test_an_index_that_fails_says_so(live: Live) -> None:
    live.assistant.error = DataFolderUnwritable("disk full")
    ((name, problem),) = events_of(live.client.post("/v1/index", headers=MACHINE))
    assert (name, problem["status"]) == ("error", 503)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Van ban\\Kế hoạch.docx", "Kế hoạch.docx"),
        ("a\x00b\n.txt", "ab.txt"),
        ("ê\u0301.txt", "ế.txt"),
    ],
)
def test_a_file_name_is_its_last_part(given: str, name: str) -> None:
    assert base_name(given) == name


def test_a_long_file_name_keeps_its_suffix() -> None:
    name = base_name("ế" * 300 + ".docx")
    assert name.endswith(".docx")
    assert len(name.encode()) <= 200


@pytest.mark.parametrize("given", ["", "..", "/", "a/", "\x00"])
def test_no_file_name_is_unreadable(given: str) -> None:
    with pytest.raises(UnreadableDocument):
        base_name(given)


def correct(live: Live, body: object, document_id: str = "ke-hoach-2024") -> httpx.Response:
    return live.client.patch(f"/v1/documents/{document_id}", json=body, headers=MACHINE)


def test_a_correction_is_known_at_once_and_null_takes_it_back(live: Live) -> None:
    given = {"number": " 99/KH-SNN ", "in_force_until": "2024-12-31", "replaced_by": "1/KH-SNN"}
    body = correct(live, given).json()
    assert (body["number"], body["in_force_until"]) == ("99/KH-SNN", "2024-12-31")
    assert body["title"], "what was not given stays"
    assert live.client.get("/v1/documents/ke-hoach-2024").json()["number"] == "99/KH-SNN"
    assert correct(live, {"number": None}).json()["number"] is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"issued_on": "31/02/2024"}, "không phải là ngày"),
        ({"in_force_from": "2024-02-31"}, "không phải là ngày"),
        ({"confirmed_on": "20240118"}, "không phải là ngày"),
        ({"color": "đỏ"}, "không được hỗ trợ"),
        ({"title": " "}, "để trống"),
        ({"title": "a" * 1001}, "quá dài"),
        ({"number": 7}, "phải là chuỗi"),
        ([], "phải là một đối tượng JSON"),
    ],
)
def test_what_cannot_be_corrected_is_told(live: Live, body: object, told: str) -> None:
    assert told in check_problem(correct(live, body), 422)


def test_an_unknown_document_is_not_corrected(live: Live) -> None:
    check_problem(correct(live, {"number": "1"}, "khong-co"), 404)


def test_only_this_machine_corrects(live: Live) -> None:
    reply = live.client.patch("/v1/documents/ke-hoach-2024", json={"number": "1"})
    check_problem(reply, 403)
