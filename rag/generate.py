"""A chat model's answer as it comes: only sentences that hold reach a person, and nothing that the
default answer says gets lost.

What is shown stays. So sentences are kept back until they say what was asked; from there on each is
shown as soon as it is complete and holds. What is then still lacking is told in the default answer's
own lines. Whether a sentence holds is decided in `verify.py`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace

from corpus.clean import fold
from corpus.model import Citation
from rag.agreement import lacking
from rag.asked_value import asked_value, needs_value
from rag.compose import Draft, shown
from rag.errors import ChatModelUnavailable
from rag.facts import facts
from rag.grounds import Ground, content, coverage
from rag.ports import Entailment, Writer
from rag.sources import MAX_INPUT_CHARS, Source, told
from rag.statements import Statement, scope
from rag.understand import Understood
from rag.verify import STATES, Verifier, denies
from rag.written import Reader, Sentence, read

_COVERED = 0.5  # of a thing that the default answer cites must be said by the model's
_REPAIRS = 2  # an answer; each costs a small model seconds
_MARKER = re.compile(r"\[(\d+)\]")


async def generated(
    writer: Writer,
    entailment: Entailment | None,
    asked: Understood,
    found: Draft,
    sources: Sequence[Source],
) -> AsyncGenerator[Draft, None]:
    """The model's answer as it grows, each draft beginning with the one before; nothing is yielded
    where too little of it holds. `sources` begin with what `found` cites.

    A model that fails or denies writes no further: what was shown stays and is completed. Where the
    answer is complete, sentences that fail are dropped at once: to have them mended would cost
    seconds for nothing.
    """
    answer = _Growing(asked, found, sources, entailment)
    deadline = asyncio.get_running_loop().time() + writer.timeout_s
    failed: list[Sentence] = []
    with suppress(ChatModelUnavailable):
        async with aclosing(_sentences(writer, asked.text, answer.told)) as sentences:
            async for sentence in sentences:
                if denies(sentence):
                    break
                if await answer.grows_with(sentence):
                    yield answer.draft
            else:
                failed = answer.failed
        for number, sentence in enumerate(answer.mendable(failed)[:_REPAIRS], start=1):
            left = deadline - asyncio.get_running_loop().time()
            if answer.is_complete or left <= 0:
                break
            raw = await writer.repair(asked.text, answer.told, _marked(sentence), left)
            for mended in read(raw)[:1]:
                if await answer.grows_with(replace(mended, line=-number)):
                    yield answer.draft
    if answer.grows_whole():
        yield answer.draft


async def _sentences(
    writer: Writer, question: str, sources: Sequence[str]
) -> AsyncGenerator[Sentence, None]:
    """What the model writes, sentence by sentence; of an output without end the beginning."""
    reader = Reader()
    async with aclosing(writer.write(question, sources)) as pieces:
        async for piece in pieces:
            for sentence in reader.feed(piece):
                yield sentence
            if reader.is_full:
                return  # what is left was cut off in the middle
    for sentence in reader.end():
        yield sentence


class _Growing:
    """The answer of a model beside the default one: what is kept back, what was shown."""

    def __init__(
        self,
        asked: Understood,
        found: Draft,
        sources: Sequence[Source],
        entailment: Entailment | None,
    ) -> None:
        self.told = told(sources, MAX_INPUT_CHARS - len(asked.text))
        self.failed: list[Sentence] = []
        self._found, self._sources, self._value = found, sources, _value(asked, found)
        self._verifier = Verifier(sources[: len(self.told)], len(found.citations), entailment)
        self._kept: list[Sentence] = []  # not shown yet
        self._shown: list[Sentence] = []
        self._lead_in: Sentence | None = None
        self._order: dict[int, int] = {}  # a source's number to its marker, by first appearance
        self._text = ""

    @property
    def draft(self) -> Draft:
        """What may be shown now."""
        numbered = self._order.items()
        citations = (replace(self._sources[n - 1].citation, marker=m) for n, m in numbered)
        return replace(self._found, text=self._text, citations=tuple(citations))

    @property
    def is_complete(self) -> bool:
        """Whether what is shown says all that the default answer does."""
        return bool(self._shown) and not self._lacking()

    async def grows_with(self, sentence: Sentence) -> bool:
        """Take a sentence in; whether more may be shown now."""
        held = await self._verifier.held(sentence)
        if held is None:
            leads_in = self._verifier.leads_in(sentence)
            self._lead_in = sentence if leads_in else None
            self.failed += [] if leads_in else [sentence]
            return False
        if held.is_item and self._lead_in:
            self._kept.append(self._lead_in)
        self._lead_in = None
        self._kept.append(held)
        if not self._shown and not self._answers(self._kept):
            return False
        for kept in self._kept:
            self._show(kept)
        self._kept = []
        return True

    def grows_whole(self) -> bool:
        """Add the default answer's lines that lack; whether there were any. Nothing shown stays so."""
        lines = self._lacking() if self._shown else []
        for line in lines:
            self._text += f"\n{_MARKER.sub(lambda m: self._marker(int(m[1])), line)}"
        return bool(lines)

    def mendable(self, failed: Sequence[Sentence]) -> list[Sentence]:
        """Those of which the sources say at least half: a slip, no story, no question, no `2024`."""
        ground = Ground("\n".join(source.ground.text for source in self._sources))
        return [
            sentence
            for sentence in failed
            if len(content(sentence.words)) >= STATES
            and "?" not in sentence.stop
            and coverage(sentence.words, ground.vocabulary) >= _COVERED
        ]

    def _answers(self, kept: Sequence[Sentence]) -> bool:
        """Whether sentences say the asked value; where there is none, something that is cited for it."""
        own = Ground(" ".join(sentence.words for sentence in kept))
        if self._value:
            lacks = next(lacking(facts(self._value), own.facts), None)
            said = lacks is None and coverage(self._value, own.vocabulary) == 1
            return said and _says_more(own.text, self._value)
        cited = {marker for s in kept for claim in s.claims for marker in claim.markers}
        return any(n in cited and _is_said(c, own) for n, c in self._numbered())

    def _lacking(self) -> list[str]:
        """The default answer's lines that are not said; a lead-in with the first of its items."""
        if self._value:
            return []
        own = Ground(" ".join(sentence.words for sentence in self._shown))
        said = {n for n, citation in self._numbered() if _is_said(citation, own)}
        lines: list[str] = []
        lead_in: str | None = None
        for line in self._found.text.split("\n"):
            if line.endswith(":"):
                lead_in = line
            elif not {int(n) for n in _MARKER.findall(line)} <= said:
                lines += [lead_in, line] if lead_in else [line]
                lead_in = None
        return lines

    def _numbered(self) -> Iterator[tuple[int, Citation]]:
        return enumerate(self._found.citations, start=1)

    def _show(self, sentence: Sentence) -> None:
        begins = not self._shown or sentence.line != self._shown[-1].line
        glue = "\n" * bool(self._shown) if begins else " "
        self._text += f"{glue}{'- ' * (begins and sentence.is_item)}{self._written(sentence)}"
        self._shown.append(sentence)

    def _written(self, sentence: Sentence) -> str:
        if not sentence.claims:
            return sentence.words
        text = ""
        for claim in sentence.claims:
            between = "" if claim.words[0] in ",;:" or not text else " "
            text += f"{between}{claim.words} {''.join(self._marker(n) for n in claim.markers)}"
        return text + (sentence.stop or ("" if sentence.is_item else "."))

    def _marker(self, number: int) -> str:
        return f"[{self._order.setdefault(number, len(self._order) + 1)}]"


def _says_more(text: str, value: str) -> bool:
    """`Huế là của Ban Thường vụ` joins a name to the value and says nothing of either."""
    plain = " ".join(word for word in text.split() if word.islower())
    return bool(set(content(plain)) - set(content(value)))


def _is_said(citation: Citation, said: Ground) -> bool:
    return coverage(shown(citation.quote), said.vocabulary) >= _COVERED


def _marked(sentence: Sentence) -> str:
    """A sentence as the model wrote it."""
    claims = (f"{c.words} {''.join(f'[{n}]' for n in c.markers)}" for c in sentence.claims)
    return f"{' '.join(claims) or sentence.words}{sentence.stop}"


def _value(asked: Understood, found: Draft) -> str | None:
    """What the default answer puts first, or the value that its first quote holds."""
    citation = found.citations[0]
    quote = shown(citation.quote)
    first, colon, _ = found.text.partition(": ")
    # A quote with a colon of its own begins with what stands before it; `Có` is no value.
    if colon and len(found.citations) == 1 and fold(quote).find(fold(first)) > 0 and _states(first):
        return first
    if not needs_value(asked) or len(found.citations) > 1:
        return None
    own = scope(quote)
    statement = Statement(citation.document, citation.part, citation.start, citation.end,
                          "sentence", citation.context, (own, own, own, own))  # fmt: skip
    span = asked_value(asked, statement)
    return shown(citation.document.text[slice(*span)]) if span else None


def _states(words: str) -> bool:
    return bool(content(words) or facts(words))
