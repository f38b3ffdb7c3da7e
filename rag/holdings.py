"""What the library holds: whether there is a text of that kind, place and year, and what there is in the
place of one that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from corpus.clean import fold
from corpus.gazetteer import place_spans
from corpus.model import Citation, Document, Instrument, Part
from corpus.reference import references, told_fields
from corpus.sentences import Span
from corpus.validity import last_year
from rag.compose import Draft, told_words
from rag.constraints import same_place, satisfies, title_years
from rag.refuse import Gap
from rag.statements import described_as_one, document_scope, text_scope
from rag.understand import KIND_ALTERNATIVES, KIND_NAMES, Term, Understood

_ANY = "van ban|tai lieu|chi dao"
_KIND = rf"(?:{KIND_ALTERNATIVES}|{_ANY})(?!\w)"
_ASKED = re.compile(
    rf"(?<!\w)(?:co|da ban hanh|da ra|con) (?:(?:nhung|cac|may|bao nhieu|duoc|them) )?(?P<kind>{_KIND})"
    rf"|^(?:trong kho |kho )?(?:nhung|cac) (?P<listed>{_KIND}) nao (?:trong kho |cua (?:\w+ ){{1,4}})?(?:noi |ban |quy dinh )?ve "
)
_OF = re.compile(
    r"(?: phoi hop)?(?: nao| gi)?(?: (?:noi|ban|quy dinh))? (?:ve|cua|lien quan|nam|giua)(?!\w)"
)
# The library itself is asked for: `kho có những văn bản nào`, `danh sách kế hoạch trong kho`.
_HERE = r"(?:trong |cua )?(?:kho|he thong|thu vien|ban)(?: (?:tai lieu|van ban|nay))?"
_HOLDS = r"(?:dang |hien |da )?(?:co|gom|chua|luu|nap)"
_SOME = r"(?:nhung|cac|bao nhieu|may|tat ca|toan bo)"
_EVERYTHING = re.compile(
    rf"(?:(?:{_KIND} )?{_HERE} {_HOLDS} {_SOME}(?: (?P<there>{_KIND}))?(?: (?:nao|gi))?"
    rf"|{_HERE} {_HOLDS} (?:(?P<what>{_KIND}) )?(?:nao|gi)"
    rf"|(?:{_HOLDS} )?{_SOME} (?P<all>{_KIND}) (?:nao )?{_HERE}"
    rf"|(?:danh sach|danh muc|liet ke|ke ten|cho xem|xem) (?:{_SOME} )?(?P<named>{_KIND})(?: (?:dang |hien )?co)?(?: {_HERE})?"
    r")(?: (?:roi|vay|the|a))?"
)
# What such a question may ask besides: it wants to know of texts, not of what they say.
_KINDS = frozenset(("yes_no", "which_document", "listed", "list", "what"))
_SUBJECT = 0.45  # of the question's words, by weight, that a text's own title and head must hold
_SURE = 0.6  # of them, from which on it is said that there is one
_CLOSE = 0.8  # of what the closest text holds
_NEAR = 0.3  # the same for what is named in its place
_MOST = 8
_CENTRAL = re.compile(
    r"(?:chinh phu|quoc hoi|thu tuong|uy ban thuong vu quoc hoi|bo|thanh tra chinh phu|ban bi thu|bo chinh tri)(?!\w)"
)
_WHOLE = 3  # lines that say number, place and title
_SHORT = 4  # words of a line that only says the number
_OPENING = 3000  # characters in which a text says which it is
_LONGEST_LINE = 25  # words; longer is a paragraph
_LINE = re.compile(r"[^\n]+")
_GENERIC = frozenset(("uy ban nhan dan", "chu tich", "hoi dong nhan dan"))  # of which place?


def held(asked: Understood, documents: Sequence[Document]) -> Draft | Gap | None:
    """The texts that `Huế có kế hoạch nào về ... không?` asks for, or all of them; None for any other
    question."""
    if everything := asks_for_all(asked):
        return _all(asked, next(filter(None, everything.groups()), ""), documents)
    match = _ASKED.search(asked.folded)
    if match is None or asked.part or not asked.kinds or not _KINDS.issuperset(asked.kinds):
        return None
    whether = "yes_no" in asked.kinds
    if not whether and not match["listed"] and not _OF.match(asked.folded, match.end()):
        return None  # `có văn bản gì khiến Sở phải họp`
    kind = KIND_NAMES.get(match["kind"] or match["listed"])
    of_kind = [d for d in documents if kind is None or is_of(kind, d)]
    found = [d for d in of_kind if satisfies(asked, described_as_one(d))]
    found = [d for d in found if _share(asked, d) >= _SUBJECT]
    found.sort(key=lambda d: -_share(asked, d))
    found = [d for d in found if _share(asked, d) >= _CLOSE * _share(asked, found[0])]
    if found:
        sure = whether and _share(asked, found[0]) >= _SURE
        return told({d: identity(d) for d in found[:_MOST]}, affirmed=sure)
    if not whether:
        return None
    near = missing(asked, documents) or _of_other_kinds(asked, documents, match["kind"])
    return Gap(asked, (), (), near) if near else None


def asks_for_all(asked: Understood) -> re.Match[str] | None:
    """`kho có những gì`: about the library, whatever was spoken of; its group is the kind of text."""
    return _EVERYTHING.fullmatch(" ".join(re.findall(r"\w+", asked.folded)))


def _all(asked: Understood, word: str, documents: Sequence[Document]) -> Draft | Gap:
    """The first texts of the library, of one kind where one is asked for, and how many more there are."""
    kind = KIND_NAMES.get(word)
    found = [d for d in documents if kind is None or is_of(kind, d)]
    if not found:
        return Gap(asked, (), (), f"Kho không có {(kind or 'văn bản').lower()} nào.")
    draft = told({d: identity(d) for d in found[:_MOST]})
    more = len(found) - _MOST
    rest = f"\nvà {more} văn bản khác, xem ở danh mục văn bản." if more > 0 else ""
    return replace(draft, text=f"{draft.text}{rest}")


def is_of(kind: str, document: Document) -> bool:
    """A `Chương trình phối hợp` is a `Chương trình`."""
    own = (document.meta.kind, _reported(document).kind)
    return any(k is not None and k.startswith(kind) for k in own)


def _of_other_kinds(asked: Understood, documents: Sequence[Document], kind: str) -> str | None:
    """What there is of that place and subject, though it is no directive."""
    near = [
        d for d in documents if satisfies(asked, described_as_one(d)) and _share(asked, d) >= _NEAR
    ]
    near.sort(key=lambda d: -_share(asked, d))
    if not near or not asked.places or KIND_NAMES.get(kind) is None:
        return None
    return in_place_of(near, f"{KIND_NAMES[kind].lower()} được hỏi")


def missing(asked: Understood, documents: Iterable[Document]) -> str | None:
    """`Kho có Kế hoạch ... năm 2024, không có năm 2025.`, where one thing that the question insists on is
    what no text is of; None where that is not the reason."""
    near, lacking = instead(asked, documents)
    return in_place_of(near, lacking) if near else None


def in_place_of(near: Sequence[Document], lacking: str) -> str:
    """Which texts there are, and what they lack."""
    return f"Kho có {'; '.join(map(called, near[:2]))}, không có {lacking}."


def instead(asked: Understood, documents: Iterable[Document]) -> tuple[list[Document], str]:
    """The texts that are nearest to the one that is missing, and what they lack; none where a text fits."""
    there = list(documents)
    several = len(asked.places) > 1 or len(asked.years) > 1  # no one text is of all of them
    if several or any(satisfies(asked, described_as_one(d)) for d in there):
        return [], ""
    for relaxed, lacking in _relaxed(asked):
        near = [d for d in there if satisfies(relaxed, described_as_one(d))]
        near = [d for d in near if _share(asked, d) >= _NEAR]
        if near:
            near.sort(key=lambda d: -_share(asked, d))
            return [d for d in near if _share(asked, d) >= _CLOSE * _share(asked, near[0])], lacking
    return [], ""


def reworded(asked: Understood, document: Document) -> str | None:
    """The question asked of a text that there is: with its year, its place. None where that is no other
    question."""
    text, known = asked.text, document.about or document.meta
    years = sorted(title_years(document)) or _years(document)
    for year in asked.years:
        if years and year not in years:
            text = re.sub(rf"(?<!\d){year}(?!\d)", str(years[-1]), text)
    place = known.place or document.meta.place
    spans = place_spans(text)
    if place and len(spans) == 1 and not any(same_place(place, p) for p in asked.places):
        (start, end), = spans  # fmt: skip
        text = f"{text[:start]}{place}{text[end:]}"
    return f"{text.rstrip(' ?.!')}?" if text != asked.text else None


def called(document: Document) -> str:
    """How a text is named among others like it: kind and number or title, whose, of which year."""
    known = _reported(document) if _reported(document).kind else document.meta
    years = sorted(title_years(document)) if not known.number else _years(document)
    name = f"{known.kind or 'Văn bản'} số {known.number}" if known.number else known.title or document.title  # fmt: skip
    if known.number and known.kind in ("Luật", "Bộ luật", "Pháp lệnh") and known.title:
        name = f"{known.title} ({known.number})"
    whose = _as_written(known.issuer, document)
    place = known.place or document.meta.place or ""
    name += f" của {whose}" if whose and fold(whose) not in fold(name) else ""
    # The place of a central text is where it was signed.
    central = _CENTRAL.match(fold(known.issuer or "")) is not None
    told = [place] if place and not central and fold(place) not in fold(name) else []
    told += [f"năm {year}" for year in years if str(year) not in name]
    return f"{name} ({', '.join(told)})" if told else name


def _as_written(issuer: str | None, document: Document) -> str:
    """An issuer in the capitals of a head, as the text itself writes it."""
    if not issuer or not issuer.isupper():
        return issuer or ""
    plain = fold(issuer)
    found = (m[0] for m in re.finditer(re.escape(issuer), document.text, re.I))
    written = next((words for words in found if not words.isupper()), None)
    if written or plain in _GENERIC:
        return written or ""
    place = document.meta.place
    if place and place.upper() in issuer:  # the only names in it that keep their capitals are known
        return issuer.capitalize().replace(place.lower(), place)
    return issuer


def _years(document: Document) -> list[int]:
    """Of a yearly plan the year that it is for."""
    year = last_year(document.about or document.meta)
    return [year] if year else []


def _reported(document: Document) -> Instrument:
    return document.about or Instrument()


def _relaxed(asked: Understood) -> Iterator[tuple[Understood, str]]:
    """The question without some of the things that it insists on, the fewest first, and what was left out."""
    kind = next((KIND_NAMES[m] for m in re.findall(KIND_ALTERNATIVES, asked.folded)), "Văn bản")
    numbers = ", ".join(f"{i.kind or kind} số {_number(i.sequence, asked)}" for i in asked.instruments)  # fmt: skip
    places = ", ".join(asked.places)
    of_year = f"{kind.lower()} năm {', '.join(map(str, asked.years))}"
    of_place = f"văn bản của {places} về nội dung này" if places else "văn bản của nơi được hỏi"
    left_out: dict[str, dict[str, Any]] = {
        "years": {"years": (), "dates": ()}, "instruments": {"instruments": ()}, "names": {"names": ()},
        "places": {"places": ()}, "bodies": {"bodies": ()},
    }  # fmt: skip
    said = {
        "years": of_year, "instruments": numbers, "names": of_place, "places": of_place,
        "bodies": "văn bản của cơ quan được hỏi",
    }  # fmt: skip
    given = [name for name in left_out if getattr(asked, name)]
    some = [names for size in (1, 2, 3) for names in combinations(given, size)]
    for names in sorted(some, key=lambda names: "places" in names):  # elsewhere only at last
        without = {key: value for name in names for key, value in left_out[name].items()}
        told = "instruments" if "instruments" in names else names[-1]
        yield replace(asked, **without), said[told]


def _number(sequence: str, asked: Understood) -> str:
    """The number as it was typed, `09/CT-UBND` for its first part `9`."""
    typed = re.search(rf"(?<![\w/])0*{sequence}(?:/[\w&/-]+)?(?![\w/])", asked.text)
    return typed[0] if typed else sequence


def _share(asked: Understood, document: Document) -> float:
    """The share of the question's words, by weight, that a document's title and head hold."""
    weights = {t.text: t.weight for t in _subject(asked)}
    own = document_scope(document).share(weights, accented=asked.accented)
    whole = text_scope(document).share(weights, accented=asked.accented)
    return own + 0.5 * max(0.0, whole - own)  # what stands only in its body counts half


def _subject(asked: Understood) -> list[Term]:
    kinds = {word for name in (*KIND_NAMES, *_ANY.split("|")) for word in (name, *name.split())}
    return [t for t in asked.content if fold(t.text) not in kinds]


def told(found: Mapping[Document, Sequence[tuple[Part, Span]]], *, affirmed: bool = False) -> Draft:
    """`Có: Chỉ thị số 8/CT-UBND [1] (Bến Tre [2]): Về việc ... [3].`, a line for each text with the
    places that say it: which text it is first."""
    citations: list[Citation] = []
    lines = []
    for document, places in found.items():
        pieces = []
        for part, span in places:
            citations.append(Citation(len(citations) + 1, document, part, *span))
            pieces.append(f"{_said(document, span)} [{len(citations)}]")
        if len(pieces) == _WHOLE:
            lines.append(f"{pieces[0]} ({pieces[1]}): {pieces[2]}")
        else:
            lines.append(": ".join(pieces))
    opening = "Có: " if affirmed else ""
    text = f"{opening}{lines[0]}." if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
    return Draft(text, tuple(citations), final=True)


def _said(document: Document, span: Span) -> str:
    """A line of a head as it is said: `Số: 8/CT-UBND` with its kind, `TỈNH BẾN TRE` as its name."""
    words, meta = told_words(document, span, None), document.meta
    if meta.number and fold(words).endswith(fold(meta.number)) and len(words.split()) <= _SHORT:
        return document.name
    if meta.place and words.isupper() and fold(meta.place) in fold(words):
        return meta.place
    return words


def identity(document: Document) -> list[tuple[Part, Span]]:
    """Where a text says which it is: the mention of the instrument that it reports, or the line of its
    number and of its title; at least its first line."""
    about = document.about
    if about and about.number:
        own = [
            r for r in references(document)
            if r.named and r.mention and r.named.number and fold(r.named.number) == fold(about.number)
        ]  # fmt: skip
        if own:
            best = max(own, key=lambda r: told_fields(r.mention))
            end = max(best.end, best.mention.end if best.mention else best.end)
            return [(best.part, (best.start, end))]
    lines = [(m.start(), m.start() + len(m[0].rstrip())) for m in _LINE.finditer(document.text, 0, _OPENING)]  # fmt: skip
    said = [(line, fold(document.text[slice(*line)])) for line in lines]
    meta, title = document.meta, fold(document.title)
    found: list[Span] = []
    for known in (meta.number, meta.place or meta.issuer):
        if known:
            found += [line for line, words in said if fold(known) in words and len(words.split()) <= _LONGEST_LINE][:1]  # fmt: skip
    titled = max(said, key=lambda own: _in_title(own[1], title), default=None)
    if titled and _in_title(titled[1], title):
        found.append(titled[0])
    return [(_part_at(document, span[0]), span) for span in dict.fromkeys(found or lines[:1])]


def name_line(document: Document) -> tuple[Part, Span]:
    """The one place that names a text best: its number, else its title."""
    places = identity(document)
    known = document.meta.number or (document.about and document.about.number)
    return places[0] if known else places[-1]


def _part_at(document: Document, position: int) -> Part:
    return next(p for p in reversed(list(document.parts())) if p.start <= position)


def _in_title(line: str, title: str) -> int:
    """How many words a line and the title share, where one holds the other; of several the first is it."""
    shared = min(line, title, key=len)
    return len(shared.split()) if line in title or title in line else 0
