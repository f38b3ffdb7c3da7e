"""Duties over HTTP: JSON, a calendar, a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from icalendar import Calendar

from bot.duty_calendar import duty_calendar
from corpus.duty_list import Wanted, wanted_duties
from corpus.model import Document, Instrument
from corpus.outline import outline
from tests.bot.live import Live, running, settings_in
from tests.bot.test_bad_input import check_problem
from tests.bot.test_pages import Page
from tests.fakes import FakeAssistant

TEXT = """I. TỔ CHỨC THỰC HIỆN
1. Văn phòng Sở
- Gửi báo cáo về UBND tỉnh trước ngày 25/11/2026; nội dung gồm: số liệu, tồn tại, kiến nghị.
- Mở 04 lớp tập huấn trong quý I/2026.
- Trực đường dây nóng hằng ngày.
2. Phòng Tổ chức cán bộ
- Tham mưu kế hoạch <b>khen thưởng</b>.
"""
PLAN = Document(
    "ke-hoach-viec", "viec.txt", Instrument(title="Kế hoạch việc & hạn năm 2026"), TEXT, outline(TEXT)
)  # fmt: skip


class Assistant(FakeAssistant):
    """The fake's library and one plan more."""

    def documents(self) -> list[Document]:
        return [*super().documents(), PLAN]

    def document(self, document_id: str) -> Document:
        return PLAN if document_id == PLAN.id else super().document(document_id)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    settings = settings_in(
        tmp_path_factory.mktemp("data"), DANVAN_SERVER__PUBLIC_URL="https://tro-ly.so.gov.vn"
    )
    with running(settings, Assistant()) as server:
        yield server


def quotes(live: Live, **params: str) -> list[str]:
    reply = live.client.get("/v1/duties", params={"document_id": PLAN.id, **params})
    assert reply.status_code == 200, reply.text
    return [duty["quote"][:12] for duty in reply.json()["duties"]]


def test_duties_come_by_their_days_and_without_days_last(live: Live) -> None:
    assert quotes(live) == ["Mở 04 lớp tậ", "Gửi báo cáo ", "Trực đường d", "Tham mưu kế "]


def test_every_word_is_cut_out_of_the_text(live: Live) -> None:
    reply = live.client.get("/v1/duties", params={"document_id": PLAN.id, "kind": "report"})
    (duty,) = reply.json()["duties"]
    assert duty["quote"] == PLAN.text[duty["start"] : duty["end"]]
    assert duty["document"]["id"] == PLAN.id
    assert duty["locator"] == "mục I.1, gạch đầu dòng 1"
    assert (duty["who"], duty["with"], duty["report_to"]) == (["Văn phòng Sở"], [], "UBND tỉnh")
    assert (duty["due"], duty["due_on"]) == (["trước ngày 25/11/2026"], ["2026-11-25"])
    assert duty["part"]["path"][-1] == {"level": "item", "label": "1"}
    assert Page(live.client.get(duty["url"]).text).marked == duty["quote"]


def test_who_is_found_without_case_and_diacritics(live: Live) -> None:
    assert quotes(live, who="van PHONG") == ["Mở 04 lớp tậ", "Gửi báo cáo ", "Trực đường d"]
    assert quotes(live, who="kho bạc") == []


def test_a_range_of_days_takes_only_what_is_due_in_it(live: Live) -> None:
    assert quotes(live, **{"from": "2026-03-31", "to": "2026-03-31"}) == ["Mở 04 lớp tậ"]
    assert quotes(live, **{"from": "2026-04-01"}) == ["Gửi báo cáo "]


def test_empty_fields_of_the_form_filter_nothing(live: Live) -> None:
    assert len(quotes(live, **{"who": "", "kind": "", "from": "", "to": " "})) == 4


@pytest.mark.parametrize(
    "params", [{"from": "31/3/2026"}, {"to": "2026-02-30"}, {"from": "5"}, {"kind": "job"}]
)
@pytest.mark.parametrize("path", ["/v1/duties", "/v1/duties.ics", "/duties"])
def test_what_is_no_day_or_kind_is_refused(live: Live, path: str, params: dict[str, str]) -> None:
    check_problem(live.client.get(path, params=params), 422)


def test_an_unknown_document_is_refused(live: Live) -> None:
    check_problem(live.client.get("/v1/duties", params={"document_id": "khong-co"}), 422)


def test_the_calendar_has_one_event_for_each_day(live: Live) -> None:
    reply = live.client.get("/v1/duties.ics", params={"document_id": PLAN.id})
    assert reply.headers["content-type"].startswith("text/calendar")
    lines = reply.content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 75
    lesson, report = Calendar.from_ical(reply.content).events
    assert [str(event.start) for event in (lesson, report)] == ["2026-03-31", "2026-11-25"]
    assert b"DTSTART;VALUE=DATE:20261125" in lines
    assert (report.end - report.start).days == 1
    told = str(report["description"])
    assert "số liệu, tồn tại, kiến nghị" in told  # escaped, and read back
    assert "Báo cáo cho: UBND tỉnh" in told
    assert "mục I.1, gạch đầu dòng 1" in told
    assert str(report["url"]).startswith("https://tro-ly.so.gov.vn/documents/ke-hoach-viec?q=")


def test_an_event_stays_the_same_event() -> None:
    def uids(day: int) -> list[str]:
        now = datetime(2026, 1, day, tzinfo=UTC)
        duties = wanted_duties([PLAN], Wanted())
        content = duty_calendar(duties, Wanted(), public_url=None, now=now)
        events = Calendar.from_ical(content).events
        assert all("url" not in event for event in events)
        return [str(event["uid"]) for event in events]

    assert uids(1) == uids(2)
    assert len(set(uids(1))) == 2


def test_the_page_leads_to_each_place_and_keeps_the_filter(live: Live) -> None:
    query = "document_id=ke-hoach-viec&kind=report&from=2026-01-01"
    reply = live.client.get(f"/duties?{query}")
    page = Page(reply.text)
    duty = wanted_duties([PLAN], Wanted(kind="report"))[0]
    assert duty.url in page.links
    assert f"/v1/duties.ics?{query}" in page.links
    assert "25/11/2026" in reply.text
    assert '<option value="report" selected>' in reply.text


def test_words_of_a_document_are_escaped_on_the_page(live: Live) -> None:
    html = live.client.get("/duties", params={"document_id": PLAN.id}).text
    assert "<b>khen" not in html


def test_every_page_leads_to_the_duties(live: Live) -> None:
    for path in ("/", "/documents", "/duties"):
        assert "/duties" in Page(live.client.get(path).text).links


def test_a_library_without_duties_says_so(live: Live) -> None:
    assert "Không có mục nào" in live.client.get("/duties?who=kho+b%E1%BA%A1c+x").text


def test_a_key_guards_the_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = settings_in(tmp_path_factory.mktemp("key"), DANVAN_SERVER__API_KEY="bi-mat")
    with running(settings) as server:
        check_problem(server.client.get("/v1/duties"), 401)
        check_problem(server.client.get("/v1/duties.ics"), 401)
        assert server.client.get("/duties").status_code == 200  # as open as the documents' pages
