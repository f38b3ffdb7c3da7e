"""`Có` or `Không` before the words that say so, only where a sentence affirms or denies just what is asked.

What holds under a condition that the question does not name, or with an exception, gets no verdict: its
words are told, and the person judges.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.statements import Scope, scope
from rag.understand import Understood
from rag.words import syllables

# `có phải chịu trách nhiệm hình sự không`, `có được chia di sản hay không`
_ASKED = re.compile(
    r"(?<!\w)có (?!.*(?<!\w)có )(?P<said>\w+(?:,? \w+){1,24}?)(?: hay)? không(?= *[?.!]*$)"
)
_DENIED = "không"
NOTHING = Scope("", "")
# Conditions and exceptions; those of one row are one to the reader.
_CONDITIONS = (
    ("nếu", "khi", "trường hợp", "trong trường hợp"),
    ("trừ", "ngoại trừ", "trừ trường hợp"),
    ("chỉ",),
)
_SAME = 2  # syllables behind `không` that must be the question's own
_MOST = 0.6  # of the weight of its subject
_ALL = 0.75  # of the asked predicate's syllables must stand in the sentence


def verdict(
    asked: Understood, sentence: str, headings: Scope = NOTHING, lead: str = ""
) -> str | None:
    """`Có`, `Không`, or None where the sentence, below its headings or the `lead` that it completes, does
    not settle it. Typed diacritics only: without them `có` is not told from `cô`."""
    match = _ASKED.search(asked.text.casefold())
    if match is None or not asked.accented:
        return None
    said, there = syllables(match["said"]), scope(sentence)
    if len(said) < _SAME or _conditioned(asked, f"{lead} {sentence}"):
        return None
    if sum(there.has(word, accented=True) for word in said) < _ALL * len(said):
        return None
    if not _is_of(asked.text.casefold()[: match.start()], asked, (there, headings, scope(lead))):
        return None
    head = " ".join(said[:_SAME])
    if there.has(f"{_DENIED} {head}", accented=True):
        return "Không"
    if there.has(head, accented=True) and not there.has(_DENIED, accented=True):
        return "Có"
    return None


def _is_of(subject: str, asked: Understood, scopes: Sequence[Scope]) -> bool:
    """Whether most of what is asked about, by weight, stands there: what holds of others is no answer."""
    own = scope(subject)
    weights = {t.text: t.weight for t in asked.content if own.has(t.text, accented=True)}
    said = sum(w for t, w in weights.items() if any(s.has(t, accented=True) for s in scopes))
    return said >= _MOST * sum(weights.values())


def _conditioned(asked: Understood, sentence: str) -> bool:
    """Whether the sentence hangs on something that the question does not speak of."""
    there, own = scope(sentence), scope(asked.text)
    return any(
        any(there.has(word, accented=True) for word in row)
        and not any(own.has(word, accented=True) for word in row)
        for row in _CONDITIONS
    )
