"""The likeliest statements, each read together with the question by a small model.

The judge's features say which words a statement shares with the question; the pair scorer weighs what
both mean. It costs milliseconds a statement, so only the head of the judge's order is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.compose import compose_item, list_words, quoted
from rag.judge import Judged, among_rivals
from rag.nearest import article_around, led_item
from rag.ports import PairScorer
from rag.statements import MARK, Statement
from rag.understand import Understood

READ = 8  # statements; a right one behind them is rare (docs/measures.md)
_MOST_CHARS, _HEADING_CHARS = 700, 120
_CITED = re.compile(r" \[\d+\]")
_MARK = re.compile(rf"(?:Điều \d+[a-zđ]?\.|{MARK})\s*")


def read_together(
    asked: Understood, judged: Sequence[Judged], scorer: PairScorer, read: int = READ
) -> list[Judged]:
    """Statements that are in the judge's order, in the order that the scorer's word gives them; it
    reads the first `read`.

    Raises PairScorerUnavailable.
    """
    near, far = judged[:read], judged[read:]
    if not near:
        return []
    found = scorer.scores(asked.text, [passage_of(asked, j) for j in near])
    told = [(float(rank), float(sure)) for rank, sure in found]
    # What was not read counts as no better than the worst that was.
    told += [(min(rank for rank, _ in told), min(sure for _, sure in told))] * len(far)
    return among_rivals(
        [
            replace(j, features={**j.features, "pair_rank": rank, "pair_sure": sure})
            for j, (rank, sure) in zip(judged, told, strict=True)
        ]
    )


def passage_of(asked: Understood, judged: Judged) -> str:
    """What the scorer sees of a statement: the headings above it, and what a person would read."""
    words = _CITED.sub("", told_text(asked, judged))
    return f"{' › '.join(_headings(judged.statement, words))}: {words}"[:_MOST_CHARS]


def _headings(statement: Statement, words: str) -> list[str]:
    """Of the article and of what stands right above, without marks, where `words` do not hold them."""
    document, context = statement.document, statement.context
    article = article_around(document, statement.part)
    found: list[str] = []
    for said in (
        article.heading if article else "",
        document.text[slice(*context)] if context else "",
    ):
        line = " ".join((said or "").split())
        mark = _MARK.match(line)
        heading = line[mark.end() if mark else 0 :][:_HEADING_CHARS]
        if heading and heading not in words and heading not in found:
            found.append(heading)
    return found


def told_text(asked: Understood, judged: Judged) -> str:
    """What a person would read of a statement."""
    if judged.statement.shape == "list":
        return list_words(judged.statement)
    if item := led_item(asked, judged):
        return compose_item(item).text
    return judged.statement.document.text[slice(*quoted(judged))]
