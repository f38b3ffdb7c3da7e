"""What each lane and group of features is worth to the ranking of articles; prints a Markdown table.

    python benchmarks/ablation.py CORPUS QUESTIONS [CORPUS QUESTIONS ...]

Arguments and vectors as for `fit_ranker.py`. Each row leaves one group out, fits the rest on the other
suites and measures MRR@10 on the suite held out; the last rows have one lane only.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.fit_ranker import Suite, corpora, fitted, looked_up, ranked
from rag.retrieval_evaluation import report

LANES_ALONE = {
    "lexical": "found by words alone",
    "dense": "found by meaning alone, their words still weighed",
}
BOTH = tuple(LANES_ALONE)
GROUPS = {
    "the passage's words": ("whole_passage", "core_passage"),
    "the article's words": ("whole_unit", "core_unit"),
    "its heading": ("heading",),
    "defined terms": ("defines",),
    "the law that is named": ("named", "document", "title"),
    "lengths": ("passage_length", "unit_length"),
    "meaning (dense)": ("dense",),
}


def without(suite: Suite, prefixes: tuple[str, ...]) -> Suite:
    """The suite without the features that begin so."""
    kept = [n for n, name in enumerate(suite.features) if not name.startswith(prefixes)]
    asked = tuple(replace(q, features=q.features[:, kept]) if q.doc_ids else q for q in suite.asked)
    return Suite(suite.name, tuple(suite.features[n] for n in kept), asked)


def held_out(suites: Sequence[Suite]) -> list[float]:
    """MRR@10 of each suite, fitted on the others."""
    found = []
    for suite in suites:
        weights = fitted([q for other in suites if other is not suite for q in other.asked])
        found.append(report([ranked(q, weights) for q in suite.asked])["mrr@10"])
    return found


def row(name: str, suites: Sequence[Suite], whole: Sequence[float]) -> str:
    told = (
        f"{mrr:.3f} ({mrr - all_:+.3f})" for mrr, all_ in zip(held_out(suites), whole, strict=True)
    )
    return f"| {name} | {' | '.join(told)} |"


def main() -> None:
    opened = corpora([Path(name) for name in sys.argv[1:]])
    suites = [looked_up(corpus, BOTH, accented=True) for corpus in opened]
    whole = held_out(suites)
    print(f"| left out | {' | '.join(f'{s.name}, n {len(s.asked)}' for s in suites)} |")
    print("| --- " * (len(suites) + 1) + "|")
    print(f"| nothing | {' | '.join(f'{mrr:.3f}' for mrr in whole)} |")
    for name, prefixes in GROUPS.items():
        print(row(name, [without(suite, prefixes) for suite in suites], whole), flush=True)
    for lane in BOTH:
        only = [looked_up(corpus, (lane,), accented=True) for corpus in opened]
        print(row(LANES_ALONE[lane], only, whole), flush=True)


if __name__ == "__main__":
    main()
