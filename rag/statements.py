"""What a passage states, piece by piece: clauses, instruments named, and lists with their lead-in.

A statement is the smallest span worth quoting. Around it lie wider scopes (its sentence, its passage
with headings, its document) in which the question's words may stand as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from corpus.clean import fold
from corpus.model import Document, Instrument, Part, Passage
from corpus.references import Mention, mentions
from corpus.sentences import Span, clauses, sentences
from rag.values import Kind, values
from rag.words import FUNCTION_WORDS, folded, syllables

Shape = Literal["clause", "sentence", "mention", "list", "part", "signature"]


@dataclass(frozen=True)
class Scope:
    """The syllables of a span, as written and folded, each between spaces for look-ups."""

    written: str
    folded: str

    def has(self, term: str, *, accented: bool) -> bool:
        return f" {term} " in (self.written if accented else self.folded)

    def share(self, weights: Mapping[str, float], *, accented: bool) -> float:
        """The share of terms, by weight, that stand here, 0..1; 1 of none."""
        said = sum(w for term, w in weights.items() if self.has(term, accented=accented))
        return said / sum(weights.values()) if weights else 1.0


@dataclass(frozen=True, eq=False)
class Statement:
    """A span that could be quoted, with the scopes that its words may lean on."""

    document: Document
    part: Part
    start: int
    end: int
    shape: Shape
    context: Span | None
    scopes: tuple[Scope, ...]  # own, sentence, passage with headings, document
    mention: Mention | None = None
    headings: Scope = Scope("", "")  # of the parts around it, the outermost first

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]

    @cached_property
    def inner_mentions(self) -> tuple[Mention, ...]:
        """Instruments that a sentence or clause names, at offsets of the document."""
        return tuple(mentions(self.document.text, self.start, self.end))

    @property
    def length(self) -> int:
        return len(self.text.split())


@lru_cache(maxsize=16_384)
def scope(text: str) -> Scope:
    words = syllables(text)
    return Scope(f" {' '.join(words)} ", f" {' '.join(folded(words))} ")


@lru_cache(maxsize=8192)
def document_scope(document: Document) -> Scope:
    """What a document says of itself: title, number, issuer, place, and what it reports."""
    return scope("\n".join(described(document)))


@lru_cache(maxsize=4096)
def described_as_one(document: Document) -> Statement:
    """The document as one statement: only what it says of itself counts."""
    own = document_scope(document)
    part = document.outline[0]
    return Statement(document, part, 0, len(opening(document)), "part", None, (own, own, own, own))


def described(document: Document) -> list[str]:
    """The words that tell which document this is, its head and first sentence included."""
    known = [document.meta, document.about or Instrument()]
    words = [
        v
        for i in known
        for v in (i.title, i.kind, i.number, i.issuer, i.place, i.issued_on_text)
        if v
    ]
    return [*words, opening(document)]


def opening(document: Document) -> str:
    """The head and the first paragraphs: who issues what, for which year and place."""
    return document.text[:700].rpartition("\n")[0] or document.text[:400]


@lru_cache(maxsize=8192)
def statements(document: Document, passage: Passage) -> tuple[Statement, ...]:
    """Every statement of a passage: instruments named, then clauses and whole sentences."""
    return tuple(_statements(document, passage))


def _statements(document: Document, passage: Passage) -> Iterator[Statement]:
    text = document.text
    around = scope("\n".join(_around(document, passage)))
    above = scope("\n".join((*passage.headings, passage.part.heading)))
    whole = document_scope(document)
    if passage.part.level == "foot" and (signed := _signature(document, passage)):
        own = scope(text[slice(*signed)])
        yield Statement(
            document, passage.part, *signed, "signature", None, (own, own, around, whole)
        )
    lead = _lead_in(document, passage.part, passage.context)
    for start, end in sentences(text, passage.start, passage.end):
        if _is_heading(document, passage.part, start, end):
            continue
        sentence = scope(text[start:end])
        # A point is told with its lead-in.
        told = scope(f"{text[slice(*lead)]} {text[start:end]}") if lead else sentence
        for mention in mentions(text, start, end):
            if mention.end > mention.start:
                own = scope(text[mention.start : mention.end])
                yield Statement(document, passage.part, mention.start, mention.end, "mention",
                                None, (own, sentence, around, whole), mention, above)  # fmt: skip
        pieces = clauses(text, start, end)
        for left, right in pieces if len(pieces) > 1 else ():
            own = scope(text[left:right])
            yield Statement(document, passage.part, left, right, "clause",
                            passage.context, (own, told, around, whole), None, above)  # fmt: skip
        yield Statement(document, passage.part, start, end, "sentence",
                        passage.context, (sentence, told, around, whole), None, above)  # fmt: skip


_LONGEST_LEAD = 60  # words
# Its clauses do not say whose it is: `Điều 18. Thẩm quyền của Chủ tịch ...`, `2. Giải quyết ...`.
_OF_WHOM = re.compile(
    r"(?:Thẩm quyền|Trách nhiệm|Nhiệm vụ|Quyền|Nghĩa vụ)[^.:]* của |(?:Tiêu chuẩn|Đối tượng|Điều kiện)\s"
)


def lead_in(statement: Statement) -> Span | None:
    """What completes a point or clause of an article: `Người đứng đầu có trách nhiệm sau đây:` above a
    point, the heading that tells whose duties the clauses are."""
    return _lead_in(statement.document, statement.part, statement.context)


def _lead_in(document: Document, part: Part, context: Span | None) -> Span | None:
    if part.step_label("article") is None or context is None:
        return None
    lead = document.text[slice(*context)]
    words = lead.split()
    if not words or len(words) > _LONGEST_LEAD:
        return None
    if part.level in ("point", "item"):
        return context if words[-1].endswith(":") else None
    if part.level != "clause":
        return None
    own = document.text[part.start : part.end]
    if _LISTING.search(lead) and not _SAYS_WHAT_IT_IS.match(own):
        return list(sentences(document.text, *context))[-1]
    heads = _OF_WHOM.search(lead) is not None
    return context if heads and not _names_doer(own) else None


# Its clauses say nothing alone: `bị từ chối trong các trường hợp sau đây:`; not `được hiểu như sau:`.
_LISTING = re.compile(r"(?:(?<!như )sau(?: đây)?(?: [^.:;]{1,60})?|gồm(?: có)?):$")
_SAYS_WHAT_IT_IS = re.compile(r"\s*(?:\d+\.\s*)?[^,;:.]{3,60} là ")
_LONGEST_DOER = 12  # words of a heading that names who has to do what stands below


_BELOW_DOERS = frozenset(("item", "subitem", "point", "subsection"))


def doer_heading(statement: Statement) -> Span | None:
    """`1. Các phòng, đơn vị` above an item or point of a plan that is told whole and names nobody."""
    document, part, context = statement.document, statement.part, statement.context
    if context is None or part.level not in _BELOW_DOERS or part.children:
        return None
    lead, own = document.text[slice(*context)], document.text[part.start : part.end].strip()
    whole = statement.text.strip(" .;") == own.strip(" .;")
    return context if whole and "\n" not in lead and _says_whose(lead, own) else None


def section_of_doer(statement: Statement) -> Span | None:
    """`3. Phòng Nghiệp vụ`, the heading of a section of a plan, above a sentence that names nobody."""
    document, part = statement.document, statement.part
    prose = all(child.level == "paragraph" for child in part.children)
    if part.level not in ("section", "subsection") or not prose or statement.mention:
        return None
    end = document.text.find("\n", part.start, part.end)
    if not part.start < end < statement.start:
        return None
    heading = document.text[part.start : end]
    return (part.start, end) if _says_whose(heading, statement.text) else None


def _says_whose(heading: str, words: str) -> bool:
    """Whether a short heading names who has to do what the words below say without naming anybody."""
    short = len(heading.split()) <= _LONGEST_DOER
    return short and _names_doer(heading) and not _names_doer(words)


# Of a clause, point or item: `1.`, `2.3)`, `a)`, `IV.`, `-`.
MARK = r"(?:\d{1,3}(?:\.\d{1,3})*[.)]|[a-zđ]\)|[IVX]+\.|[-–+•])"


def _names_doer(clause: str) -> bool:
    """`1. Chủ tịch ... quyết định`: it begins with who does it."""
    text = re.sub(rf"^{MARK}\s*", "", clause)
    text = re.sub(r"^(?:Các|Những|Đề nghị|Giao) (?=[A-ZĐỦ])", "", text)[:60]
    kinds: tuple[Kind, ...] = ("person", "body")
    return any(start == 0 for kind in kinds for start, _ in values(kind, text, 0, len(text)))


_ENDED = re.compile(r"[.;:,!?”)]$")


def _is_heading(document: Document, part: Part, start: int, end: int) -> bool:
    """`Điều 9. Kỹ thuật trình bày`, `4. Tại cấp xã`: the few words above what a part states."""
    words = document.text[start:end]
    # The heading of a section of a plan may answer: `3. Văn phòng Sở`, and what it has to do.
    headed = part.level in ("article", "clause")
    if not headed or start != part.start or not document.text[end : part.end].strip():
        return False
    named = part.level == "article" and bool(part.heading)
    return (
        named
        and words.rstrip(" .").endswith(part.heading.rstrip(" ."))
        or (len(words.split()) <= 8 and not _ENDED.search(words))
    )


def _spelled_from(text: str, end: int, short: str) -> int:
    """Where the words begin whose initials make the abbreviation; else behind the last comma."""
    line = text.rfind("\n", 0, end) + 1
    initials, letters = "", fold(short)
    for word in reversed(list(re.finditer(r"[^\W\d_]+", text[line:end]))):
        letter = fold(word[0])[0]
        if word[0].lower() not in FUNCTION_WORDS or letters.endswith(letter + initials):
            initials = letter + initials
        if initials == letters:
            return line + word.start()
        if not letters.endswith(initials):
            break
    before = text[line:end]
    cut = max(before.rfind(mark) + 1 for mark in (",", ";", ":", "."))
    # A foreign one spells nothing here; a name may have commas: `chỉ số … sở, ban, ngành tỉnh (DDCI)`.
    clause = max(before.rfind(mark) + 1 for mark in (";", ":", "."))
    if heads := list(_NAMED.finditer(before, clause)):
        cut = heads[-1].start()
    return line + cut + len(before[cut:]) - len(before[cut:].lstrip())


_NAMED = re.compile(
    r"(?<!\w)(?:bộ )?(?:chỉ số|chương trình|hệ thống|cơ sở|dự án|tổ chức|hiệp (?:hội|định))(?!\w)",
    re.I,
)


@lru_cache(maxsize=1024)
def text_scope(document: Document) -> Scope:
    """Everything that a document says."""
    return scope(document.text)


def abbreviations(document: Document, short: str) -> Iterator[Statement]:
    """Sentences that write an abbreviation out: `chỉ số năng lực cạnh tranh cấp tỉnh (PCI)`."""
    for match in re.finditer(r"\(([A-Za-zĐđ&. -]{2,20})\)", document.text):
        if fold(match[1]).replace(" ", "") != fold(short):
            continue
        part = next(p for p in reversed(list(document.parts())) if p.start <= match.start())
        start = _spelled_from(document.text, match.start(), short)
        own = scope(document.text[start : match.end()])
        yield Statement(document, part, start, match.end(), "clause", None, (own, own, own, own))


_SIGNS = re.compile(
    r"^(?:(?:TM|KT|TL|TUQ|Q)\.|(?:PHÓ )?(?:GIÁM ĐỐC|CHỦ TỊCH|BÍ THƯ|CỤC TRƯỞNG|TRƯỞNG|CHÁNH|THỦ TƯỚNG|BỘ TRƯỞNG|HIỆU))",
    re.M,
)


def _signature(document: Document, passage: Passage) -> Span | None:
    """From the office that signs to the end of the foot."""
    match = _SIGNS.search(document.text, passage.start, passage.end)
    return (match.start(), passage.end) if match else None


def _around(document: Document, passage: Passage) -> list[str]:
    lead = document.text[slice(*passage.context)] if passage.context else ""
    return [*passage.headings, lead, passage.part.heading, passage.part.locator,
            document.text[passage.start : passage.end]]  # fmt: skip


@lru_cache(maxsize=1024)
def lists(document: Document) -> tuple[Statement, ...]:
    """Every list of a document, to be told whole."""
    return tuple(_lists(document))


def _lists(document: Document) -> Iterator[Statement]:
    """Every part with a lead-in or heading and at least two children."""
    whole = document_scope(document)
    for part, headings in _with_headings(document.outline, ()):
        items = [child for child in part.children if child.level != "paragraph"]
        # The lines of a foot are no list: who signs stands there.
        if len(items) >= 2 and part.level != "foot":
            lead = document.text[part.start : items[0].start].strip()
            around = scope("\n".join((*headings, lead)))
            above = scope("\n".join((*headings, part.heading)))
            yield Statement(document, part, part.start, part.start + len(lead), "list", None,
                            (scope(lead), scope(lead), around, whole), None, above)  # fmt: skip
    yield from _top_lists(document, whole)


def _top_lists(document: Document, whole: Scope) -> Iterator[Statement]:
    """`... gồm:` as a paragraph of its own, with numbered parts behind it."""
    for before, after in zip(document.outline, document.outline[1:], strict=False):
        lead = document.text[before.start : before.end].strip()
        if before.level == "paragraph" and lead.endswith(":") and after.level == "section":
            own = scope(
                list(
                    document.text[slice(*s)]
                    for s in sentences(document.text, before.start, before.end)
                )[-1]
            )
            yield Statement(document, before, before.start, before.start + len(lead), "list", None,
                            (own, scope(lead), scope(lead), whole))  # fmt: skip


def _with_headings(
    parts: tuple[Part, ...], above: tuple[str, ...]
) -> Iterator[tuple[Part, tuple[str, ...]]]:
    for part in parts:
        yield part, above
        yield from _with_headings(part.children, (*above, part.heading))


def items(document: Document, statement: Statement) -> list[Part]:
    """The parts that a list statement introduces, in their order."""
    if statement.part.children:
        return [child for child in statement.part.children if child.level != "paragraph"]
    behind = [part for part in document.outline if part.start > statement.start]
    return [part for part in behind if part.level == "section"]


def list_span(statement: Statement) -> Span:
    """A list from its lead-in to the end of its last item."""
    return statement.start, max(part.end for part in items(statement.document, statement))


_OTHERS = re.compile(
    rf"(?:{MARK}\s*)?(?:Các|Những|Nội dung|Nhiệm vụ|Thông tin|Trường hợp|Vấn đề|Công việc|Việc|Hình thức|Quyền)(?: \S+){{0,3}} khác(?!\w)"
    r"|.*\bkhác (?:theo|do) (?:quy định|pháp luật)",
    re.S,
)
_LONGEST_OTHERS = 25  # words


def closes_list(part: Part, words: str) -> bool:
    """Whether words of an item are all the rest (`đ) Những vấn đề khác …`), which answers nothing alone."""
    short = len(words.split()) <= _LONGEST_OTHERS
    return part.level in ("point", "item") and short and _OTHERS.match(words) is not None


def same_words(left: str, right: str) -> bool:
    return fold(left) == fold(right)
