"""A follow-up may be read in several ways (`nếu quá hạn thì sao` of what was asked before, by itself, of
another text): the way in which the documents answer best is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from corpus.clean import fold
from rag.answer import ANSWERS, judged_statements, may_answer
from rag.follow_ups import Whole
from rag.indexing import Snapshot
from rag.judge import Judge, Judged
from rag.model import Hit, Topic
from rag.understand import Understood, understand

Retrieve = Callable[[Understood, Collection[str] | None], Sequence[Hit]]
# How much of the chance that a statement answers hangs on whether it says the turn's own words, and
# those of the old subject; fitted on the dev halves of the conversations (docs/measures.md).
_SAID, _OLD = 0.85, 0.1
_BY_RULE = 0.1  # the first reading is that of the rules
_ELSEWHERE = 0.3  # off where the conversation was about another text
_SURE = 0.95  # from which no other reading is looked at: each costs a search
_REFUSED = 0.2  # what a reading is worth that gets no answer


def likeliest(
    first: Whole, topic: Topic, retrieve: Retrieve, state: Snapshot, judge: Judge
) -> Whole:
    """Of a turn's readings that whose best statement is likeliest to answer; the first of equals."""
    turn, subject = understand(first.turn), understand(first.subject)
    accented = turn.accented and subject.accented

    def score(reading: Whole) -> float:
        best = _best(reading, retrieve, state, judge)
        if best is None or best.probability < ANSWERS:
            return _REFUSED
        said, old = (_says(q, best, accented=accented) for q in (turn, subject))
        away = _ELSEWHERE * (best.statement.document.id not in topic.document_ids)
        return best.probability * (1 - _SAID - _OLD + _SAID * said + _OLD * old) - away

    scores = [score(first) + _BY_RULE]
    if scores[0] >= _SURE:
        return first
    scores += map(score, first.others)
    return (first, *first.others)[scores.index(max(scores))]


def _best(reading: Whole, retrieve: Retrieve, state: Snapshot, judge: Judge) -> Judged | None:
    asked = understand(reading.text)
    judged = judged_statements(asked, retrieve(asked, reading.document_ids), state, judge)
    return next(iter(may_answer(asked, judged)), None)


def _says(asked: Understood, judged: Judged, *, accented: bool) -> float:
    """The share of its words, by weight, that a statement and what stands around it say; 1 of none."""
    own = {t.text if accented else fold(t.text): t.weight for t in asked.content}
    return judged.statement.scopes[2].share(own, accented=accented) if own else 1.0
