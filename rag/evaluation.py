"""Measure answers against a gold set: the definitions of `docs/measures.md`, no judgement of its own."""

from __future__ import annotations

import json
import re
import statistics
import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Ask = Callable[[str], Awaitable[dict[str, Any]]]  # a question's text -> the HTTP answer body


@dataclass(frozen=True)
class Judgement:
    """One gold question with what the program answered."""

    gold: dict[str, Any]
    body: dict[str, Any]

    @property
    def answered(self) -> bool:
        return bool(self.body["status"] == "answered")

    @property
    def fact(self) -> bool:
        """Every group of facts has one alternative in the answer."""
        said = _folded(self.body["answer"])
        groups = self.gold.get("facts") or []
        return self.answered and all(any(_folded(a) in said for a in group) for group in groups)

    @property
    def right_document(self) -> bool:
        cited = {citation["document"]["source"] for citation in self.body["citations"]}
        return bool(cited & set(self.gold.get("documents") or []))

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

    @property
    def words(self) -> int:
        return len(re.sub(r"\[\d+\]", "", self.body["answer"]).split())


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _matches(gold: Sequence[Any], citation: dict[str, Any]) -> bool:
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


async def evaluate(gold: Sequence[dict[str, Any]], ask: Ask) -> list[Judgement]:
    """Ask every question, one after another."""
    return [Judgement(item, await ask(item["question"])) for item in gold]


def report(judgements: Sequence[Judgement]) -> dict[str, Any]:
    """All measures with their n; a share is None where n is 0."""
    able = [j for j in judgements if j.gold["answerable"]]
    unable = [j for j in judgements if not j.gold["answerable"]]
    answered = [j for j in able if j.answered]
    silent = [j for j in judgements if not j.answered]
    lengths = sorted(j.words for j in answered)
    times = sorted(j.body["timings_ms"]["total"] for j in judgements)
    return {
        "n": len(judgements),
        "answerable": len(able),
        "unanswerable": len(unable),
        "fact": share([j.fact for j in able]),
        "right_document_of_answered": share([j.right_document for j in answered]),
        "right_document_of_all": share([j.right_document for j in able]),
        "right_article_of_answered": share(_known([j.right_article for j in answered])),
        "right_article_of_all": share(_known([j.right_article for j in able])),
        "right_clause_of_answered": share(_known([j.right_clause for j in answered])),
        "right_clause_of_all": share(_known([j.right_clause for j in able])),
        "refusal_recall": share([not j.answered for j in unable]),
        "refusal_precision": share([not j.gold["answerable"] for j in silent]),
        "false_refusals": share([not j.answered for j in able]),
        "words_median": statistics.median(lengths) if lengths else None,
        "words_p90": _quantile(lengths, 0.9),
        "citations_mean": _mean(
            [len(j.body["citations"]) for j in answered if j.gold["kind"] != "list"]
        ),
        "ms_p50": _quantile(times, 0.5),
        "ms_p95": _quantile(times, 0.95),
        "kinds": _by_kind(judgements),
    }


def _known(values: Sequence[bool | None]) -> list[bool]:
    return [value for value in values if value is not None]


def _by_kind(judgements: Sequence[Judgement]) -> dict[str, dict[str, Any]]:
    kinds: dict[str, list[bool]] = {}
    for j in judgements:
        right = j.fact if j.gold["answerable"] else not j.answered
        kinds.setdefault(j.gold["kind"], []).append(right)
    return {kind: share(right) or {} for kind, right in sorted(kinds.items())}


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


def _quantile(values: Sequence[float], q: float) -> float | None:
    return values[min(len(values) - 1, int(q * len(values)))] if values else None


def _mean(values: Sequence[int]) -> float | None:
    return round(statistics.mean(values), 2) if values else None
