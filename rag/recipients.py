"""To whom a text is sent: what stands below its `Nơi nhận`, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.clean import fold
from corpus.model import Citation, Document, Part
from corpus.sentences import Span
from rag.compose import Draft, told_words
from rag.understand import Understood

# `kế hoạch ... được gửi tới những nơi nào`; who sends a plan to whom is a duty: `gửi kế hoạch cho ai`.
_ASKED = re.compile(
    r"(?<!\w)(?:noi nhan|gui (?:(?:toi|den|cho|ve|di) )*(?:(?:nhung|cac) )?"
    r"(?:(?:noi|co quan|don vi|dia chi|cho) nao|ai|dau))(?!\w)"
)


def asks_recipients(asked: Understood) -> Understood | None:
    """The question without what asks for recipients: it names the text, by its number, its place or
    its office. None for any other question."""
    asking = set(" ".join(_ASKED.findall(asked.folded)).split())
    if not asking or not (asked.instruments or asked.places or asked.bodies):
        return None
    left = tuple(t for t in asked.terms if not set(fold(t.text).split()) <= asking)
    return replace(asked, terms=left)


def recipients(document: Document) -> Draft | None:
    """The recipients, each with its own citation; None where the text names none."""
    lines = list(_lines(document))
    if len(lines) < 2:
        return None
    citations = tuple(Citation(n, document, part, *span) for n, (part, span) in enumerate(lines, 1))
    head, *rest = (
        f"{told_words(document, (c.start, c.end), None)} [{c.marker}]" for c in citations
    )
    return Draft("\n".join([f"{head}:", *(f"- {line}" for line in rest)]), citations)


def _lines(document: Document) -> Iterator[tuple[Part, Span]]:
    """The line `Nơi nhận` and the recipients' own."""
    foot = next((p for p in document.parts() if p.level == "foot"), None)
    if foot is None or not document.foot.recipients:
        return
    left = ["noi nhan", *map(fold, document.foot.recipients)]
    for match in re.finditer(r"[^\n|]+", document.text[foot.start : foot.end]):
        words = match[0].strip()
        if left and fold(words).lstrip("-–+•* ").startswith(left[0]):
            start = foot.start + match.start() + match[0].index(words)
            yield foot, (start, start + len(words))
            left.pop(0)
