"""What a chat model is told: numbered passages, those of the default answer first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus.model import Citation
from rag.compose import Draft, shown
from rag.grounds import Ground
from rag.indexing import Snapshot
from rag.model import Hit

# A context of 4,096 tokens holds the prompt (about 350), an answer of 400, and this many characters
# of Vietnamese at two a token, what small models' tokenizers need at worst.
MAX_INPUT_CHARS = 6000
# Passages told beside the default answer's own: without a GPU each costs seconds before the first word.
_OTHERS = 3
_SHORTEST_CUT = 160  # characters; a piece shorter than this tells a model nothing
_BRACKETS = str.maketrans("[]【】", "［］［］")


@dataclass(frozen=True)
class Source:
    """A numbered passage: what is cited, and the text that a sentence citing it may rest on."""

    citation: Citation
    ground: Ground


def sources_of(found: Draft, hits: Sequence[Hit], state: Snapshot) -> list[Source]:
    """What the default answer cites, in its order, then the next best passages."""
    chosen = list(found.citations)
    for hit in hits:
        passage, document = hit.passage, state.document(hit.passage)
        if any(c.document is document and c.start == passage.start for c in chosen):
            continue
        if len(chosen) >= _OTHERS + len(found.citations):
            break
        place = passage.start, passage.end, passage.context
        chosen.append(Citation(len(chosen) + 1, document, passage.part, *place))
    return [source(citation) for citation in chosen]


def source(citation: Citation) -> Source:
    """What a sentence citing it may rest on: its words and whose they are."""
    text = f"({', '.join([*_whose(citation), citation.locator])}) {_words(citation)}"
    return Source(citation, Ground(_plain(text)))


def told(sources: Sequence[Source], limit: int) -> list[str]:
    """The sources as a model is told them, as many as `limit` characters hold; the one that no longer
    fits is cut at a word. Whose words they are is said once for neighbours in one document."""
    texts: list[str] = []
    for number, text in enumerate(_texts(sources), start=1):
        limit -= len(f"[{number}] \n")
        if len(text) > limit:
            if limit >= _SHORTEST_CUT:
                texts.append(f"{text[: limit - 2].rpartition(' ')[0]} …")
            break
        texts.append(text)
        limit -= len(text)
    return texts


def _texts(sources: Sequence[Source]) -> Iterator[str]:
    before = None
    for each in sources:
        citation = each.citation
        if citation.document is before:
            yield _plain(f"({citation.locator}) {_words(citation)}")
        else:
            yield each.ground.text
        before = citation.document


def _whose(citation: Citation) -> list[str]:
    document = citation.document
    whose = (document.title, document.meta.number, document.meta.issuer, document.meta.place)
    return list(dict.fromkeys(word for word in whose if word))


def _words(citation: Citation) -> str:
    lead = citation.document.text[slice(*citation.context)] if citation.context else ""
    return f"{lead} {citation.quote}"


def _plain(text: str) -> str:
    """One line; brackets of a source are no markers."""
    return shown(text).translate(_BRACKETS)
