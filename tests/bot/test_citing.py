"""References in the edges: links in a document's page, who cites it, what the library lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from bot.citing import cited_by, cites, text_links
from bot.document_body import CitedByBody, FullDocumentBody, MissingBody, ReferenceBody
from bot.pages import document_page, missing_page, short_list
from bot.reading import Link, blocks
from corpus.links import Links
from corpus.model import Document, Foot, Instrument
from tests.bot.live import Live, running, settings_in
from tests.fakes import DOCUMENTS, make_document

TEXT = """KẾ HOẠCH
I. CĂN CỨ
- Thực hiện điểm a khoản 2 Điều 4 Luật Tiếp công dân và Nghị định số 59/2023/NĐ-CP.
- Theo khoản 9 Điều 4 của Luật Tiếp công dân, Nghị định số 59/2023/NĐ-CP.
- Kế hoạch này thay thế Kế hoạch số 5/KH-<b>x</b>."""


def document(document_id: str, text: str, **meta: str) -> Document:
    return make_document(document_id, f"{document_id}.txt", text, Instrument(**meta))


LAW = DOCUMENTS[1]
CITING = document("citing", TEXT, title="Kế hoạch 2025", kind="Kế hoạch", issued_on="2025-01-02")
LINKS = Links([*DOCUMENTS, CITING])
POINT_A = "/documents/luat-tiep-cong-dan#chapter.II-article.4-clause.2-point.a"


class Anchors(HTMLParser):
    """The links of a page with their words, and the words of its article."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.article = ""
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag == "a":
            self.found.append((dict(attrs).get("href") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["a"]:
            href, words = self.found[-1]
            self.found[-1] = (href, words + data)
        if "article" in self._open and data != "#":
            self.article += data


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with running(settings_in(tmp_path_factory.mktemp("data"))) as server:
        server.assistant.keep(CITING)
        yield server


def test_a_reference_leads_to_the_part_that_it_means(live: Live) -> None:
    page = Anchors(live.client.get("/documents/citing").text)
    assert (POINT_A, "điểm a khoản 2 Điều 4") in page.found
    address = POINT_A.partition("#")
    assert f'id="{address[2]}"' in live.client.get(address[0]).text


def test_a_part_that_is_not_there_leads_to_the_document(live: Live) -> None:
    page = Anchors(live.client.get("/documents/citing").text)
    assert (LAW.address(), "khoản 9 Điều 4") in page.found


def test_a_part_of_the_text_itself_is_reached_without_losing_the_mark() -> None:
    text = "Điều 1. Phạm vi\n1. Một.\n2. Theo khoản 1 Điều này và Luật này."
    own = document("own", text, kind="Luật", title="Luật")
    (link,) = text_links(own, Links([own]))
    assert (text[link.start : link.end], link.url) == ("khoản 1 Điều này", "#article.1-clause.1")


def test_links_and_marks_together_leave_the_text_whole() -> None:
    for quote in (None, (0, 60), (30, 90), (50, len(TEXT))):
        shown = blocks(CITING, quote, list(text_links(CITING, LINKS)))
        runs = [run for block in shown for run in block.runs]
        assert "".join(run.text for run in runs) == TEXT.replace("\n", "")
        assert all(run.text for run in runs)
        marked = "".join(run.text for run in runs if run.marked)
        assert marked == (TEXT[slice(*quote)].replace("\n", "") if quote else "")


def test_the_page_shows_every_character_of_the_text() -> None:
    page = Anchors(document_page(CITING, "40-120", LINKS))
    assert "".join(page.article.split()) == "".join(TEXT.split())


def test_a_link_over_two_lines_is_cut() -> None:
    start = TEXT.index("CỨ")
    runs = [r for b in blocks(CITING, None, [Link(start, start + 10, "/x")]) for r in b.runs]
    assert [run.text for run in runs if run.url] == ["CỨ", "- Thực "]


def test_what_a_text_cites_is_told_once_with_what_is_not_there(live: Live) -> None:
    found = cites(CITING, LINKS)
    assert [(one.title, one.url) for one in found][:2] == [
        ("Luật Tiếp công dân (42/2013/QH13)", LAW.address()),
        ("Nghị định số 59/2023/NĐ-CP", None),
    ]
    assert [spot.locator for spot in found[1].spots] == [
        "gạch đầu dòng 1 mục I",
        "gạch đầu dòng 2 mục I",
    ]
    html = live.client.get("/documents/citing").text
    assert "Văn bản này viện dẫn" in html
    assert "chưa có trong kho" in html
    assert "Được viện dẫn tại" not in html


def test_who_cites_a_document_is_told_with_the_place(live: Live) -> None:
    (one,) = cited_by(LINKS.into(LAW))
    assert (one.title, one.url) == ("Kế hoạch 2025", "/documents/citing")
    html = live.client.get(LAW.address()).text
    assert "Được viện dẫn tại" in html
    assert {(spot.url, spot.locator) for spot in one.spots} <= set(Anchors(html).found)


def test_the_words_of_a_reference_are_never_markup() -> None:
    html = document_page(CITING, None, LINKS) + missing_page(LINKS)
    assert "<b>" not in html
    evil = replace(CITING, foot=Foot("<b>A</b>", "<b>B</b>", ("<b>C</b>",)), secrecy="<b>MẬT</b>")
    assert "<b>" not in document_page(evil, None, LINKS)


def test_signer_recipients_and_secrecy_are_facts() -> None:
    foot = Foot("Nguyễn Văn A", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC", ("Sở Nội vụ", "Lưu: VT"))
    html = document_page(replace(CITING, foot=foot, secrecy="MẬT"), None, LINKS)
    for value in ("Nguyễn Văn A", "PHÓ GIÁM ĐỐC", "Sở Nội vụ; Lưu: VT", "<dd>MẬT</dd>"):
        assert value in html


def test_many_recipients_are_counted() -> None:
    assert short_list(["A", "B", "C", "D", "E"]) == "A; B; C và 2 nơi khác"
    assert short_list([]) == ""


def test_the_page_of_what_is_missing_says_who_cites_it(live: Live) -> None:
    assert ("/missing", "văn bản được viện dẫn nhưng chưa có trong kho") in Anchors(
        live.client.get("/documents").text
    ).found
    html = live.client.get("/missing").text
    assert html.index("Nghị định số 59/2023/NĐ-CP") < html.index("1 văn bản viện dẫn, 2 chỗ")
    assert ("/documents/citing", "Kế hoạch 2025") in Anchors(html).found


def test_a_library_that_lacks_nothing_says_so() -> None:
    assert "đều có trong kho" in missing_page(Links(()))


def test_one_document_tells_its_links_both_ways(live: Live) -> None:
    body = live.client.get("/v1/documents/citing").json()
    assert set(body) == FullDocumentBody.__required_keys__
    assert (body["signer"], body["recipients"], body["secrecy"]) == (None, [], None)
    by_quote = {one["quote"]: one for one in body["references"]}
    point = by_quote["điểm a khoản 2 Điều 4"]
    assert set(point) == ReferenceBody.__required_keys__
    assert TEXT[point["start"] : point["end"]] == point["quote"]
    assert (point["document_id"], point["url"]) == (LAW.id, POINT_A)
    assert (point["label"], point["places"]) == ("Luật Tiếp công dân", ["điểm a khoản 2 Điều 4"])
    decree = by_quote["Nghị định số 59/2023/NĐ-CP"]
    assert (decree["document_id"], decree["url"]) == (None, None)
    own = by_quote["Kế hoạch này"]
    assert (own["label"], own["document_id"], own["url"]) == (None, "citing", "/documents/citing")
    first = live.client.get(f"/v1{LAW.address()}").json()["cited_by"][0]
    assert set(first) == CitedByBody.__required_keys__
    assert (first["document_id"], first["title"]) == ("citing", "Kế hoạch 2025")
    assert first["url"] == f"/documents/citing?q={point['start']}-{point['end']}#section.I-item.1"


def test_what_is_missing_is_listed_most_cited_first(live: Live) -> None:
    first = live.client.get("/v1/missing").json()["missing"][0]
    assert set(first) == MissingBody.__required_keys__
    assert (first["label"], first["number"]) == ("Nghị định số 59/2023/NĐ-CP", "59/2023/NĐ-CP")
    assert (first["kind"], first["year"]) == ("Nghị định", 2023)
    assert (first["documents"], first["count"]) == (1, 2)
    place = first["cited_by"][0]
    assert place["document"]["id"] == "citing"
    assert TEXT[place["start"] : place["end"]] == place["quote"]
