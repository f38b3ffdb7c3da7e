"""What a chat model writes is shown only where it holds: every sentence has a marker that exists,
and every number, date, document number and name in it stands in what it cites."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.clean import fold
from corpus.model import Citation
from corpus.sentences import sentences
from rag.compose import Draft, shown
from rag.indexing import Snapshot
from rag.model import Answer, Hit
from rag.ports import Writer
from rag.understand import Understood

_SOURCES = 5  # passages given to the model beside the default answer's own
_MARKERS = re.compile(r"\s*\[(\d{1,2})\]")
_FACTS = re.compile(r"\d+(?:[.,/-]\d+)*%?(?:[/-][A-ZĐa-zđ]+)*")
_NAMES = re.compile(r"(?<=[^\s.!?\n:“\"] )[A-ZÀ-ỸĐ]\w*(?:\s+[A-ZÀ-ỸĐ]\w*)*")


async def verified(
    writer: Writer, asked: Understood, found: Draft, hits: Sequence[Hit], state: Snapshot
) -> Answer | None:
    """The model's answer with the sentences that hold, or None where too little is left.

    Raises ChatModelUnavailable.
    """
    sources = _sources(found, hits, state)
    raw = await writer.write(asked.text, [shown(source.quote) for source in sources])
    kept = [sentence for sentence in _split(raw) if _holds(sentence, sources)]
    if not kept or not _keeps_the_fact(kept, found):
        return None
    return _numbered(kept, sources, writer.name)


def _sources(found: Draft, hits: Sequence[Hit], state: Snapshot) -> list[Citation]:
    """What the default answer cites comes first: a short context must hold it."""
    chosen = list(found.citations)
    for hit in hits[:_SOURCES]:
        passage, document = hit.passage, state.document(hit.passage)
        new = not any(c.document is document and c.start == passage.start for c in chosen)
        if new and len(chosen) < _SOURCES + len(found.citations):
            chosen.append(
                Citation(len(chosen) + 1, document, passage.part, passage.start, passage.end, passage.context)
            )
    return chosen


def _split(raw: str) -> list[str]:
    """Sentences, each with the markers that follow its full stop."""
    joined = re.sub(r"([.!?])((?:\s*\[\d{1,2}\])+)", r"\2\1", raw)
    return [joined[a:b] for a, b in sentences(joined)]


def _holds(sentence: str, sources: Sequence[Citation]) -> bool:
    markers = [int(marker) for marker in _MARKERS.findall(sentence)]
    if not markers or any(not 1 <= marker <= len(sources) for marker in markers):
        return False
    words = _MARKERS.sub("", sentence)
    cited = [sources[marker - 1] for marker in markers]
    ground = " ".join(c.quote + " " + _context(c) for c in cited)
    return _facts_stand(words, ground) and _words_stand(words, ground)


def _context(citation: Citation) -> str:
    document = citation.document
    lead = document.text[slice(*citation.context)] if citation.context else ""
    return f"{lead} {document.title} {document.meta.issuer or ''} {document.meta.place or ''}"


def _facts_stand(words: str, ground: str) -> bool:
    said = set(_FACTS.findall(ground))
    plain = fold(ground)
    names = [fold(name) for name in _NAMES.findall(words)]
    return set(_FACTS.findall(words)) <= said and all(name in plain for name in names)


def _words_stand(words: str, ground: str) -> bool:
    """Meaning, cheaply: seven in ten of the sentence's syllables stand in what it cites."""
    own = fold(words).split()
    there = set(re.findall(r"\w+", fold(ground)))
    bare = [re.sub(r"\W", "", word) for word in own]
    counted = [word for word in bare if word]
    return len(counted) >= 3 and sum(word in there for word in counted) >= 0.7 * len(counted)


def _keeps_the_fact(kept: Sequence[str], found: Draft) -> bool:
    """The value that the sources answer with must not get lost on the way."""
    value = found.text.split(":")[0] if ":" in found.text[:80] else ""
    facts = _FACTS.findall(value)
    return all(any(fact in sentence for sentence in kept) for fact in facts)


def _numbered(kept: Sequence[str], sources: Sequence[Citation], name: str) -> Answer:
    """Markers numbered anew by first appearance; only what is cited is listed."""
    order: dict[int, int] = {}
    for marker in re.findall(r"\[(\d{1,2})\]", " ".join(kept)):
        order.setdefault(int(marker), len(order) + 1)
    text = re.sub(r"\[(\d{1,2})\]", lambda m: f"[{order[int(m[1])]}]", " ".join(kept))
    citations = tuple(
        Citation(new, s.document, s.part, s.start, s.end, s.context)
        for old, new in order.items()
        for s in (sources[old - 1],)
    )
    return Answer("answered", text, citations, answered_by=f"model:{name}")
