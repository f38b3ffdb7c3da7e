"""Make `rag/data/syllable_pairs.tsv` and `courtesy_pairs.tsv`: how often a syllable follows another.

    python benchmarks/fit_syllable_pairs.py

The first is counted over the labelled questions and the office documents of `benchmarks/data/training`,
as far as they have diacritics, follow-ups (which begin in a way of their own) and the names of provinces;
the second over what people wrap a question in (`courtesies.tsv`: `before`, `after`, `middle` of a
question, then the words).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from corpus.clean import has_marks
from corpus.gazetteer import provinces
from rag.courtesies import courtesy_tokens
from rag.spelling import respelled
from rag.syllable_pairs import END, TURN, SyllablePairs
from rag.words import canonical

# Times that a province counts and a turn of a conversation: both are commoner than in the training data.
EACH_PLACE, EACH_TURN = 10, 5
ROOT = Path(__file__).parents[1]
TRAINING = ROOT / "benchmarks" / "data" / "training"
TURNS = TRAINING / "turns.txt"  # how a follow-up begins
COURTESIES = TRAINING / "courtesies.tsv"
# What is wanted of a text, and the text, are of the question: `nhờ trợ lý tóm tắt giúp Kế hoạch 5`.
WANTED = re.compile(
    r"tóm tắt|tóm lại|so sánh|liệt kê|giải thích|phân tích|nêu|kể|văn bản|căn cứ", re.I
)


def office_texts() -> Iterator[str]:
    for path in sorted(TRAINING.rglob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if has_marks(question := json.loads(line)["question"]):
                yield question
    for path in sorted({*TRAINING.rglob("*.txt")} - {TURNS}):
        yield path.read_text(encoding="utf-8")
    yield from sorted(provinces()) * EACH_PLACE


def office_clauses() -> Iterator[list[str]]:
    for text in office_texts():
        yield from clauses(text)
    for turn in TURNS.read_text(encoding="utf-8").splitlines():
        first, *others = clauses(turn)
        yield from [[TURN, first[0]], first, *others] * EACH_TURN


def clauses(text: str) -> list[list[str]]:
    """With abbreviations written out; those with one as they are, too: `UBND tỉnh`."""
    written_out = syllables(canonical(text))
    as_typed = [
        clause for clause in syllables(respelled(text).lower()) if clause not in written_out
    ]
    return written_out + as_typed


def syllables(text: str) -> list[list[str]]:
    found = (re.findall(r"[^\W\d_]+", c) for c in re.split(r"[\n\d.;:!?,()\"“”]", text))
    return [clause for clause in found if clause]


def courtesies() -> Iterator[list[str]]:
    for line in COURTESIES.read_text(encoding="utf-8").splitlines():
        _, _, words = line.partition("\t")
        if not WANTED.search(words):
            yield [*courtesy_tokens(words), END]


def main() -> None:
    for sequences, name in (
        (office_clauses(), "syllable_pairs.tsv"),
        (courtesies(), "courtesy_pairs.tsv"),
    ):
        written = SyllablePairs.counted(sequences).written()
        (ROOT / "rag" / "data" / name).write_text(f"{written}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
