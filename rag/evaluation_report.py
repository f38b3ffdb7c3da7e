"""What people and later runs need of a measured run: each question with its answer, two runs side
by side, and the bars of a histogram. The numbers themselves are in `evaluation.py`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from rag.evaluation import Judgement

_NEEDED = ("id", "question", "kind", "right", "status", "answer")
_BARS = 12


def row(judgement: Judgement) -> dict[str, Any]:
    """One question as a run keeps it: wanted, told, and how that is carried by its citations."""
    gold, body = judgement.gold, judgement.body
    cited = zip(body["citations"], judgement.verbatim, strict=True)
    return {
        **{key: gold[key] for key in ("id", "question", "kind", "answerable")},
        "facts": gold.get("facts") or [],
        "status": body["status"],
        "answer": body["answer"],
        "right": judgement.right,
        "words": judgement.words,
        "ms": body["timings_ms"]["total"],
        "sentences": [
            {
                "words": support.stated.words,
                "markers": support.stated.markers,
                "recalled": support.recalled,
                "precise": support.precise,
            }
            for support in judgement.supports
        ],
        "citations": [
            {
                **{key: citation[key] for key in ("marker", "locator", "quote", "context")},
                "document": citation["document"]["title"] or citation["document"]["source"],
                "verbatim": verbatim,
            }
            for citation, verbatim in cited
        ],
    }


def read_run(run: Any) -> dict[str, dict[str, Any]]:
    """The questions of a run by id. Raises ValueError where it is no run."""
    rows = run.get("answers") if isinstance(run, dict) else None
    if not isinstance(rows, list):
        raise ValueError("no “answers”")
    for one in rows:
        if not isinstance(one, dict) or any(key not in one for key in _NEEDED):
            raise ValueError(f"an answer without {', '.join(_NEEDED)}")
    return {str(one["id"]): one for one in rows}


def compare(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Two runs, rows by id: what got better, worse, or is told otherwise with the same verdict."""
    both = [(before[key], after[key]) for key in before if key in after]
    better = [_change(a, b) for a, b in both if not a["right"] and b["right"]]
    worse = [_change(a, b) for a, b in both if a["right"] and not b["right"]]
    changed = [_change(a, b) for a, b in both if a["right"] == b["right"] and _differ(a, b)]
    return {
        "n": len(both),
        "right_before": sum(a["right"] for a, _ in both),
        "right_after": sum(b["right"] for _, b in both),
        "better": better,
        "worse": worse,
        "changed": changed,
        "same": len(both) - len(better) - len(worse) - len(changed),
        "only_before": [key for key in before if key not in after],
        "only_after": [key for key in after if key not in before],
        "p": round(sign_test(len(better), len(worse)), 4),
    }


def _differ(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    return bool((a["status"], a["answer"]) != (b["status"], b["answer"]))


def _change(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    told = {"before": a["answer"], "after": b["answer"]}
    return {"id": a["id"], "kind": a["kind"], "question": a["question"], **told}


def sign_test(better: int, worse: int) -> float:
    """The chance, 0..1, of so uneven a count if each change were as likely for the worse."""
    n, few = better + worse, min(better, worse)
    tail = sum(math.comb(n, k) for k in range(few + 1))
    return float(min(1.0, 2 * tail / 2**n))


def histogram(values: Sequence[float]) -> list[tuple[float, float, int]]:
    """Bars `(from, to, count)` of equal width up to the largest value; none for no values."""
    if not values:
        return []
    width = max(1, math.ceil(max(values) / _BARS))
    edges = [width * n for n in range(int(max(values) // width) + 2)]
    return [(a, b, sum(a <= value < b for value in values)) for a, b in pairwise(edges)]
