"""Which text names which: resolved to the library or listed as missing."""

from __future__ import annotations

import pytest

from corpus.clean import clean
from corpus.links import Links
from corpus.model import Document, Instrument, Level
from corpus.outline import outline
from corpus.part_references import Place
from corpus.reference import references

LAW = """Điều 1. Phạm vi
Luật này quy định việc tố cáo.
Điều 2. Thời hạn
1. Thời hạn là 30 ngày.
2. Trừ trường hợp quy định tại khoản 1 Điều này và Điều 1 của Luật này."""
DECREE = """Điều 1. Phạm vi
Nghị định này quy định chi tiết khoản 1 Điều 2 về thời hạn và các biện pháp thi hành Luật Tố cáo.
Điều 2. Hiệu lực
1. Bãi bỏ Nghị định số 7/2012/NĐ-CP và các điều sau đây của Luật Khiếu nại:
a) Điều 30 về thời hạn.
2. Luật Cán bộ, công chức (sau đây gọi là Luật Công chức) áp dụng theo Luật Công chức."""
PLAN = "KẾ HOẠCH\nThực hiện Luật Tố cáo, Nghị định số 8/2019/NĐ-CP và Nghị định số 7/2012/NĐ-CP."


def document(id: str, text: str, **meta: str) -> Document:
    text = clean(text)
    return Document(id, f"{id}.txt", Instrument(**meta), text, outline(text))


LIBRARY = [
    document("law", LAW, kind="Luật", number="25/2018/QH14", title="Luật Tố cáo", issued_on="2018-06-12"),
    document("decree", DECREE, kind="Nghị định", number="8/2019/NĐ-CP", title="Nghị định chi tiết", issued_on="2019-04-10"),
    document("plan", PLAN, kind="Kế hoạch", title="Kế hoạch", issued_on="2024-01-02"),
]  # fmt: skip


def told(document: Document) -> list[tuple[str, str | None, list[dict[str, str]]]]:
    return [
        (document.text[r.start : r.end], r.named.label if r.named else None, [dict(p.labels) for p in r.places])
        for r in references(document)
    ]  # fmt: skip


def test_a_part_of_the_text_itself_is_told_whole() -> None:
    assert told(LIBRARY[0]) == [
        ("Luật này", None, []),
        ("khoản 1 Điều này và Điều 1", None, [{"clause": "1", "article": "2"}, {"article": "1"}]),
    ]


def test_a_part_belongs_to_the_law_that_its_sentence_or_lead_in_names() -> None:
    found = told(LIBRARY[1])
    assert ("khoản 1 Điều 2", "Luật Tố cáo", [{"clause": "1", "article": "2"}]) in found
    assert ("Điều 30", "Luật Khiếu nại", [{"article": "30"}]) in found


def test_a_short_name_stands_for_what_it_was_given_to() -> None:
    assert [r[1] for r in told(LIBRARY[1])].count("Luật Cán bộ, công chức") == 2


def test_links_go_both_ways() -> None:
    links = Links(LIBRARY)
    law, decree, plan = LIBRARY
    assert {r.document.id for r in links.into(law)} == {"decree", "plan"}
    assert [target.id for _, target in links.out(plan) if target] == ["law", "decree"]


def test_what_is_cited_and_absent_is_listed_with_who_cites_it_most_cited_first() -> None:
    first = Links(LIBRARY).missing[0]
    assert first.label == "Nghị định số 7/2012/NĐ-CP"
    assert [d.id for d in first.documents] == ["decree", "plan"]


def test_a_law_that_came_later_is_not_the_one_that_an_older_text_means() -> None:
    old = document(
        "old", "Theo Luật Tố cáo.", kind="Kế hoạch", title="Kế hoạch", issued_on="2010-01-01"
    )
    links = Links([*LIBRARY, old])
    assert [target for _, target in links.out(old)] == [None]


def test_another_provinces_text_with_the_same_number_is_not_meant() -> None:
    number = {
        "number": "5/KH-UBND",
        "kind": "Kế hoạch",
        "title": "Kế hoạch",
        "issued_on": "2024-01-02",
    }
    theirs = document("theirs", "Nội dung.", place="Huế", issuer="UBND TỈNH", **number)
    told = "Thực hiện Kế hoạch số 5/KH-UBND ngày 02/01/2024."
    ours = document("ours", told, place="Tây Ninh", kind="Kế hoạch", title="Kế hoạch khác")
    neighbours = document("neighbours", told, place="Huế", kind="Kế hoạch", title="Kế hoạch khác")
    links = Links([theirs, ours, neighbours])
    assert [target for _, target in links.out(ours)] == [None]
    assert [target for _, target in links.out(neighbours)] == [theirs]


LISTED = """Điều 1. Phạm vi
1. Quy định chung.
Điều 2. Thời hạn
1. Thời hạn gồm:
a) Một;
b) Hai.
2. Thời hạn khác:
a) Ba."""
DECISION = """QUYẾT ĐỊNH
Về việc ban hành Quy chế
Điều 1. Ban hành kèm theo Quyết định này Quy chế làm việc.
Điều 2. Điều khoản thi hành
QUY CHẾ
Làm việc
(Ban hành kèm theo Quyết định số 5/QĐ-SNN ngày 01/02/2024)
Điều 1. Phạm vi
Điều 2. Nguyên tắc
Theo Điều 1 Quy chế này."""


@pytest.mark.parametrize(
    ("said", "locator"),
    [
        ({"article": "2"}, "Điều 2"),
        ({"clause": "1", "article": "2"}, "khoản 1 Điều 2"),
        ({"point": "b", "clause": "1", "article": "2"}, "điểm b khoản 1 Điều 2"),
        ({"point": "b", "article": "2"}, "điểm b khoản 1 Điều 2"),
        ({"point": "a", "article": "2"}, None),  # in two clauses
        ({"clause": "9", "article": "2"}, None),
        ({"article": "9"}, None),
        ({}, None),
    ],
)
def test_a_place_is_found_only_where_it_is_one(said: dict[Level, str], locator: str | None) -> None:
    law = document("listed", LISTED, kind="Luật", title="Luật")
    part = Links([law]).part_of(law, Place(tuple(said.items())))
    assert (part.locator if part else None) == locator


def test_a_place_of_a_plan_is_found_by_its_dotted_number() -> None:
    plan = document("plan", "KẾ HOẠCH\nI. MỤC ĐÍCH\n1. Mục đích\nMột.\n2. Yêu cầu\nHai.")
    part = Links([plan]).part_of(plan, Place((("section", "I.2"),)))
    assert part and plan.text[part.start :].startswith("2. Yêu cầu")


def test_an_article_of_an_attachment_is_meant_inside_it() -> None:
    decision = document("decision", DECISION, kind="Quyết định", title="Quyết định")
    links = Links([decision])
    inside = next(r for r in references(decision) if r.quote == "Điều 1")
    place = inside.places[0]
    within, outside = links.part_of(decision, place, inside.part), links.part_of(decision, place)
    assert within and within.path[0].level == "appendix"
    assert outside and outside.path[0].level == "article"


def test_everything_that_a_text_names_is_told_with_the_text_it_means() -> None:
    links = Links(LIBRARY)
    law = LIBRARY[0]
    found = links.of(LIBRARY[1])
    assert ("khoản 1 Điều 2", law) in [(r.quote, target) for r, target in found]
    assert {target for _, target in links.of(law)} == {law}
    assert ("Nghị định số 7/2012/NĐ-CP", None) in [(r.quote, target) for r, target in found]


def test_a_place_is_told_as_people_cite_it() -> None:
    (reference,) = [r for r in references(LIBRARY[0]) if r.places]
    assert [place.locator for place in reference.places] == ["khoản 1 Điều 2", "Điều 1"]
    assert reference.url == f"/documents/law?q={reference.start}-{reference.end}#article.2-clause.2"


def test_a_number_told_without_its_year_is_the_dated_one() -> None:
    told = "Kế hoạch số 9/KH-UBND ngày 05/3/2024 nêu rõ. Thực hiện Kế hoạch số 9/KH-UBND."
    missing = Links([document("news", told, kind="Tin", title="Tin")]).missing
    assert [(m.label, len(m.references)) for m in missing] == [("Kế hoạch số 9/KH-UBND", 2)]


def test_laws_of_one_name_are_listed_with_their_years() -> None:
    told = "Luật Tố cáo 2011, Luật Tố cáo năm 1998, Luật Tố cáo và Hiến pháp 1992."
    missing = Links([document("news", told, kind="Tin", title="Tin")]).missing
    labels = {"Luật Tố cáo 2011", "Luật Tố cáo năm 1998", "Luật Tố cáo", "Hiến pháp 1992"}
    assert {m.label for m in missing} == labels
