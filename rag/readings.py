"""A follow-up may be read in several ways (`nếu quá hạn thì sao` of what was asked before, by itself, of
another text): the way in which the documents answer best is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from corpus.clean import fold
from rag.answer import judged_statements, may_answer
from rag.follow_ups import Whole
from rag.indexing import Snapshot
from rag.judge import Judge, Judged
from rag.model import Hit, Topic
from rag.understand import Understood, understand

Retrieve = Callable[[Understood, Collection[str] | None], Sequence[Hit]]
# Of the chance that a statement answers: what hangs on whether it says the turn's own words, and those
# of the old subject; and what speaks for the place that the conversation is at.
_SAID, _OLD = 0.7, 0.5
_SAME_PART, _NEAR_PART, _SAME_TEXT, _ELSEWHERE = 0.2, 0.15, 0.1, -0.3
_BY_RULE = 0.05  # the first reading is that of the rules
_NEAR = 3  # articles before or behind


def likeliest(
    first: Whole, topic: Topic, retrieve: Retrieve, state: Snapshot, judge: Judge
) -> Whole:
    """Of a turn's readings that whose best statement is likeliest to answer; the first of equals."""
    turn, subject = understand(first.turn), understand(first.subject)
    words = {**_words(subject, _OLD), **_words(turn, 1.0)}

    def score(reading: Whole) -> float:
        best = _best(reading, retrieve, state, judge)
        if best is None:
            return 0.0
        said = _says(words, best, accented=turn.accented and subject.accented)
        return best.probability * (1 - _SAID + _SAID * said) + _place(best, topic)

    scores = [score(first) + _BY_RULE, *map(score, first.others)]
    return (first, *first.others)[scores.index(max(scores))]


def _best(reading: Whole, retrieve: Retrieve, state: Snapshot, judge: Judge) -> Judged | None:
    asked = understand(reading.text)
    judged = judged_statements(asked, retrieve(asked, reading.document_ids), state, judge)
    return next(iter(may_answer(asked, judged)), None)


def _words(asked: Understood, share: float) -> dict[str, float]:
    return {t.text: share * t.weight for t in asked.content}


def _says(words: Mapping[str, float], judged: Judged, *, accented: bool) -> float:
    """The share of words, by weight, that a statement and what stands around it say."""
    own = words if accented else {fold(word): weight for word, weight in words.items()}
    return judged.statement.scopes[2].share(own, accented=accented)


def _place(judged: Judged, topic: Topic) -> float:
    part, ids = judged.statement.part, topic.document_ids
    if judged.statement.document.id not in ids:
        return _ELSEWHERE
    if judged.statement.document.id != ids[0]:
        return 0.0
    before, here = dict(topic.path).get("article"), part.step_label("article")
    if before is None or here is None:
        return _SAME_TEXT
    if before == here:
        return _SAME_PART
    near = before.isdigit() and here.isdigit() and abs(int(before) - int(here)) <= _NEAR
    return _NEAR_PART if near else _SAME_TEXT
