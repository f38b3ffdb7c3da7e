"""Parts that a text names: every place of a list, a range, a chain."""

from __future__ import annotations

import pytest

from corpus.model import Part, Step
from corpus.part_references import Place, filled, part_mentions


def said(text: str) -> list[str]:
    return [
        " ".join(f"{level}={label}" for level, label in sorted(place.labels))
        for mention in part_mentions(text)
        for place in mention.places
    ]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("khoản 1, 2 và 6 Điều 15", ["article=15 clause=1", "article=15 clause=2", "article=15 clause=6"]),
        ("các khoản 2, 3,4 Điều 40", [f"article=40 clause={n}" for n in (2, 3, 4)]),
        ("các điều 5, 6 và 7", ["article=5", "article=6", "article=7"]),
        ("từ Điều 5 đến Điều 8", ["article=5", "article=6", "article=7", "article=8"]),
        ("khoản 2, khoản 3 Điều 5 và Điều 8", ["article=5 clause=2", "article=5 clause=3", "article=8"]),
        ("điểm a, khoản 2, Điều 9", ["article=9 clause=2 point=a"]),
        ("điểm c và d khoản 1, các khoản 2 và 4 Điều 7",
         ["article=7 clause=1 point=c", "article=7 clause=1 point=d", "article=7 clause=2", "article=7 clause=4"]),
        ("điểm đ khoản 1a Điều 10a", ["article=10a clause=1a point=đ"]),
        ("Mục 3 Chương II", ["chapter=II section=3"]),
        ("Phụ lục số II kèm theo", ["appendix=II"]),
    ],
)  # fmt: skip
def test_every_place_is_told(text: str, places: list[str]) -> None:
    assert said(text) == places


@pytest.mark.parametrize(
    "text",
    ["khoản 100 triệu đồng", "điểm bầu cử", "mục đích", "khoản tiền", "Điều 5. Phạm vi điều chỉnh",
     "điều kiện 1", "chương trình 12", "khoản 5.000 đồng", "Chương II"],
)  # fmt: skip
def test_what_is_no_part_is_none(text: str) -> None:
    assert said(text) == []


def test_what_is_left_unsaid_is_taken_from_the_place_where_it_is_said() -> None:
    path = (Step("article", "5"), Step("clause", "3"), Step("point", "a"))
    part = Part(path, "điểm a khoản 3 Điều 5", "", 0, 9, 9)

    def full(text: str) -> list[dict[str, str]]:
        return [dict(filled(p, part).labels) for m in part_mentions(text) for p in m.places]

    assert full("khoản 2 Điều này") == [{"clause": "2", "article": "5"}]
    assert full("khoản này") == [{"clause": "3", "article": "5"}]
    assert full("điểm b") == [{"point": "b", "clause": "3", "article": "5"}]
    assert full("khoản 1 Điều 9") == [{"clause": "1", "article": "9"}]
    assert full("của Chương IV") == [{"chapter": "IV"}]


def test_places_are_equal_by_what_they_say() -> None:
    first, second = (m.places[0] for m in part_mentions("khoản 1 Điều 2 hay là khoản 1 Điều 2"))
    assert first == second == Place((("clause", "1"), ("article", "2")))
