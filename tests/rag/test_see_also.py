"""Two statements that can hardly be told apart are both told; one that stands out is told alone."""

from __future__ import annotations

from dataclasses import replace

from corpus.clean import clean
from corpus.model import Citation, Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.compose import Draft, beside, compose
from rag.judge import Judge, Judged, among_rivals, rivalry
from rag.see_also import LED_BY, rivals, runner_up, told_below, with_second
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


class Told(Ranked):
    @property
    def probability(self) -> float:
        return self.features["chance"]


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
    copy = replace(best, statement=replace(best.statement, document=law()))
    assert runner_up(best, [best, copy], holds) is None
    assert runner_up(best, [best, copy], holds, by_value=False) is copy
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


def test_a_clause_of_the_first_that_is_likely_speaks_for_it() -> None:
    best, far = ranked(do_thôn_bầu=5.0, mỗi_tháng=1.0)
    inside = replace(best.statement, end=best.statement.end - 5)
    likely, unlikely = (
        Told(inside, {**best.features, "rank": 1.0, "chance": p}, None, {}, "who")
        for p in (0.5, 0.3)
    )
    assert rivals([best, likely, unlikely, far]) == [best, likely]


def test_two_long_statements_are_told_together_only_where_the_first_is_a_guess() -> None:
    first, second = Draft("Dài " * 60, ()), Draft("Dài " * 40, ())
    best, near = ranked(do_thôn_bầu=5.0, do_xã_cấp=4.6)
    sure, guess = (
        Told(best.statement, {**best.features, "rank": 5.0, "chance": p}, None, {}, "who")
        for p in (0.9, 0.4)
    )
    assert told_below(first, second, guess, near)
    assert not told_below(first, second, sure, near)
    assert told_below(first, second, sure, replace(near, features={**near.features, "rank": 4.9}))
    assert not told_below(first, Draft("Dài " * 70, ()), guess, near)


def test_two_items_of_a_list_have_one_lead_in() -> None:
    document = law()
    lead, one, other = (
        Citation(n, document, document.outline[0], n * 10, n * 10 + 9) for n in (1, 2, 3)
    )
    drafts = [
        Draft(f"Tổ có nhiệm vụ sau [1]: {said} [2].", (lead, replace(cited, marker=2)), second=None)
        for said, cited in (("trực đêm", one), ("báo cháy", other))
    ]
    both = with_second(replace(drafts[0], second=drafts[1]))
    assert both.text == "Tổ có nhiệm vụ sau [1]: trực đêm [2]; báo cháy [3]."
    assert [c.marker for c in both.citations] == [1, 2, 3]
    assert beside(drafts[0], Draft("Chủ tịch có quyền [1]: ký [2].", (other, one))) is None


def test_a_verdict_is_told_alone() -> None:
    best, near = ranked(do_thôn_bầu=5.0, do_xã_cấp=4.6)
    told, other = (compose(understand(QUESTION), [j]) for j in (best, near))
    verdict = replace(other, text=f"Không: {other.text}", final=True)
    assert LED_BY in with_second(replace(told, second=other)).text
    for first, second in ((told, verdict), (verdict, told)):
        assert with_second(replace(first, second=second)) == first


def test_a_second_is_whole() -> None:
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
