"""Measure answers against a gold set: the definitions of `docs/measures.md`, no judgement of its own.

What citations carry is told in `support.py`; pages and comparisons are in `evaluation_report.py`.
"""

from __future__ import annotations

import json
import re
import statistics
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rag.support import Support, supports

_RESAMPLES = 1000


@dataclass(frozen=True)
class Judgement:
    """One gold question with what the program answered; `texts` are those of the cited documents."""

    gold: Mapping[str, Any]
    body: Mapping[str, Any]  # the HTTP answer body
    texts: Mapping[str, str] = field(default_factory=dict)  # document id -> its whole text

    @property
    def answered(self) -> bool:
        return bool(self.body["status"] == "answered")

    @property
    def right(self) -> bool:
        """The fact where there is one to tell, no answer where there is none."""
        return self.fact if self.gold["answerable"] else not self.answered

    @cached_property
    def fact(self) -> bool:
        """Every group of facts has one alternative in the answer."""
        said = folded(unmarked(self.body["answer"]))
        groups = self.gold.get("facts") or []
        return self.answered and all(any(folded(a) in said for a in group) for group in groups)

    @property
    def right_document(self) -> bool:
        cited = {citation["document"]["source"] for citation in self.body["citations"]}
        return bool(cited & set(self.gold.get("documents") or []))

    @property
    def every_document(self) -> bool | None:
        """Whether each side of a comparison is cited; None where the gold names no sides."""
        cited = {citation["document"]["source"] for citation in self.body["citations"]}
        sides = self.gold.get("all_documents")
        return all(cited & set(side) for side in sides) if sides else None

    @property
    def asked_back(self) -> bool | None:
        """Whether a question that fits several documents is asked back; None for any other."""
        return self.body["status"] == "clarify" if self.gold.get("choices") else None

    @property
    def said(self) -> bool | None:
        """Whether a refusal tells what the library has instead; None where nothing is asked of it."""
        groups, answer = self.gold.get("says"), folded(self.body["answer"])
        if not groups:
            return None
        return not self.answered and all(any(folded(a) in answer for a in g) for g in groups)

    @property
    def right_article(self) -> bool | None:
        """Whether some citation is from a gold place's article; None where no place is given."""
        return self._right([gold[:2] for gold in self.gold.get("gold") or []])

    @property
    def right_clause(self) -> bool | None:
        """Whether some citation is from a gold clause; None where none is given."""
        golds = [gold for gold in self.gold.get("gold") or [] if len(gold) > 2 and gold[2]]
        return self._right(golds)

    def _right(self, golds: Sequence[Sequence[Any]]) -> bool | None:
        if not golds:
            return None
        return any(
            _matches(gold, citation) for gold in golds for citation in self.body["citations"]
        )

    @cached_property
    def supports(self) -> list[Support]:
        """The answer's sentences with how their citations carry them; none of a refusal."""
        return supports(self.body["answer"], self.body["citations"]) if self.answered else []

    @cached_property
    def verbatim(self) -> list[bool]:
        """For each citation whether its quote is its document's text from `start` to `end`."""
        return [
            c["quote"] == self.texts.get(c["document"]["id"], "")[c["start"] : c["end"]]
            for c in self.body["citations"]
        ]

    @property
    def words(self) -> int:
        return words(self.body["answer"])


def folded(text: str) -> str:
    """NFC, without case, spaces folded: how answers are compared."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def unmarked(answer: str) -> str:
    """An answer's words without the markers of its citations."""
    return re.sub(r"\s?\[\d+\]", "", answer)


def words(answer: str) -> int:
    """What stands between spaces, markers left out."""
    return len(unmarked(answer).split())


def _matches(gold: Sequence[Any], citation: Mapping[str, Any]) -> bool:
    number, article, *clause = gold
    document, part = citation["document"], citation["part"]
    numbers = {document["number"], (document["about"] or {}).get("number")}
    if number is not None and number not in numbers:
        return False
    same = str(article) == str(part["article"])
    return same and (not clause or clause[0] is None or str(clause[0]) == str(part["clause"]))


def read_gold(path: Path) -> list[dict[str, Any]]:
    """One JSON object a line. Raises OSError, ValueError."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def report(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """All measures with their n, over all questions and by kind; a share is None where n is 0."""
    kinds = sorted({j.gold["kind"] for j in judgements})
    by_kind = {kind: [j for j in judgements if j.gold["kind"] == kind] for kind in kinds}
    return {
        **measures(judgements),
        "kinds": {
            kind: {**(share([j.right for j in own]) or {}), "measures": measures(own)}
            for kind, own in by_kind.items()
        },
    }


def measures(judgements: Sequence[Judgement]) -> dict[str, Any]:
    able = [j for j in judgements if j.gold["answerable"]]
    unable = [j for j in judgements if not j.gold["answerable"]]
    answered = [j for j in able if j.answered]
    silent = [j for j in judgements if not j.answered]
    lengths = [float(j.words) for j in answered]
    times = [float(j.body["timings_ms"]["total"]) for j in judgements]
    quantiles = (
        ("words_median", lengths, 0.5), ("words_p90", lengths, 0.9), ("ms_p50", times, 0.5), ("ms_p95", times, 0.95),
    )  # fmt: skip
    return {
        "n": len(judgements),
        "answerable": len(able),
        "unanswerable": len(unable),
        "fact": share([j.fact for j in able]),
        "right_document_of_answered": share([j.right_document for j in answered]),
        "right_document_of_all": share([j.right_document for j in able]),
        "every_document": share(_known([j.every_document for j in able])),
        "asked_back": share(_known([j.asked_back for j in unable])),
        "asked_back_needlessly": share([j.body["status"] == "clarify" for j in able]),
        "said_what_is_there": share(_known([j.said for j in unable])),
        "right_article_of_answered": share(_known([j.right_article for j in answered])),
        "right_article_of_all": share(_known([j.right_article for j in able])),
        "right_clause_of_answered": share(_known([j.right_clause for j in answered])),
        "right_clause_of_all": share(_known([j.right_clause for j in able])),
        "citation_recall": pooled([[s.recalled for s in j.supports] for j in judgements]),
        "citation_precision": pooled(
            [[ok for s in j.supports for ok in s.precise] for j in judgements]
        ),
        "verbatim": pooled([j.verbatim for j in judgements]),
        "refusal_recall": share([not j.answered for j in unable]),
        "refusal_precision": share([not j.gold["answerable"] for j in silent]),
        "false_refusals": share([not j.answered for j in able]),
        "citations_mean": _mean(
            [len(j.body["citations"]) for j in answered if j.gold["kind"] != "list"]
        ),
        **{name: _quantile(values, q) for name, values, q in quantiles},
        "intervals": {name: _quantile_interval(values, q) for name, values, q in quantiles},
    }


def _known(values: Sequence[bool | None]) -> list[bool]:
    return [value for value in values if value is not None]


def share(values: Sequence[bool]) -> dict[str, Any] | None:
    """A share with its n and its 95 % Wilson interval."""
    n = len(values)
    if n == 0:
        return None
    hits = sum(map(bool, values))
    z, p = 1.96, hits / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * ((p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5) / (1 + z * z / n)
    return {
        "share": round(p, 3),
        "n": n,
        "low": round(middle - half, 3),
        "high": round(middle + half, 3),
    }


def pooled(groups: Sequence[Sequence[bool]]) -> dict[str, Any] | None:
    """A share of things that questions have several of, with a bootstrap interval over questions:
    the sentences of one answer are not independent."""
    counts = np.array([(sum(group), len(group)) for group in groups if group], dtype=float)
    if not len(counts):
        return None
    hits, n = counts.sum(axis=0)
    drawn = counts[_draws(len(counts))].sum(axis=1)
    low, high = _middle_95(drawn[:, 0] / drawn[:, 1])
    return {"share": round(float(hits / n), 3), "n": int(n), "low": low, "high": high}


def _quantile(values: Sequence[float], q: float) -> float | None:
    return round(float(np.quantile(values, q)), 1) if values else None


def _quantile_interval(values: Sequence[float], q: float) -> tuple[float, float] | None:
    """By bootstrap."""
    given = np.array(values)
    return _middle_95(np.quantile(given[_draws(len(given))], q, axis=1)) if values else None


def _draws(n: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The same places every time: two runs of one program give one report."""
    return np.random.default_rng(0).integers(n, size=(_RESAMPLES, n))


def _middle_95(values: np.ndarray[Any, np.dtype[np.float64]]) -> tuple[float, float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return round(float(low), 3), round(float(high), 3)


def _mean(values: Sequence[int]) -> float | None:
    return round(statistics.mean(values), 2) if values else None
