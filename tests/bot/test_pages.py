"""The pages a person reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.pages import document_page, read_quote, vietnamese_date
from bot.reading import blocks, contents
from corpus.links import Links
from corpus.model import Part, Step
from tests.bot.live import QUESTION, Live, running, settings_in
from tests.fakes import DOCUMENTS, LAW, PLAN

PLAN_DOCUMENT, LAW_DOCUMENT = DOCUMENTS


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with running(settings_in(tmp_path_factory.mktemp("data"))) as server:
        yield server


class Page(HTMLParser):
    """Ids, marked text, links and tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.marked = ""
        self._in_mark = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.attributes |= values.keys()
        self.ids += [values["id"]] if values.get("id") else []  # type: ignore[list-item]
        self.links += [values["href"]] if values.get("href") else []  # type: ignore[list-item]
        self._in_mark = self._in_mark or tag == "mark"

    def handle_endtag(self, tag: str) -> None:
        self._in_mark = self._in_mark and tag != "mark"

    def handle_data(self, data: str) -> None:
        self.marked += data if self._in_mark else ""


def test_the_blocks_are_the_whole_text_and_nothing_else() -> None:
    for document in DOCUMENTS:
        shown = "".join(run.text for block in blocks(document, (30, 300)) for run in block.runs)
        assert shown == document.text.replace("\n", "")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.id)
def test_every_part_has_one_permanent_address(live: Live, document: object) -> None:
    found = next(d for d in DOCUMENTS if d is document)
    page = Page(live.client.get(f"/documents/{found.id}").text)
    anchors = [part.anchor for part in found.parts()]
    assert len(page.ids) == len(set(page.ids))
    assert set(anchors) <= set(page.ids)
    assert {f"#{anchor}" for anchor in anchors} <= set(page.links)


def test_the_quote_is_marked_where_the_citation_points(live: Live) -> None:
    (citation,) = live.ask(QUESTION)["citations"]
    page = Page(live.client.get(citation["url"]).text)
    assert page.marked == citation["quote"]
    assert citation["url"].partition("#")[2] in page.ids


def test_a_quote_over_several_parts_is_marked_in_each() -> None:
    start, end = PLAN.index("dân chủ, minh bạch"), PLAN.index("theo dõi")
    html = document_page(PLAN_DOCUMENT, f"{start}-{end}", Links(DOCUMENTS))
    assert Page(html).marked == PLAN[start:end].replace("\n", "")
    assert html.count("<mark>") > 3


@pytest.mark.parametrize(
    "asked", ["5-4", "0-99999", "-1-4", "a-b", "1", "", "٣-٤", "1-2-3", "9" * 5000 + "-1"]
)
def test_a_wrong_range_marks_nothing(live: Live, asked: str) -> None:
    reply = live.client.get("/documents/ke-hoach-2024", params={"q": asked})
    assert reply.status_code == 200
    assert "<mark>" not in reply.text


def test_a_range_is_checked_against_the_text() -> None:
    assert read_quote(f"0-{len(PLAN)}", PLAN_DOCUMENT) == (0, len(PLAN))
    assert read_quote(f"0-{len(PLAN) + 1}", PLAN_DOCUMENT) is None


def test_document_text_is_never_markup(live: Live) -> None:
    html = live.client.get("/documents/ke-hoach-2024?q=0-600").text
    page = Page(html)
    assert page.tags.count("script") == 1  # our own page.js
    assert "img" not in page.tags
    assert not [name for name in page.attributes if name.startswith("on") or name == "style"]
    assert "&lt;script&gt;" in re.sub("</?mark>", "", html)


def test_metadata_is_never_markup() -> None:
    evil = replace(PLAN_DOCUMENT.meta, title='"><script>alert(1)</script>', number="<b>1</b>")
    page = Page(document_page(replace(PLAN_DOCUMENT, meta=evil), '"><script>', Links(())))
    assert page.tags.count("script") == 1
    assert "b" not in page.tags


def test_a_part_inside_a_line_begins_a_block_of_its_own() -> None:
    text = "Điều 1. Gồm: a) một; b) hai."
    steps = (Step("article", "1"),)
    points = tuple(
        Part((*steps, Step("point", label)), label, "", start, end, end)
        for label, start, end in (("a", 13, 20), ("b", 21, 28))
    )
    article = Part(steps, "Điều 1", "Gồm", 0, 13, len(text), points)
    document = replace(PLAN_DOCUMENT, text=text, outline=(article,))
    shown = ["".join(run.text for run in block.runs) for block in blocks(document)]
    assert shown == ["Điều 1. Gồm: ", "a) một; ", "b) hai."]


def test_two_parts_with_one_path_have_two_ids() -> None:
    text = "I. A\nI. B"
    parts = tuple(Part((Step("section", "I"),), "mục I", "", s, s + 4, s + 4) for s in (0, 5))
    page = Page(document_page(replace(PLAN_DOCUMENT, text=text, outline=parts), None, Links(())))
    assert [i for i in page.ids if i.startswith("section")] == ["section.I", "section.I~2"]


def test_the_contents_show_what_has_a_heading() -> None:
    entries = contents(LAW_DOCUMENT)
    assert entries[0].label == "Chương I: NHỮNG QUY ĐỊNH CHUNG"
    assert [entry.label for entry in entries[1].children] == [
        "Điều 4. Nguyên tắc tiếp công dân",
        "Điều 15. Trách nhiệm của người tiếp công dân",
    ]
    headings = [b for b in blocks(LAW_DOCUMENT) if b.heading]
    assert [b.rank for b in headings[:3]] == [2, 0, 3]
    assert headings[1].runs[0].text == LAW.split("\n")[3]


def test_dates_are_written_as_offices_write_them() -> None:
    assert vietnamese_date("2024-04-05") == "05/4/2024"
    assert vietnamese_date("2024-02-15") == "15/02/2024"
    assert vietnamese_date(None) is None


def test_the_library_lists_every_document(live: Live) -> None:
    page = Page(live.client.get("/documents").text)
    assert {f"/documents/{document.id}" for document in DOCUMENTS} <= set(page.links)
    listed = live.client.get("/v1/documents").json()["documents"]
    assert [one["id"] for one in listed] == [document.id for document in DOCUMENTS]


def test_a_browser_gets_a_page_for_a_stale_link(live: Live) -> None:
    reply = live.client.get("/documents/khong-co", headers={"Accept": "text/html,*/*"})
    assert reply.status_code == 404
    assert "Không có văn bản này" in reply.text
    assert "<h1>" in reply.text


def test_the_api_is_described_without_a_network(live: Live) -> None:
    html = live.client.get("/docs").text
    assert "/v1/ask" in html and "AnswerBody" in html
    assert not [link for link in Page(html).links if link.startswith(("http", "//"))]
    assert "/v1/ask" in live.client.get("/openapi.json").json()["paths"]


def test_assets_are_sent_again_only_when_they_changed(live: Live) -> None:
    first = live.client.get("/widget.js")
    again = live.client.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_one_document_has_its_text_and_outline(live: Live) -> None:
    body = live.client.get("/v1/documents/luat-tiep-cong-dan").json()
    assert body["text"] == LAW
    assert body["issued_on"] == "2013-11-25"
    article = body["outline"][1]["children"][0]
    assert article["locator"] == "Điều 4"
    assert LAW[article["start"] : article["end"]].startswith("Điều 4. ")
    assert article["children"][1]["children"][0]["path"][-1] == {"level": "point", "label": "a"}


def test_the_library_tells_places_that_issuers_do_not(live: Live) -> None:
    listed = live.client.get("/documents").text
    assert "<span>Sở Nông nghiệp và PTNT</span>" in listed and "<span>Tây Ninh</span>" in listed
    issuer = replace(DOCUMENTS[0].meta, issuer="UBND TỈNH TÂY NINH")
    live.assistant.keep(replace(DOCUMENTS[0], meta=issuer))
    assert "<span>Tây Ninh</span>" not in live.client.get("/documents").text
    live.assistant.keep(DOCUMENTS[0])


def test_only_an_instrument_is_said_to_be_in_force_or_not(live: Live) -> None:
    law = live.client.get(f"/documents/{DOCUMENTS[1].id}").text
    news = replace(DOCUMENTS[0], id="tin", meta=replace(DOCUMENTS[0].meta, kind="Tin"))
    live.assistant.keep(news)
    assert "Chưa rõ hiệu lực" in law
    assert "iệu lực" not in live.client.get("/documents/tin").text.split("<article")[0]
