"""Fit what speaks for a reading of a follow-up on conversations and print `rag/data/readings.yaml`.

    python benchmarks/fit_readings.py DIALOGUES.jsonl... > rag/data/readings.yaml

The data folder holds the documents of the dialogues; those of the `test` halves are left out. Of each
turn every reading is answered: one is right where it gets the answer that the turn's `whole` question
gets alone, or, where none does, the facts. The next turn goes on from the right one. Folds are cut
between dialogues.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.model_selection import GroupKFold

from benchmarks.conditional_logit import Matrix, Vector, fit_logit
from benchmarks.dialogues import facts_told, same_answer
from benchmarks.judged_library import library_of
from bot.answer_body import AnswerBody, answer_body
from rag.assistant import LocalAssistant
from rag.evaluation import read_gold
from rag.follow_ups import is_courtesy, topic_after
from rag.model import Answer, Question, Topic
from rag.readings import features
from rag.refuse import answer_of

FOLDS, STRENGTH = 10, 0.002


@dataclass(frozen=True)
class Turn:
    dialogue: str
    settled: bool  # the rules' reading is told something and not compared
    readings: Sequence[Mapping[str, float]]
    right: Sequence[bool]  # in the answer that the whole question gets
    told: Sequence[bool]  # or at least the facts

    @property
    def wanted(self) -> Sequence[bool]:
        return self.right if any(self.right) else self.told


async def turns(assistant: LocalAssistant, files: Sequence[Path]) -> list[Turn]:
    known = {document.source for document in assistant.documents()}
    found: list[Turn] = []
    for file in files:
        for dialogue in read_gold(file):
            if dialogue["split"] != "test" and set(dialogue["documents"]) <= known:
                found += await _turns_of(assistant, dialogue, f"{file.stem} {dialogue['id']}")
    return found


async def _turns_of(assistant: LocalAssistant, dialogue: dict[str, Any], name: str) -> list[Turn]:
    topic: Topic | None = None
    found = []
    for row in dialogue["turns"]:
        if is_courtesy(row["asked"]):
            continue
        alone = _body(await assistant.answer(Question(row["whole"])))
        reader = assistant.reader()
        first = reader.first(row["asked"], topic)
        read = (first, *first.others)
        answers = [answer_of(reader.answer(reading)) for reading in read]
        bodies = [_body(answer) for answer in answers]
        right = [same_answer(body, alone) for body in bodies]
        told = [r or bool(facts_told(row, b)) for r, b in zip(right, bodies, strict=True)]
        if topic is not None:
            settled = first.settled and reader.is_told(first)
            known = features(first, topic, [reader.found(reading) for reading in read])
            found.append(Turn(name, settled, known, right, told))
        chosen = next((n for n, r in enumerate(right) if r), None)
        chosen = next((n for n, r in enumerate(told) if r), 0) if chosen is None else chosen
        topic = topic_after(read[chosen], answers[chosen].citations, topic)
    return found


def _body(answer: Answer) -> AnswerBody:
    return answer_body(answer, answer_id="", conversation_id="")


def matrix(turn: Turn, names: Sequence[str]) -> Matrix:
    return np.array([[own.get(name, 0.0) for name in names] for own in turn.readings])


def fit(data: Sequence[Turn], names: Sequence[str]) -> Vector:
    """A weight for each feature."""
    groups = [
        (matrix(turn, names), np.array(turn.wanted))
        for turn in data
        if any(turn.wanted) and not all(turn.wanted)
    ]
    return fit_logit(groups, len(names), STRENGTH * len(groups))


def chosen(turn: Turn, names: Sequence[str], weights: Vector) -> int:
    return 0 if turn.settled else int(np.argmax(matrix(turn, names) @ weights))


def cross_validated(data: Sequence[Turn], names: Sequence[str]) -> list[tuple[Turn, int]]:
    """Each turn with the reading that weights fitted on other dialogues choose."""
    found = []
    groups = [turn.dialogue for turn in data]
    for train, held in GroupKFold(FOLDS).split(groups, groups=groups):
        weights = fit([data[n] for n in train], names)
        found += [(data[n], chosen(data[n], names, weights)) for n in held]
    return found


def main() -> None:
    async def collected() -> list[Turn]:
        async with library_of(os.environ["DANVAN_DATA_DIR"]) as library:
            return await turns(library.assistant, [Path(name) for name in sys.argv[1:]])

    data = asyncio.run(collected())
    names = sorted({name for turn in data for own in turn.readings for name in own})
    some = np.mean([any(turn.right) for turn in data])
    held = cross_validated(data, names)
    right = np.mean([turn.right[n] for turn, n in held])
    told = np.mean([turn.told[n] for turn, n in held])
    print(f"# {len(data)} turns; some reading right {some:.3f}")
    print(f"# cross-validated: right {right:.3f}, right or its facts told {told:.3f}")
    weights = fit(data, names)
    fitted = {name: round(float(w), 2) for name, w in zip(names, weights, strict=True)}
    print(yaml.safe_dump(fitted), end="")


if __name__ == "__main__":
    main()
