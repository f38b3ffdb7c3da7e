"""Make `rag/data/lexicon.tsv`: which syllables form words, and how common each term is.

    python benchmarks/background_lexicon.py CORPUS.jsonl.gz > rag/data/lexicon.tsv

CORPUS: one JSON object a line with a `text`, as of the codified law (Bộ pháp điển). A compound is a
pair of neighbouring syllables with a normalised pointwise mutual information over MIN_NPMI
(Bouma 2009); `idf` is log(paragraphs / paragraphs with the term).
"""

from __future__ import annotations

import gzip
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from rag.words import FUNCTION_WORDS, canonical

MIN_NPMI, MIN_COUNT = 0.3, 25


def paragraphs(path: str) -> Iterator[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            for paragraph in json.loads(line)["text"].split("\n"):
                if paragraph.strip():
                    yield re.findall(r"[^\W\d_]+|\S", canonical(paragraph))


def main(path: str) -> None:
    total = 0
    seen, pairs, having = Counter[str](), Counter[tuple[str, str]](), Counter[str]()
    for words in paragraphs(path):
        total += 1
        near = [(a, b) for a, b in pairwise(words) if a.isalpha() and b.isalpha()]
        alpha = [word for word in words if word.isalpha()]
        seen.update(alpha)
        pairs.update(near)
        having.update({*alpha, *(f"{a} {b}" for a, b in near)})
    count = seen.total()
    terms = [word for word in seen if having[word] >= MIN_COUNT and len(word) > 1]
    for (a, b), n in pairs.items():
        pmi = math.log(n * count / (seen[a] * seen[b]))
        if n >= MIN_COUNT and pmi / -math.log(n / count) >= MIN_NPMI:
            if not {a, b} & FUNCTION_WORDS and min(len(a), len(b)) > 1:
                terms.append(f"{a} {b}")
    for term in sorted(terms):
        print(f"{term}\t{math.log(total / having[term]):.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
