"""Which text names which: resolved to the library or listed as missing."""

from __future__ import annotations

from corpus.clean import clean
from corpus.links import Links, references
from corpus.model import Document, Instrument
from corpus.outline import outline

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
