"""A follow-up may be read in several ways (`nếu quá hạn thì sao` of what was asked before, by itself, of
another text): the way in which the documents answer best is meant.

What speaks for a reading is told by features; `data/readings.yaml` weighs them, fitted on conversations
(`benchmarks/fit_readings.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path

import yaml

from corpus.clean import fold
from rag.follow_ups import Whole
from rag.judge import Judged
from rag.model import Topic
from rag.part_follow_ups import path_of
from rag.understand import Understood, understand

Best = Callable[[Whole], Judged | None]  # the statement that answers a reading best, if any may
_MOST_WORDS = 6


def likeliest(first: Whole, topic: Topic, best: Best) -> Whole:
    """Of a turn's readings the one that its features speak for most; the first of equals."""
    readings = (first, *first.others)
    told = features(first, topic, [best(reading) for reading in readings])
    scores = [sum(_weights().get(name, 0.0) * x for name, x in own.items()) for own in told]
    return readings[scores.index(max(scores))]


def features(
    first: Whole, topic: Topic, found: Sequence[Judged | None]
) -> list[Mapping[str, float]]:
    """What speaks for each of a turn's readings; `found` is the best statement of each."""
    turn, subject = understand(first.turn), understand(first.subject)
    accented = turn.accented and subject.accented
    said_alone = min(len(turn.content), _MOST_WORDS) - 2 if first.free else 0
    told: list[Mapping[str, float]] = []
    for reading, own in zip((first, *first.others), found, strict=True):
        anywhere = float(reading.document_ids is None)
        known = {
            "rule": float(reading is first),
            "anywhere": anywhere,
            "anywhere_words": anywhere * said_alone,
            "nothing": float(own is None),
        }
        if own is not None:
            said, old = (_says(q, own, accented=accented) for q in (turn, subject))
            others = [j for j in found if j is not own and j is not None and _overlap(j, own)]
            known |= {
                "chance": own.probability,
                "chance_said": own.probability * said,
                "chance_old": own.probability * old,
                "said": said,
                "old": old,
                "away": float(own.statement.document.id not in first.spoken_of),
                "near": _near(own, topic),
                "agreeing": len(others) / max(len(found) - 1, 1),
                "agreeing_chance": sum(j.probability for j in others) / max(len(found) - 1, 1),
            }
        told.append(known)
    return told


def _says(asked: Understood, judged: Judged, *, accented: bool) -> float:
    """The share of its words, by weight, that a statement and what stands around it say; 1 of none."""
    own = {t.text if accented else fold(t.text): t.weight for t in asked.content}
    return judged.statement.scopes[2].share(own, accented=accented) if own else 1.0


def _overlap(one: Judged, other: Judged) -> bool:
    a, b = one.statement, other.statement
    return a.document.id == b.document.id and a.start < b.end and b.start < a.end


def _near(judged: Judged, topic: Topic) -> float:
    """The share of the way to the part cited last that leads to the statement, too; 0 elsewhere."""
    if not topic.path or judged.statement.document.id != topic.document_ids[0]:
        return 0.0
    shared = takewhile(lambda steps: steps[0] == steps[1], _steps(judged, topic))
    return len(list(shared)) / len(topic.path)


def _steps(judged: Judged, topic: Topic) -> zip[tuple[tuple[str, str], tuple[str, str]]]:
    return zip(path_of(judged.statement.part), topic.path, strict=False)


@cache
def _weights() -> dict[str, float]:
    path = Path(__file__).parent / "data" / "readings.yaml"
    loaded: dict[str, float] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
