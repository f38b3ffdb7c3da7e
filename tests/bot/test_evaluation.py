"""Measures of answers, computed by hand beside them; two runs; the page for a person to read."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.pages import evaluation_page
from bot.terminal import measured
from rag.evaluation import Judgement, pooled, report
from rag.evaluation_report import compare, histogram, read_run, row, sign_test

TEXT = "Kế hoạch: báo cáo trước ngày 15/10/2024 về Sở."
DOCUMENT = {"id": "d", "title": "Kế hoạch <b>", "number": "1/KH", "kind": "Kế hoạch", "issuer": None,
            "issued_on_text": None, "about": None, "source": "d.txt"}  # fmt: skip
PART = {"article": "2", "clause": "1"}


def body(answer: str, quote: str = TEXT[10:], status: str = "answered") -> dict[str, Any]:
    start = 10
    citation = {"marker": 1, "document": DOCUMENT, "locator": "Điều 2", "part": PART, "quote": quote,
                "start": start, "end": start + len(quote), "context": None}  # fmt: skip
    told = [citation] if status == "answered" else []
    return {"status": status, "answer": answer, "citations": told, "timings_ms": {"total": 12.0}}


def gold(name: str, **fields: Any) -> dict[str, Any]:
    known = {"id": name, "question": f"{name}?", "answerable": True, "kind": "date", "facts": [["15/10/2024"]],
             "documents": ["d.txt"], "gold": [["1/KH", "2", "1"]]}  # fmt: skip
    return known | fields


RIGHT = Judgement(gold("a"), body("Trước ngày 15/10/2024 về Sở [1]."), {"d": TEXT})
INVENTED = Judgement(gold("b"), body("Trước ngày 16/10/2024 về Sở [1]."), {"d": TEXT})
MISQUOTED = Judgement(gold("c"), body("Báo cáo [1].", "báo cáo nhanh"), {"d": TEXT})
REFUSED = Judgement(gold("d", answerable=False, kind="none"), body("Không có.", status="refused"))
ALL = (RIGHT, INVENTED, MISQUOTED, REFUSED)


def test_sides_choices_and_what_is_there_are_counted_where_the_gold_asks_for_them() -> None:
    both = gold("e", all_documents=[["d.txt"], ["e.txt", "d.txt"]])
    one = gold("f", all_documents=[["d.txt"], ["e.txt"]])
    which = gold("g", answerable=False, choices=["d.txt", "e.txt"])
    missing = gold("h", answerable=False, says=[["Bến Tre"], ["2024", "2025"]])
    answered = body("Trước ngày 15/10/2024 [1].")
    measures = report(
        [
            Judgement(both, answered),
            Judgement(one, answered),
            Judgement(which, body("Văn bản nào?", status="clarify")),
            Judgement(which, answered),
            Judgement(missing, body("Kho có kế hoạch 2024 của BẾN TRE.", status="refused")),
            Judgement(missing, body("Không có.", status="refused")),
        ]
    )
    assert measures["every_document"]["share"] == 0.5
    assert measures["asked_back"]["share"] == 0.5
    assert measures["said_what_is_there"]["share"] == 0.5


def test_measures_are_those_counted_by_hand() -> None:
    measures = report(ALL)
    shares = {key: (v["share"], v["n"]) for key, v in measures.items() if isinstance(v, dict) and "n" in v}  # fmt: skip
    assert shares == {
        "fact": (0.333, 3),
        "right_document_of_answered": (1.0, 3),
        "right_document_of_all": (1.0, 3),
        "right_article_of_answered": (1.0, 3),
        "right_article_of_all": (1.0, 3),
        "right_clause_of_answered": (1.0, 3),
        "right_clause_of_all": (1.0, 3),
        "citation_recall": (0.667, 3),
        "citation_precision": (0.667, 3),
        "verbatim": (0.667, 3),
        "refusal_recall": (1.0, 1),
        "refusal_precision": (1.0, 1),
        "false_refusals": (0.0, 3),
        "asked_back_needlessly": (0.0, 3),
    }
    assert measures["words_median"] == 5
    assert measures["kinds"]["none"]["measures"]["refusal_recall"]["n"] == 1
    assert measures["kinds"]["date"]["measures"]["fact"]["n"] == 3


def test_the_sentences_of_one_answer_are_drawn_together() -> None:
    """Ten sentences of one answer say no more of other answers than one."""
    assert pooled([[True] * 10]) == {"share": 1.0, "n": 10, "low": 1.0, "high": 1.0}
    uneven = pooled([[True] * 10, [False] * 10])
    assert uneven is not None
    assert (uneven["low"], uneven["high"]) == (0.0, 1.0)


def test_two_runs_tell_what_got_better_and_worse() -> None:
    before = read_run({"answers": [row(j) for j in ALL]})
    changed = Judgement(gold("c"), body("Báo cáo về Sở [1]."), {"d": TEXT})
    worse = Judgement(RIGHT.gold, INVENTED.body, {"d": TEXT})
    better = Judgement(INVENTED.gold, RIGHT.body, {"d": TEXT})
    changes = compare(before, read_run({"answers": [row(j) for j in (worse, better, changed)]}))
    assert [c["id"] for c in changes["worse"]] == ["a"]
    assert [c["id"] for c in changes["better"]] == ["b"]
    assert [c["id"] for c in changes["changed"]] == ["c"]
    assert (changes["n"], changes["same"], changes["only_before"]) == (3, 0, ["d"])


@pytest.mark.parametrize("run", [[], {}, {"answers": [{"id": 1}]}, {"answers": "x"}])
def test_what_is_no_run_is_refused(run: Any) -> None:
    with pytest.raises(ValueError, match="answer"):
        read_run(run)


def test_the_sign_test_of_known_counts() -> None:
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 0) == 0.0625
    assert sign_test(3, 3) == 1.0


def test_every_value_stands_in_one_bar() -> None:
    bars = histogram([0, 5, 12, 12.5, 120])
    assert sum(count for _, _, count in bars) == 5
    assert histogram([]) == []


class Page(HTMLParser):
    """Tags and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "action")]  # fmt: skip


def test_the_page_needs_nothing_beside_it_and_escapes_what_it_shows() -> None:
    evil = Judgement(
        gold("<script>1</script>", kind="<img src=x>"), body("<script>alert(1)</script> [1]."), {}
    )
    judgements = (*ALL, evil)
    shown = evaluation_page(
        "gold.jsonl", measured(report(judgements)), [row(j) for j in judgements], date(2026, 11, 25)
    )
    page = Page(shown)
    assert not {"script", "img", "iframe", "b"} & set(page.tags)
    assert all(address.startswith(("#", "data:,")) for address in page.addresses)
    assert shown.count("<article") == len(judgements)
    kinds = dict(re.findall(r'<a href="#(kind-\d)">(\w+) \(', shown))
    assert all(f'<section id="{anchor}">' in shown for anchor in kinds)


def test_misses_come_first() -> None:
    shown = evaluation_page("x", [], [row(j) for j in ALL], date(2026, 11, 25))
    places = [shown.index(f"<h3>{name} ·") for name in ("b", "c", "a", "d")]
    assert places == sorted(places)
