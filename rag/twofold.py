"""A question that asks two things at once (`ai ký, ký ngày nào`): where no statement answers it, each
thing is asked by itself.

The second half mostly lacks its subject; it gets what the first says beside its question words. Told
only where both are answered: half an answer looks like a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rag.compose import Draft, counted_on
from rag.refuse import Choices, Gap
from rag.understand import Understood, understand

Answerer = Callable[[Understood], Draft | Gap | Choices]
_ASKS = re.compile(
    r"(?<!\w)(?:(?:trong |den |tu |o |tai |ve |vao )?(?:bao (?:nhiêu|nhieu|lâu|lau|giờ|gio)|(?:\w+ )?(?:nào|nao)|đâu|dau"
    r"|mấy(?: \w+)?|may(?: \w+)?)|ai|(?:\w+ )?(?:gì|gi)|ra sao|thế nào|the nao|làm sao|lam sao|vì sao|vi sao)(?!\w)",
    re.I,
)
_JOIN = re.compile(r"\s*[,;]\s*(?:(?:và|va|còn|con)\s+)?|\s+(?:và|va|với lại|voi lai)\s+", re.I)
_OWN_WORDS = 4  # content words from which the second half has a subject of its own


def both_answered(asked: Understood, answer: Answerer) -> Draft | None:
    """The answers to both halves, one below the other; None where there are not two or one is open."""
    for first, second in _halves(asked.text.rstrip(" ?.!")):
        found = [answer(understand(half)) for half in (first, second)]
        one, other = (draft if isinstance(draft, Draft) else None for draft in found)
        if one and other:
            return one if _places(one) >= _places(other) else _joined(one, other)
    return None


def _halves(text: str) -> Iterator[tuple[str, str]]:
    for join in _JOIN.finditer(text):
        first, second = text[: join.start()], text[join.end() :]
        asks = list(_ASKS.finditer(first))
        if asks and _ASKS.search(second):
            subject = f"{first[: asks[-1].start()]}{first[asks[-1].end() :]}"
            whole = len(understand(second).content) >= _OWN_WORDS
            yield first, second if whole else f"{' '.join(subject.split())} {second}"


def _joined(one: Draft, other: Draft) -> Draft:
    other = counted_on(other, len(one.citations))
    return Draft(
        f"{one.text}\n{other.text}",
        (*one.citations, *other.citations),
        tuple(dict.fromkeys((*one.notices, *other.notices))),
        final=one.final or other.final,
    )


def _places(draft: Draft) -> set[tuple[str, int, int]]:
    return {(c.document.id, c.start, c.end) for c in draft.citations}
