"""What a chat model writes is shown only where it holds: every sentence has a marker that exists,
and what it says stands in what it cites. Where too little holds, the default answer is given.

Reading the output is in `written.py`, comparing with the sources in `grounds.py` and `facts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from corpus.clean import fold
from corpus.model import Citation
from rag.agreement import lacking
from rag.asked_value import asked_value, needs_value
from rag.compose import Draft, shown
from rag.facts import facts
from rag.grounds import Ground, content, coverage, stands
from rag.indexing import Snapshot
from rag.model import Answer, Hit
from rag.ports import Writer
from rag.statements import Statement, scope
from rag.understand import Understood
from rag.written import Claim, Sentence, read

# Passages told beside the default answer's own: without a GPU each costs seconds before the first word.
_SOURCES = 3
_COVERED = 0.5  # of each thing that the default answer cites must be said by the model's
_BRACKETS = str.maketrans("[]【】", "［］［］")
_REFUSES = re.compile(
    r"khong co can cu|khong (?:co|tim thay|du) (?:thong tin|du lieu|noi dung|can cu|cau tra loi)"
    r"|(?:doan trich|tai lieu|van ban)[^.]{0,30} khong (?:neu|de cap|noi|chua)|toi (?:khong|xin loi)|xin loi"
)
_TALKS = re.compile(
    r"(?<!\w)(?:toi la|nhu mot mo hinh|mo hinh ngon ngu|tro ly ai|doan trich danh so|system prompt)(?!\w)"
)


@dataclass(frozen=True)
class Source:
    """A numbered passage: what is cited, and the text that a sentence citing it may rest on."""

    citation: Citation
    ground: Ground


async def verified(
    writer: Writer, asked: Understood, found: Draft, hits: Sequence[Hit], state: Snapshot
) -> Answer | None:
    """The model's answer with the sentences that hold, or None where too little is left.

    Raises ChatModelUnavailable.
    """
    sources = [source(citation) for citation in _cited(found, hits, state)]
    raw = await writer.write(asked.text, [told.ground.text for told in sources])
    return checked(raw, asked, found, sources, writer.name)


def checked(
    raw: str, asked: Understood, found: Draft, sources: Sequence[Source], name: str
) -> Answer | None:
    """The sentences of a model's output that hold, or None. Never raises, whatever the output is."""
    kept = held(raw, sources)
    said = " ".join(sentence.words for sentence in kept)
    if not kept or not _keeps_the_answer(said, asked, found):
        return None
    return _numbered(kept, sources, name)


def held(raw: str, sources: Sequence[Source]) -> list[Sentence]:
    """The sentences of a model's output that hold, with the markers that they need."""
    found = read(raw)
    if any(_REFUSES.search(fold(sentence.words)) for sentence in found):
        return []  # a model that answers and denies at once is not to be trusted with either
    return list(_with_lead_ins(found, sources))


def source(citation: Citation) -> Source:
    """What a model is told of a citation, and a sentence citing it may rest on."""
    return Source(citation, Ground(_told(citation)))


def _cited(found: Draft, hits: Sequence[Hit], state: Snapshot) -> list[Citation]:
    """What the default answer cites comes first: a short context must hold it."""
    chosen = list(found.citations)
    for hit in hits:
        passage, document = hit.passage, state.document(hit.passage)
        if any(c.document is document and c.start == passage.start for c in chosen):
            continue
        if len(chosen) >= _SOURCES + len(found.citations):
            break
        place = passage.start, passage.end, passage.context
        chosen.append(Citation(len(chosen) + 1, document, passage.part, *place))
    return chosen


def _told(citation: Citation) -> str:
    """The words cited, with what tells whose they are; brackets of the source are no markers."""
    document = citation.document
    lead = document.text[slice(*citation.context)] if citation.context else ""
    whose = (document.title, document.meta.number, document.meta.issuer, document.meta.place)
    head = ", ".join(dict.fromkeys([*(word for word in whose if word), citation.locator]))
    return f"({shown(head)}) {shown(f'{lead} {citation.quote}')}".translate(_BRACKETS)


def _with_lead_ins(found: Sequence[Sentence], sources: Sequence[Source]) -> Iterator[Sentence]:
    """The sentences that hold; a lead-in without a marker only before an item that does."""
    owns = [_held(sentence, sources) for sentence in found]
    following = [*owns, None][1:]
    for sentence, own, after in zip(found, owns, following, strict=True):
        if own is not None:
            yield own
        elif after is not None and after.is_item and _only_leads_in(sentence, sources):
            yield sentence


def _held(sentence: Sentence, sources: Sequence[Source]) -> Sentence | None:
    """The sentence with the markers that it needs, or None where something in it does not hold."""
    if not sentence.claims or re.search(r"[\[\]【】]", sentence.words):
        return None
    if _TALKS.search(fold(sentence.words)):
        return None
    claims = [_claim_held(claim, sources) for claim in sentence.claims]
    if any(claim is None for claim in claims):
        return None
    return replace(sentence, claims=tuple(claim for claim in claims if claim is not None))


def _claim_held(claim: Claim, sources: Sequence[Source]) -> Claim | None:
    """The claim with the first marker that carries it alone, else with all together."""
    if any(not 1 <= marker <= len(sources) for marker in claim.markers):
        return None
    for marker in claim.markers:
        if stands(claim.words, sources[marker - 1].ground):
            return Claim(claim.words, (marker,))
    together = Ground("\n".join(sources[marker - 1].ground.text for marker in claim.markers))
    return claim if len(claim.markers) > 1 and stands(claim.words, together) else None


def _only_leads_in(sentence: Sentence, sources: Sequence[Source]) -> bool:
    """`Các nhiệm vụ gồm:` states nothing by itself: no number, no name, no word from elsewhere."""
    words = sentence.words
    if sentence.claims or not words.endswith(":") or len(words.split()) > 12 or facts(words):
        return False
    ground = Ground("\n".join(told.ground.text for told in sources))
    return stands(words, ground) and all(word in ground.vocabulary for word in content(words))


def _keeps_the_answer(said: str, asked: Understood, found: Draft) -> bool:
    """The value that the sources answer with must not get lost on the way, nor an item of a list."""
    own = Ground(said)
    value = _value(asked, found)
    if value and (
        next(lacking(facts(value), own.facts), None) or coverage(value, own.vocabulary) < 1
    ):
        return False
    if value:
        return True
    return all(coverage(shown(c.quote), own.vocabulary) >= _COVERED for c in found.citations)


def _value(asked: Understood, found: Draft) -> str | None:
    """What the default answer puts first, or the value that its first quote holds."""
    citation = found.citations[0]
    quote = shown(citation.quote)
    first, colon, _ = found.text.partition(": ")
    # A quote with a colon of its own begins with what stands before it.
    if colon and len(found.citations) == 1 and fold(quote).find(fold(first)) > 0:
        return first
    if not needs_value(asked) or len(found.citations) > 1:
        return None
    own = scope(quote)
    statement = Statement(citation.document, citation.part, citation.start, citation.end,
                          "sentence", citation.context, (own, own, own, own))  # fmt: skip
    span = asked_value(asked, statement)
    return shown(citation.document.text[slice(*span)]) if span else None


def _numbered(kept: Sequence[Sentence], sources: Sequence[Source], name: str) -> Answer:
    """Markers numbered anew by first appearance; only what is cited is listed."""
    order: dict[int, int] = {}
    for sentence in kept:
        for claim in sentence.claims:
            for marker in claim.markers:
                order.setdefault(marker, len(order) + 1)
    lines = []
    for _, group in groupby(kept, lambda sentence: sentence.line):
        line = list(group)
        lines.append("- " * line[0].is_item + " ".join(_shown(s, order) for s in line))
    citations = tuple(replace(sources[old - 1].citation, marker=new) for old, new in order.items())
    return Answer("answered", "\n".join(lines), citations, answered_by=f"model:{name}")


def _shown(sentence: Sentence, order: dict[int, int]) -> str:
    if not sentence.claims:
        return sentence.words
    text = ""
    for claim in sentence.claims:
        glue = "" if claim.words[0] in ",;:" or not text else " "
        text += f"{glue}{claim.words} {''.join(f'[{order[m]}]' for m in claim.markers)}"
    return text + (sentence.stop or ("" if sentence.is_item else "."))
