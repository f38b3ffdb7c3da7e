"""The nouns of the corpus. Offsets count Unicode code points of `Document.text` (NFC).

| English  | Vietnamese                 |                                                     |
| -------- | -------------------------- | --------------------------------------------------- |
| document | văn bản                    | one source text                                     |
| part     | phần, mục, điều, khoản ... | a place in the document's own outline               |
| passage  | đoạn trích                 | the piece that is searched and cited                |
| locator  | vị trí                     | how a person cites a part: `khoản 2 Điều 15`        |
| about    | văn bản được đưa tin       | the instrument that a news page reports             |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Level = Literal[
    "part",  # Phần
    "chapter",  # Chương
    "section",  # Mục of a law; I, II ... of a plan
    "subsection",  # Tiểu mục of a law; 1, 1.1 of a plan
    "article",  # Điều
    "clause",  # Khoản
    "point",  # Điểm a), b)
    "item",  # dash item
    "subitem",  # plus item under a dash
    "appendix",  # Phụ lục
    "table",  # its lead-in is the row of column heads
    "row",
    "head",  # number, place and date, title: before the body
    "foot",  # recipients, signature: after the body
    "paragraph",  # plain prose
]


class Step(NamedTuple):  # a library has a million: small, and hashed without Python
    """One step of a part's path: `Step("section", "IV")`."""

    level: Level
    label: str


@dataclass(frozen=True, eq=False, slots=True)  # compared by identity
class Part:
    """A node of the outline.

    `text[start:end]` is the whole part, its own lead-in and all of its children;
    `text[start:lead_end]` is what stands before the first child (the whole part for a leaf).
    """

    path: tuple[Step, ...]
    locator: str
    heading: str
    start: int
    lead_end: int
    end: int
    children: tuple[Part, ...] = ()

    @property
    def level(self) -> Level:
        return self.path[-1].level

    @property
    def label(self) -> str:
        return self.path[-1].label

    @property
    def anchor(self) -> str:
        """The permanent address of the part inside its document's page, ASCII only."""
        return "-".join(f"{step.level}.{ascii_label(step.label)}" for step in self.path)

    def walk(self) -> Iterator[Part]:
        """This part, then everything below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def step_label(self, level: Level) -> str | None:
        """The label of the path's last step of `level`, or None."""
        return next((s.label for s in reversed(self.path) if s.level == level), None)


def ascii_label(label: str) -> str:
    """`đ` can't stand in an ASCII address and must stay apart from `d`."""
    return label.replace("đ", "dd").replace("Đ", "DD").replace(" ", "_")


@dataclass(frozen=True)
class Instrument:
    """What is known of a legal or administrative instrument; what is not known is None."""

    title: str | None = None
    number: str | None = None
    kind: str | None = None
    issuer: str | None = None
    issued_on: str | None = None  # ISO date, only where day, month and year are given
    issued_on_text: str | None = None  # a date given in part, as it was written
    place: str | None = None
    # Only from the catalogue or a correction: what the texts say of it is read by `validity`.
    in_force_from: str | None = None  # ISO, as are the next two
    in_force_until: str | None = None  # the last day
    confirmed_on: str | None = None  # a person made sure on that day that it was in force
    replaced_by: str | None = None  # number of the instrument


@dataclass(frozen=True)
class Foot:
    """What stands below an official text."""

    signer: str | None = None
    signer_office: str | None = None  # `KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC`
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)  # compared by identity: hashing a whole text is slow
class Document:
    """One source text, cleaned, with its outline."""

    id: str
    source: str  # base name of the file as it came
    meta: Instrument
    text: str
    outline: tuple[Part, ...]
    about: Instrument | None = None  # for a page that reports an instrument
    shipped: bool = False
    foot: Foot = Foot()
    secrecy: str | None = None  # the stamp: MẬT, TỐI MẬT, TUYỆT MẬT

    @property
    def title(self) -> str:
        return self.meta.title or self.source

    @property
    def name(self) -> str:
        """How a person names it: a law by its name and number, others by kind and number."""
        meta = self.meta
        if not meta.number:
            return self.title
        if meta.kind in ("Luật", "Bộ luật", "Pháp lệnh") and meta.title:
            return f"{meta.title} ({meta.number})"
        return f"{meta.kind or 'Văn bản'} số {meta.number}"

    def parts(self) -> Iterator[Part]:
        """Every part of the outline, in the order of the text."""
        for part in self.outline:
            yield from part.walk()

    def address(self, part: Part | None = None, quote: tuple[int, int] | None = None) -> str:
        """Of the document's page, opened at a part, with the quote marked."""
        marked = f"?q={quote[0]}-{quote[1]}" if quote else ""
        return f"/documents/{self.id}{marked}{f'#{part.anchor}' if part else ''}"


@dataclass(frozen=True, eq=False, slots=True)  # compared by identity
class Passage:
    """The smallest part that reads on its own, or a run of whole sentences of a long one."""

    id: str  # "document id:start-end"
    document_id: str
    part: Part
    start: int
    end: int
    headings: tuple[str, ...] = ()  # of the parts above, outermost first
    context: tuple[int, int] | None = None  # the lead-in that the passage needs

    def searchable(self, document: Document) -> str:
        """What is embedded and searched: title, headings, lead-in and the words themselves."""
        return "\n".join(self.pieces(document))

    def pieces(self, document: Document) -> list[str]:
        """The same apart; each is one line or more."""
        lead = document.text[slice(*self.context)] if self.context else ""
        pieces = (document.title, *self.headings, lead, document.text[self.start : self.end])
        return [piece for piece in dict.fromkeys(pieces) if piece]


@dataclass(frozen=True)
class Citation:
    """A place and its words: `quote == document.text[start:end]`, always cut, never written."""

    marker: int
    document: Document = field(repr=False)
    part: Part
    start: int
    end: int
    context: tuple[int, int] | None = None

    @property
    def quote(self) -> str:
        return self.document.text[self.start : self.end]

    @property
    def locator(self) -> str:
        return self.part.locator

    @property
    def url(self) -> str:
        """Address of the document's page, opened at the part with the quote marked."""
        return self.document.address(self.part, (self.start, self.end))
