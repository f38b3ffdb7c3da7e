"""A follow-up may be read in several ways (`nếu quá hạn thì sao` of what was asked before, by itself, of
another text): the way in which the documents answer best is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from corpus.clean import fold
from rag.answer import judged_statements, may_answer
from rag.follow_ups import Whole
from rag.indexing import Snapshot
from rag.judge import Judge, Judged
from rag.model import Hit
from rag.understand import Understood, understand

Retrieve = Callable[[Understood, Collection[str] | None], Sequence[Hit]]
# Fitted on the conversations for development (docs/measures.md): what speaks for a reading is the chance
# that its best statement answers, more so where that says the turn's own words and the old subject; and
# for looking anywhere, the more a turn says by itself.
_CHANCE, _CHANCE_SAID, _CHANCE_OLD, _OLD = 2.1, 3.5, 1.25, -0.8
_BY_RULE = 1.15  # the first reading is that of the rules
_ANYWHERE, _PER_WORD = 0.4, 1.1  # of any text; for each content word that the turn has above two
_MOST_WORDS = 6
_AWAY = -1.9  # the statement is of no text that was spoken of
_NOTHING = 1.85  # no statement may answer: as good as a poor one
_SURE = 7.5  # from which no other reading is looked at: each costs a search


def likeliest(first: Whole, retrieve: Retrieve, state: Snapshot, judge: Judge) -> Whole:
    """Of a turn's readings that whose best statement is likeliest to answer; the first of equals."""
    turn, subject = understand(first.turn), understand(first.subject)
    accented = turn.accented and subject.accented

    said_alone = min(len(turn.content), _MOST_WORDS) - 2 if first.free else 0

    def score(reading: Whole) -> float:
        anywhere = _ANYWHERE + _PER_WORD * said_alone if reading.document_ids is None else 0.0
        best = _best(reading, retrieve, state, judge)
        if best is None:
            return _NOTHING + anywhere
        said, old = (_says(q, best, accented=accented) for q in (turn, subject))
        chance = best.probability * (_CHANCE + _CHANCE_SAID * said + _CHANCE_OLD * old)
        away = _AWAY * (best.statement.document.id not in first.spoken_of)
        return chance + _OLD * old + anywhere + away

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
