"""bm25s over what suits Vietnamese: all syllables, and pairs of neighbouring ones."""

import re
from itertools import pairwise

import bm25s

from benchmarks.rivals.scripts.measured import Ask, Prepared, measure


def tokens(text: str) -> list[str]:
    syllables = re.findall(r"\w+", text.lower())
    return syllables + [" ".join(pair) for pair in pairwise(syllables)]


def index(prepared: Prepared) -> Ask:
    retriever = bm25s.BM25()
    retriever.index([tokens(piece.text) for piece in prepared.pieces])

    def ask(question: str) -> list[str]:
        places, _ = retriever.retrieve([tokens(question)], k=prepared.depth, show_progress=False)
        return [prepared.pieces[place].doc_id for place in places[0]]

    return ask


if __name__ == "__main__":
    measure(index)
