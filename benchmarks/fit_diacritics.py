"""Make `rag/data/syllable_pairs.tsv`: how often a syllable follows another, as offices write and ask.

    python benchmarks/fit_diacritics.py > rag/data/syllable_pairs.tsv

Counted over the labelled questions and the office documents of `benchmarks/data/training`, as far as
they have diacritics, and the names of provinces. A line: a syllable (empty: the start of a clause), then each that follows it with its
count, tab-separated.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from corpus.clean import has_marks
from corpus.gazetteer import provinces
from rag.words import canonical

# Times that a province counts and a turn of a conversation: both are commoner than in the training data.
EACH_PLACE, EACH_TURN = 10, 5
TRAINING = Path(__file__).parent / "data" / "training"
TURNS = TRAINING / "turns.txt"  # how a follow-up begins


def texts() -> Iterator[str]:
    for path in sorted(TRAINING.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if has_marks(question := json.loads(line)["question"]):
                yield question
    for path in sorted({*TRAINING.rglob("*.txt")} - {TURNS}):
        yield path.read_text(encoding="utf-8")
    yield from TURNS.read_text(encoding="utf-8").splitlines() * EACH_TURN
    yield from sorted(provinces()) * EACH_PLACE


def main() -> None:
    counts: dict[str, Counter[str]] = {}
    for text in texts():
        for clause in re.split(r"[\n\d.;:!?,()\"“”]", canonical(text)):
            syllables = re.findall(r"[^\W\d_]+", clause)
            for first, second in pairwise(["", *syllables]):
                counts.setdefault(first, Counter())[second] += 1
    for first in sorted(counts):
        print(first, *(f"{second} {n}" for second, n in sorted(counts[first].items())), sep="\t")


if __name__ == "__main__":
    main()
