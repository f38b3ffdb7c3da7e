"""Two statements that can hardly be told apart are both told; one that stands out is told alone."""

from __future__ import annotations

from dataclasses import replace

from corpus.clean import clean
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.compose import Draft, compose
from rag.judge import Judge, Judged, among_rivals, rivalry
from rag.see_also import LED_BY, rivals, runner_up, with_second, words_left
from rag.statements import scope, statements
from rag.understand import understand

LAW = """Điều 1. Tổ bảo vệ rừng
1. Tổ bảo vệ rừng do thôn bầu.
2. Kinh phí của tổ do xã cấp.
Điều 2. Trực
1. Tổ trực 05 ngày mỗi tháng.
2. Khi có cháy tổ trực cả đêm."""
QUESTION = "Tổ bảo vệ rừng do ai bầu?"


def law() -> Document:
    text = clean(LAW)
    return Document("law", "law.txt", Instrument(kind="Luật", title="Luật A"), text, outline(text))


def of_rank(**ranks: float) -> list[Judged]:
    """Statements that begin with these words (`_` for a space), each of the rank given."""
    document, asked = law(), understand(QUESTION)
    judge = Judge([scope(p.searchable(document)) for p in passages(document)])
    found = [
        judge.judge(asked, s, judge.weights(asked), None)
        for p in passages(document)
        for s in statements(document, p)
    ]
    told = []
    for words, rank in ranks.items():
        own = next(j for j in found if words.replace("_", " ") in j.statement.text)
        told.append(replace(own, features={**own.features, "unknown": 0.0, "rank": rank}))
    return told


class Ranked(Judged):
    @property
    def rank(self) -> float:
        return self.features["rank"]


def ranked(**ranks: float) -> list[Judged]:
    return [Ranked(j.statement, j.features, j.value, j.weights, j.kind) for j in of_rank(**ranks)]


def holds(_: Document) -> bool:
    return False


def test_a_close_second_is_told_and_a_far_one_is_not() -> None:
    best, near, far = ranked(do_thôn_bầu=5.0, do_xã_cấp=4.6, mỗi_tháng=3.0)
    assert runner_up(best, [best, near, far], holds) is near
    assert runner_up(best, [best, far], holds) is None
    assert rivals([best, near, far]) == [best, near]
    assert rivals([]) == []


def test_what_says_the_same_or_is_over_is_no_second() -> None:
    best, near = ranked(do_thôn_bầu=5.0, do_xã_cấp=4.6)
    again = replace(near, statement=best.statement)
    assert runner_up(best, [best, again], holds) is None
    other = replace(near, statement=replace(near.statement, document=law()))
    assert runner_up(best, [best, other], holds) is other
    assert runner_up(best, [best, other], lambda d: d is other.statement.document) is None


def test_markers_of_the_second_are_counted_on() -> None:
    asked = understand(QUESTION)
    best, near = ranked(do_thôn_bầu=5.0, do_xã_cấp=4.6)
    both = with_second(replace(compose(asked, [best]), second=compose(asked, [near])))
    first, second = both.text.split("\n")
    assert first.endswith("[1].")
    assert second.startswith(LED_BY)
    assert second.endswith("[2].")
    assert [c.marker for c in both.citations] == [1, 2]
    assert both.citations[1].quote.endswith("do xã cấp.")


def test_two_long_statements_are_not_told_together() -> None:
    long = Draft("Dài " * 100, ())
    assert with_second(replace(long, second=long)) == long


def test_a_verdict_is_told_alone() -> None:
    best, near = ranked(do_thôn_bầu=5.0, do_xã_cấp=4.6)
    told, other = (compose(understand(QUESTION), [j]) for j in (best, near))
    verdict = replace(other, text=f"Không: {other.text}", final=True)
    assert LED_BY in with_second(replace(told, second=other)).text
    for first, second in ((told, verdict), (verdict, told)):
        assert with_second(replace(first, second=second)) == first


def test_a_second_has_the_words_that_are_left_and_is_whole() -> None:
    assert words_left(Draft("Dài " * 40, ())) == 40
    assert words_left(Draft("Dài " * 90, ())) == 25
    best, near = ranked(do_thôn_bầu=5.0, do_xã_cấp=4.6)
    start = near.statement.start
    torn = replace(near, statement=replace(near.statement, end=start + len("2. Kinh phí của tổ,")))
    text = near.statement.document.text.replace("Kinh phí của tổ do", "Kinh phí của tổ, do")
    torn = replace(torn, statement=replace(torn.statement, document=replace(law(), text=text)))
    assert torn.statement.text.endswith(",")
    assert runner_up(best, [best, torn], holds) is None


def test_the_same_words_are_not_told_again() -> None:
    told = compose(understand(QUESTION), ranked(do_thôn_bầu=5.0))
    assert with_second(replace(told, second=told)) == told


def test_one_that_stands_out_has_most_of_the_chance_and_no_doubt() -> None:
    clear, open_choice = rivalry([9.0, 1.0]), rivalry([5.0, 5.0, 5.0])
    assert clear[0]["chance"] > 0.99 > clear[0]["lead"] / 10 > 0.4 > clear[1]["chance"]
    assert open_choice[0]["doubt"] > 1.0 > clear[0]["doubt"]
    assert [round(s["chance"], 2) for s in open_choice] == [0.33, 0.33, 0.33]
    assert rivalry([2.0])[0]["chance"] == 1.0


def test_the_order_is_that_of_the_rank() -> None:
    found = among_rivals(ranked(do_xã_cấp=2.0, do_thôn_bầu=5.0))
    assert [j.rank for j in found] == [5.0, 2.0]
    assert found[0].features["lead"] == 3.0
    assert found[0].features["asks_who"] == 1.0
    assert among_rivals([]) == []
