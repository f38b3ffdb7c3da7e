"""A question that asks two things at once (`ai ký, ký ngày nào`): where no statement answers it, each
thing is asked by itself.

The second half mostly lacks its subject; it gets what the first says beside its question words. Told
only where both are answered: half an answer looks like a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from rag.comparison import Answerer
from rag.compose import Draft, below
from rag.understand import Understood, understand

_ASKS = re.compile(
    r"(?<!\w)(?:(?:trong |den |tu |o |tai |ve |vao )?(?:bao (?:nhiêu|nhieu|lâu|lau|giờ|gio)|(?:\w+ )?(?:nào|nao)|đâu|dau"
    r"|mấy(?: \w+)?|may(?: \w+)?)|ai|(?:\w+ )?(?:gì|gi)|ra sao|thế nào|the nao|làm sao|lam sao|vì sao|vi sao)(?!\w)",
    re.I,
)
_JOIN = re.compile(r"\s*[,;]\s*(?:(?:và|va|còn|con)\s+)?|\s+(?:và|va|với lại|voi lai)\s+", re.I)
_MOST_TRIED = 2  # places where a question may be cut: each half is as dear as a question
_OWN_WORDS = 4  # content words from which the second half has a subject of its own


def both_answered(asked: Understood, answer: Answerer) -> Draft | None:
    """The answers to both halves, one below the other; None where there are not two or one is open."""
    for halves in islice(_halves(asked.text.rstrip(" ?.!")), _MOST_TRIED):
        first, second = map(understand, halves)
        one = answer(first)
        if not isinstance(one, Draft):
            continue  # the second is then no use
        other = answer(second)
        if isinstance(other, Draft):
            return one if one.spans >= other.spans else below(one, other)
    return None


_WHETHER = re.compile(r"[,;] [^,;]*(?<!\w)(?:khong|ko)\W*$")


def asks_two(asked: Understood) -> bool:
    """Whether two things are asked: `ai ký, ký ngày nào`, `là bao lâu, được gia hạn không`."""
    text = asked.text.rstrip(" ?.!")
    whether = _WHETHER.search(asked.folded)
    if whether and _ASKS.search(text[: whether.start()]):
        return True
    return next(_halves(text), None) is not None


def _halves(text: str) -> Iterator[tuple[str, str]]:
    for join in _JOIN.finditer(text):
        first, second = text[: join.start()], text[join.end() :]
        asks = list(_ASKS.finditer(first))
        if asks and _ASKS.search(second):
            subject = f"{first[: asks[-1].start()]}{first[asks[-1].end() :]}"
            whole = len(understand(second).content) >= _OWN_WORDS
            yield first, second if whole else f"{' '.join(subject.split())} {second}"
