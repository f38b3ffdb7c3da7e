"""A follow-up may be read in several ways (`nếu quá hạn thì sao` of what was asked before, by itself, of
another text): the way in which the documents answer best is meant.

What speaks for a reading is told by features; `data/readings.yaml` weighs them, fitted on conversations
(`benchmarks/fit_readings.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

import yaml

from corpus.clean import fold
from rag.follow_ups import Whole
from rag.judge import Judged
from rag.model import Topic
from rag.part_follow_ups import path_of
from rag.rewording import asks_something
from rag.statements import scope
from rag.understand import Term, Understood, alike, understand

_MOST_WORDS = 6


class Found(NamedTuple):
    """What the documents say to a reading."""

    best: Judged | None  # the statement that answers it best, if any may
    known: bool  # it is answered by what is known of the documents: links, duties, places


def likeliest(first: Whole, topic: Topic, *looks: Callable[[Whole], Found]) -> Whole:
    """Of a turn's readings the one that its features speak for most; the first of equals. Where no reading
    finds a word of a turn that asks nothing itself, the next of `looks` tries.
    """
    readings = (first, *first.others)
    asks = first.settled or not first.turn or asks_something(understand(first.turn))
    for find in looks:
        told = features(first, topic, [find(reading) for reading in readings])
        if asks or not all(own["nothing"] and not own["known"] for own in told):
            scores = [sum(_weights().get(name, 0.0) * x for name, x in own.items()) for own in told]
            return readings[scores.index(max(scores))]
    # `còn kinh phí thì sao?` where no text speaks of money: the old subject must not tell something else.
    return replace(first, text=f"{first.turn.rstrip(' ?')}?", others=())


def features(first: Whole, topic: Topic, found: Sequence[Found]) -> list[Mapping[str, float]]:
    """What speaks for each of a turn's readings; `found` goes with them."""
    turn, subject = understand(first.turn), understand(first.subject)
    accented = turn.accented and subject.accented
    new = _beside(turn, subject)
    said_alone = min(len(turn.content), _MOST_WORDS) - 2 if first.free else 0
    told: list[Mapping[str, float]] = []
    for reading, (best, is_known) in zip((first, *first.others), found, strict=True):
        said = _says(new, best, accented=accented) if best else 0.0
        anywhere = float(reading.document_ids is None)
        speaks = {
            "rule": float(reading is first),
            "known": float(is_known),
            "anywhere": anywhere,
            "anywhere_words": anywhere * said_alone,
            "nothing": float(not said),
        }
        if best and said:  # what says no word of the turn does not answer it
            others = [f.best for f in found if f.best and f.best is not best]
            agreeing = [j.probability for j in others if _overlap(j, best)]
            speaks |= {
                "chance": best.probability,
                "chance_said": best.probability * said,
                "said": said,
                "old": _says(subject.content, best, accented=accented),
                "near": _near(best, topic),
                "agreeing": len(agreeing) / max(len(found) - 1, 1),
                "agreeing_chance": sum(agreeing) / max(len(found) - 1, 1),
            }
        told.append(speaks)
    return told


def _beside(turn: Understood, subject: Understood) -> list[Term]:
    """What a turn says that its subject does not say, nor means: `nộp` of `bao giờ nộp` is said with `gửi báo cáo`."""
    old = scope(subject.text)
    return [
        t for t in turn.content
        if not any(old.has(w, accented=False) for w in alike(fold(t.text), accented=False))
    ]  # fmt: skip


def _says(terms: Sequence[Term], judged: Judged, *, accented: bool) -> float:
    """The share of its words, by weight, that a statement and what stands around it say; 1 of none. The
    syllables of `chưa đủ` apart, as in `chưa có đủ`, count half."""
    around = judged.statement.scopes[2]
    said = total = 0.0
    for term in terms:
        word = term.text if accented else fold(term.text)
        total += term.weight
        if any(around.has(one, accented=accented) for one in alike(word, accented=accented)):
            said += term.weight
        elif " " in word and all(around.has(one, accented=accented) for one in word.split()):
            said += term.weight / 2
    return said / total if total else 1.0


def _overlap(one: Judged, other: Judged) -> bool:
    a, b = one.statement, other.statement
    return a.document.id == b.document.id and a.start < b.end and b.start < a.end


def _near(judged: Judged, topic: Topic) -> float:
    """The share of the way to the part cited last that leads to the statement, too; 0 elsewhere."""
    if not topic.path or judged.statement.document.id != topic.document_ids[0]:
        return 0.0
    steps = zip(path_of(judged.statement.part), topic.path, strict=False)
    return len([*takewhile(lambda step: step[0] == step[1], steps)]) / len(topic.path)


@cache
def _weights() -> dict[str, float]:
    path = Path(__file__).parent / "data" / "readings.yaml"
    loaded: dict[str, float] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded
