"""A follow-up becomes a whole question, by rules: what it leaves out is taken from the question before.

`còn phản ánh về đất đai?`, `thế ở Hà Tĩnh?`, `khoản 3 nói gì?`, `nó có hiệu lực từ ngày nào?`. A question
that stands on its own stays as it is. No model, nothing stored; the words are in `rewording`, the
parts in `part_follow_ups`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from corpus.clean import fold, has_marks
from corpus.model import Citation, Document
from corpus.references import mentions
from rag.asked_value import asks_signer
from rag.compose import Draft
from rag.constraints import document_years, same_place, title_years
from rag.definition import defined_term
from rag.holdings import asks_for_all, called
from rag.indexing import Snapshot
from rag.instructions import addresses_a_model
from rag.model import Topic
from rag.naming import kinds_said, named_documents
from rag.part_follow_ups import nth_item, part_at, part_meant, path_of, what_follows
from rag.regulating import where_told
from rag.rewording import (
    Bare,
    asks_something,
    bare,
    before_asking,
    first_phrase,
    has_same_kind,
    level_named,
    patterns,
    pronouns,
    says_nothing,
    spoken_of,
    with_asked,
    with_condition,
    with_subject,
    with_years_told,
    without_bodies,
    without_cue,
    without_naming,
    without_parts,
    without_places,
    without_source,
    without_years,
)
from rag.statements import document_scope, scope, text_scope
from rag.understand import Term, alike, understand

_LAWS = ("Luật", "Bộ luật", "Pháp lệnh")  # they go by their names
_ALSO_VERBS = frozenset(("Báo cáo", "Kế hoạch", "Thông báo", "Hướng dẫn", "Công bố"))
_NO_DOER = (
    r"(?! (?:ai|chu tich|ubnd|uy ban|so|bo|co quan|don vi|thu tuong|chinh phu|quoc hoi)(?!\w))"
)
_SHORT = 4  # words that may name a section
_SECTIONS = frozenset(("section", "subsection", "part"))
_LONG = 8  # words from which a question that names a place is one by itself
_MANY = 3  # content words from which a turn may be about anything
_HEADED = frozenset(("article", "chapter", "section", "subsection"))
_ELSEWHERE = 0.25  # of the question's words, by weight, that another document must hold more of
_KNOWN = 0.5  # of them, that the other must hold
_STRANGE = 0.34  # of them; a question of which no document holds as much is of nothing here
_SUBJECT_SHARE = 0.5  # of the old subject's words that a passage must join with the new word


@dataclass(frozen=True)
class Whole:
    """A question that needs no history; `document_ids` where it is about certain documents only."""

    text: str
    document_ids: tuple[str, ...] | None = None
    thanks: bool = False  # says nothing about the subject, which stays
    others: tuple[Whole, ...] = ()  # other ways to read it, for `readings.likeliest`
    turn: str = ""  # what was typed, without the words that only join it to what was said
    free: bool = False  # nothing in the turn leans on what was said
    subject: str = ""  # what the conversation was about until then
    settled: bool = False  # the others only where this one gets no answer
    about: str = ""  # what it is about from now on; empty for what the text itself says
    draft: Draft | None = None  # what is told, where nothing must be searched
    moves: bool = False  # and the conversation is then at its place


def whole(text: str, topic: Topic | None, state: Snapshot) -> Whole:
    """What a turn asks, in the light of what the conversation is about."""
    if topic is None:
        return Whole(text)
    turn = _Turn(text, topic, state)
    if not turn.bare.text or is_courtesy(turn.bare.text) or asks_for_all(turn.said):
        return Whole(text, thanks=True)
    if settled := turn.again() or turn.of_place() or turn.going_on() or turn.of_part():
        return turn.finished(settled)
    if defined := turn.of_term():
        return turn.finished(defined)  # whatever was spoken of
    if headed := turn.of_heading():
        return turn.finished(headed)
    if there := turn.elsewhere() or turn.of_title():
        wider = [replace(there, document_ids=None)] if there.document_ids else []
        if there.text == turn.bare.text:  # of another text, but perhaps the same matter
            wider.append(replace(there, text=f"{turn.subject} {there.text}"))
        return replace(turn.finished(there), others=(*map(turn.finished, wider),), settled=True)
    of_document = turn.of_document()
    if of_document is None and turn.is_of_nothing_here():
        return Whole(text, thanks=True)
    first = turn.finished(of_document or turn.of_subject() or turn.asked_further())
    read = map(turn.finished, reversed([*turn.readings()]))
    others = {(r.text, r.document_ids): r for r in read}
    others.pop((first.text, first.document_ids), None)
    if turn.bare.back and of_document is None or of_document and asks_signer(turn.said):
        return first
    return replace(first, others=(*others.values(),), settled=of_document is not None)


def is_courtesy(text: str) -> bool:
    """`xin chào`, `cảm ơn`, `bạn là ai`: nothing is asked of the texts; `cảm ơn, ai ký?` asks."""
    plain = fold(" ".join(re.findall(r"[^\W_]+", text)))
    if patterns().to_assistant.fullmatch(plain):
        return True
    return patterns().thanks.fullmatch(plain) is not None and not asks_something(understand(text))


def topic_after(asked: Whole, citations: Sequence[Citation], topic: Topic | None) -> Topic:
    """What the conversation is about once the question has been answered, or has not."""
    if (asked.thanks or asked.draft and not asked.moves) and topic:
        return topic
    if asked.moves and topic:
        last = citations[-1]
        return replace(topic, path=path_of(last.part), span=(last.start, last.end))
    if citations:
        ids = tuple(dict.fromkeys(c.document.id for c in citations))
        first = citations[0]
        about = asked.about or _subject(asked.text, first.document.title)
        root = topic.root if topic and asked.document_ids is not None else ""
        path = path_of(first.part)
        inside = (c.end for c in citations if path_of(c.part)[: len(path)] == path)
        span = first.start, max(inside)
        return Topic(asked.text, ids, path, about, root or about, span)
    kept = topic if topic and asked.turn else Topic("")  # a turn read wrongly leaves no text
    ids = asked.document_ids or kept.document_ids
    path, span = (kept.path, kept.span) if ids == kept.document_ids else ((), (0, 0))
    about = asked.about or _subject(asked.text)
    return Topic(asked.text, ids, path, about, kept.root or about, span)


def _subject(text: str, title: str | None = None) -> str:
    """What a question is about, the document of that title apart; empty where it is about that only."""
    text = without_naming(without_source(text), title)
    return spoken_of(understand(without_years(without_parts(text))))


class _Turn:
    """One follow-up against its topic; each method is a way to read it, None where it does not fit."""

    def __init__(self, text: str, topic: Topic, state: Snapshot) -> None:
        self.topic, self.state = topic, state
        self.documents = [state.documents[i] for i in topic.document_ids if i in state.documents]
        if years := [y for d in self.documents[:1] for y in document_years(d)]:
            text = with_years_told(text, max(years))
        self.asked = understand(text)
        self.bare: Bare = bare(self.asked)
        if not self.asked.accented:  # `ko` was written out with its marks, which say nothing
            self.bare = self.bare._replace(text=fold(self.bare.text))
        if level := level_named(self.bare.text):
            self.bare = self.bare._replace(text=level)
        self.said = understand(self.bare.text)
        self.before = understand(topic.question)
        self.ids = tuple(d.id for d in self.documents) or None
        named = named_documents(self.said, state.documents.values())
        # `còn báo cáo kết quả?` need not be the document that goes by that title.
        self.named = [d for d in named if self.said.instruments or d.meta.kind not in _ALSO_VERBS]

    @cached_property
    def subject(self) -> str:
        """What is spoken of: `Hòa giải viên ở cơ sở` of `... phải có tiêu chuẩn gì?`."""
        return self.topic.subject or _subject(self.topic.question, self.title)

    @property
    def title(self) -> str | None:
        """Of the document spoken of."""
        return self.documents[0].title if self.documents else None

    def finished(self, found: Whole) -> Whole:
        """A question, typed without diacritics throughout where the turn was."""
        own = _without_moves(without_parts(self.bare.text))
        typed_plain = not self.asked.accented and not says_nothing(own)
        text = f"{found.text.rstrip(' ?.!').lstrip()}?"
        turn = "" if found.document_ids is None and self.said.instruments else self.bare.text
        text = fold(text) if typed_plain else text
        free = not self.bare.joins
        return replace(found, text=text, turn=turn, free=free, subject=self.subject)

    def again(self) -> Whole | None:
        """`tóm tắt lại`, `cụ thể hơn được không`: the same place, or the same question."""
        plain = fold(self.bare.text)
        if patterns().again.fullmatch(plain):
            return Whole(self.topic.question, self.ids, about=self.subject)
        if not patterns().summary.fullmatch(plain) or not self.documents:
            return None
        place = self.before.part.told if self.before.part else ""
        text = f"Tóm tắt {place} {_named(self.documents[0])}".replace("  ", " ")
        return Whole(text, self.ids, about=self.subject)

    def of_place(self) -> Whole | None:
        """`điều mấy?`, `văn bản nào quy định việc này?`: where what was told last stands."""
        if not patterns().asks_place.fullmatch(fold(self.bare.text)) or not self.documents:
            return None
        part = part_at(self.documents[0], self.topic.path)
        if part is None:
            return None
        draft = where_told(self.documents[0], part, self.topic.span)
        return self._told(f"{self.subject} được quy định ở văn bản nào, điều nào", draft)

    def going_on(self) -> Whole | None:
        """`rồi sao nữa?`, `còn gì nữa không?`: what stands behind what was told last."""
        typed = fold(self.asked.text.strip(" ?.!,"))
        if not patterns().goes_on.fullmatch(typed) or not self.documents:
            return None
        draft = what_follows(self.documents[0], self.topic.path, self.topic.span[1])
        found = self._told(f"Nội dung tiếp theo về {self.subject}", draft) if draft else None
        return replace(found, moves=True) if found else None

    def _told(self, text: str, draft: Draft) -> Whole | None:
        """A turn that needs no search; None where the words are meant for a language model."""
        if any(addresses_a_model(citation.quote) for citation in draft.citations):
            return None
        return Whole(text, self.ids, about=self.subject, draft=replace(draft, final=True))

    def of_part(self) -> Whole | None:
        """`khoản 3`, `điều tiếp theo`, in the document spoken of."""
        if self.named or self.said.instruments or not self.documents:
            return None
        document = self.documents[0]
        kinds = "|".join(map(fold, kinds_said(self.said)))
        if self.said.places or kinds and not self._this(kinds):
            return None  # `Khoản 2 Điều 5 Quy chế …` of a text that it names
        place = part_meant(self.bare.text, document, self.topic.path)
        if place is None:
            listed = self.said.part.list_name is not None
            return self._about(self.bare.text) if listed else None
        rest = _without_moves(without_parts(self.bare.text))
        asks = f": {rest}" if understand(rest).terms else " quy định gì"
        where = f"{place[:1].upper()}{place[1:]} {_named(document)}"
        return Whole(f"{where}{asks}", self.ids, about=self.subject)

    def of_term(self) -> Whole | None:
        """`tố cáo là gì?`: by the text spoken of where it defines the term, else by any."""
        term = defined_term(self.said)
        places = self.state.defined.places(term) if term else []
        if term and not places and not (self._leans() or self.said.instruments or self.bare.back):
            asked = self.finished(self._reading(self.bare.text))
            return replace(asked, others=(replace(asked, document_ids=None),), settled=True)
        if not places or self.said.instruments:
            return None
        defining = {self.state.passages[place].document_id for place in places}
        here = tuple(d.id for d in self.documents if d.id in defining)
        return Whole(self.bare.text, here or None, about=term or "")

    def of_heading(self) -> Whole | None:
        """`còn chỉ tiêu thì sao?` of a plan with a section `III. CHỈ TIÊU`: what stands there."""
        asks = asks_something(self.said) or self.said.places or self.said.years
        words = re.findall(r"\w+", fold(self.bare.text))
        organ = patterns().organ_folded.match(" ".join(words))  # gives way in the same question
        if (
            not self.bare.joins
            or asks
            or organ
            or not 0 < len(words) <= _SHORT
            or not self.documents
        ):
            return None
        said = " ".join(words)
        headed = (p.heading for p in self.documents[0].parts() if p.level in _SECTIONS)
        heading = next((h for h in headed if scope(h).has(said, accented=False)), None)
        return Whole(f"Tóm tắt mục {heading}", self.ids, about=self.bare.text) if heading else None

    def elsewhere(self) -> Whole | None:
        """`thế ở Hà Tĩnh?`, `năm 2025 thì sao?`, `Nghị định 20 thì sao?`: the question before, there."""
        if self.named or self.said.instruments:
            return self._of_another_text()
        if not (self.said.places or self.said.years):
            return None
        there = self._counterparts() if self.said.places else self._of_year(self.said.years)
        rest = without_bodies(without_years(without_places(self.bare.text)))
        if not says_nothing(rest) and understand(rest).content:
            if self._is_here():
                return None
            short = len(self.said.content) < _MANY and len(self.bare.text.split()) < _LONG
            leans = self.bare.joins or short
            if self.bare.back:
                return Whole(self.bare.text, there)
            text = self.bare.text if not leans else f"{self.subject} {self.bare.text}"
            return Whole(text, there if leans else None) if self.said.places or leans else None
        old = self.topic.question
        old = without_naming(old, self.title, kind=True) if self.said.places else old
        old = without_years(old) if self.said.years else old
        return Whole(f"{self.bare.text}: {old}", there, about=self.subject)

    def _is_here(self) -> bool:
        """Whether the place named is that of the documents spoken of."""
        own = [place for d in self.documents for place in _places(d)]
        named = self.said.places
        return bool(named) and all(any(same_place(p, o) for o in own) for p in named)

    def of_title(self) -> Whole | None:
        """`thế còn tố cáo?` where the Luật Tố cáo is another text."""
        if not self.bare.joins:
            return None
        turn = fold(self.bare.text)
        named = [d for d in self.state.documents.values() if fold(d.title) in _laws_called(turn)]
        if not named or named[0] in self.documents:
            return None
        before = understand(without_naming(self.topic.question, self.title))
        return Whole(with_subject(before, self.bare.text), tuple(d.id for d in named))

    def _of_another_text(self) -> Whole:
        """`Nghị định 20 thì sao?` asks what was asked, `quay lại Luật Khiếu nại, ai ký?` its own."""
        title = self.named[0].title if self.named else None
        left = without_years(without_places(without_naming(self.bare.text, title)))
        known = document_scope(self.named[0]) if self.named else None
        words = [w for w in re.findall(r"\w+", fold(left)) if not (known and known.has(w, accented=False))]  # fmt: skip
        if asks_something(self.said) or self.said.kinds and not says_nothing(" ".join(words)):
            return Whole(self.bare.text)
        old = without_naming(self.topic.question, self.title)
        ids = None
        if self.named and self.title:
            ids = tuple(d.id for d in self.named)
            old = _with_matter_of(self.named[0].title, self.title, old)
        return Whole(f"{self.bare.text}: {old}", ids, about=self.subject)

    def _counterparts(self) -> tuple[str, ...] | None:
        """The named place's documents whose titles share the most with those spoken of."""
        words = {t.text for d in self.documents for t in understand(d.title).content}
        shared = {
            d.id: len(words & {t.text for t in understand(d.title).content})
            for d in self.state.documents.values()
            if any(same_place(p, own) for p in self.said.places for own in _places(d))
        }
        most = max(shared.values(), default=0)
        return tuple(i for i, n in shared.items() if n == most) if most else None

    def _of_year(self, years: Sequence[int]) -> tuple[str, ...] | None:
        """The same office's documents of another year; the document itself where there are none."""
        places = {d.meta.place for d in self.documents}
        found = [
            d.id for d in self.state.documents.values()
            if d.meta.place in places and title_years(d) & set(years)
        ]  # fmt: skip
        return tuple(found) or self.ids

    def of_document(self) -> Whole | None:
        """`nó có hiệu lực từ ngày nào?`, `kế hoạch này`, `ai ký?`: asked of the document as such."""
        if not self.documents or self.bare.asks_same or self.bare.back:
            return None
        words, text = patterns(), self.bare.text
        kinds = "|".join([*map(fold, kinds_said(self.said)), words.text_words])
        this = self._this(kinds)
        of_document = words.of_document.search(fold(text))
        this = this or of_document and words.it.search(fold(text))
        reference = _reference(self.documents[0])
        if self.said.kind == "number":
            reference = called(self.documents[0])  # its number is what is asked
        if this and (other := self._named_last(" ".join(this[0].split()[:-1]))):
            reference = other
        if this:
            text = f"{text[: this.start()]}{reference or text[this.start() : this.end()]}{text[this.end() :]}"
            # `nghị định nào quy định chi tiết luật này?` is told by another text.
            told_elsewhere = self.said.kind == "which_document" and not of_document
            ids = None if told_elsewhere else self.ids
            return Whole(text, ids, about=self.subject)
        if of_document and len(self.said.content) <= 2:
            if asked := self.before.asked_kind:  # `theo nghị quyết nào?`, `ban hành ngày nào?`
                reference = self._named_last(fold(asked)) or reference
            return replace(self._about(text, reference), about=self.subject)
        return None

    def _this(self, kinds: str) -> re.Match[str] | None:
        """`quyết định đó`; not `quyết định do Chủ tịch ký`, which without diacritics looks the same."""
        text = self.bare.text
        found = re.search(rf"(?<!\w)(?:{kinds}) (?:{patterns().this}){_NO_DOER}(?!\w)", fold(text))
        if found is None or not has_marks(text):
            return found
        said = text.casefold()[found.start() : found.end()]
        return found if re.search(rf"(?<!\w)(?:{patterns().this_written})$", said) else None

    def _named_last(self, kind: str) -> str:
        """`Kết luận số 3-KL/TU` of `kết luận` where the place cited last names one of that kind and
        the document is of another."""
        document = self.documents[0]
        own = {
            fold(known.kind) for known in (document.meta, document.about) if known and known.kind
        }
        part = part_at(document, self.topic.path)
        if kind in own or part is None:
            return ""
        named = mentions(document.text[part.start : part.end])
        return next(
            (f"{m.kind} số {m.number}" for m in named if m.number and fold(m.kind or "") == kind),
            "",
        )

    def of_subject(self) -> Whole | None:
        """`còn phản ánh về đất đai?`: the same question of another subject."""
        asks = asks_something(self.said)
        if not self.bare.joins or asks and self.said.kind != self.before.kind:
            return None
        subject = before_asking(self.said)
        if not subject:
            return None
        if self.bare.asks_same and not has_same_kind(self.before, subject):
            return self._reading(f"{self.subject} {subject}")  # `trùng ngày nghỉ thì sao`
        return Whole(with_subject(self.before, subject), self.ids, about=_subject(subject))

    def is_of_nothing_here(self) -> bool:
        """`thời tiết thế nào?`: no document has one of its words; one that leans on nothing, half."""
        terms = self.said.content
        if not terms or not self._is_free():
            return False
        most = max((self._share(terms, d) for d in self.state.documents.values()), default=0.0)
        return most == 0 or len(terms) >= _MANY and most < _STRANGE

    def asked_further(self) -> Whole:
        """A question without its subject, or of the same document, or a new one."""
        terms = self.said.content
        if self.bare.back or self._is_free() and self._is_new(terms):
            return Whole(self.bare.text)
        if not terms or not self.documents or self._leans():
            return self._joined()
        return self._joined() if self._belongs(terms) else self._about(self.bare.text)

    def readings(self) -> Iterator[Whole]:
        """The turn said of the old subject or by itself, of the same documents or of any."""
        said, subject = self._without_pronouns(), self.subject
        asks, leans = asks_something(self.said), self._leans()
        yield self._reading(said if leans and subject in said else f"{subject} {said}")
        if leans:
            yield self._reading(self._without_pronouns(of=""))
        if (root := self.topic.root) and root != subject:
            moved = self._without_pronouns(of=root) if leans else f"{root} {said}"
            yield replace(self._reading(moved), about=root)
        if not asks:
            yield self._reading(with_condition(self.before, self.bare.text))
            if self.bare.joins and (other := with_asked(self.before, self.bare.text)):
                yield self._reading(other)
            if (first := first_phrase(self.before)) and len(first) < len(self.before.text):
                yield self._reading(f"{self.bare.text} {self.before.text[len(first) :]}")
            if patterns().organ_folded.match(fold(self.bare.text)):
                yield self._reading(f"{self.bare.text} có nhiệm vụ gì")
        if not leans and (heading := self._heading()):
            yield self._reading(f"{heading} {said}")
        if asks and self.said.content and not self.before.part:
            yield self._reading(f"{without_cue(self.before)} {said}")
        if not leans:
            about = _subject(self.bare.text) or subject
            yield replace(self._reading(self.bare.text), about=about)
        if self._is_free() and len(self.said.content) >= 2:
            yield Whole(self.bare.text)

    def _reading(self, text: str) -> Whole:
        """Of the same documents and the old subject."""
        return Whole(text, self.ids, about=self.subject)

    def _leans(self) -> bool:
        """`họ` is somebody spoken of."""
        return bool(pronouns(self.bare.text))

    def _is_free(self) -> bool:
        """Whether nothing in the turn points at what was said: it may be about anything."""
        led = self.bare.joins and not self.bare.back
        kinds = "|".join([*map(fold, kinds_said(self.said)), patterns().text_words])
        return self.documents == [] or not (led or self._leans() or self._this(kinds))

    def _heading(self) -> str:
        """What the place cited last goes by: `Rút khiếu nại`."""
        path = self.topic.path
        held = (
            p for d in self.documents[:1] for p in d.parts()
            if p.level in _HEADED and p.heading and path[: len(p.path)] == path_of(p)
        )  # fmt: skip
        last = max(held, key=lambda p: len(p.path), default=None)
        return (
            re.sub(r"^(?:Điều \w+|[IVX\d]+(?:\.\d+)*|\w)[.):]\s*", "", last.heading) if last else ""
        )

    def _without_pronouns(self, of: str | None = None) -> str:
        """With what is spoken of in place of the first `họ`, `việc đó`."""
        text, subject = self.bare.text, self.subject if of is None else of
        for number, (start, end) in reversed(list(enumerate(pronouns(text)))):
            text = f"{text[:start]} {'' if number else subject} {text[end:]}"
        return " ".join(text.split())

    def _joined(self) -> Whole:
        new = self._without_pronouns()
        if self._leans():
            return self._reading(new)
        if not self.said.content:
            return self._reading(f"{without_parts(without_cue(self.before))} {new}")
        asks = asks_something(self.said)
        text = f"{self.subject} {new}" if asks else f"{new} của {self.subject} là gì"
        return self._reading(text)

    def _about(self, text: str, reference: str | None = None) -> Whole:
        reference = reference or _reference(self.documents[0])
        if not reference and asks_signer(self.said):
            reference = self.documents[0].title  # who signed is asked of a text, by its name
        about = _subject(text) or self.subject
        told = f"Theo {reference}, {text}" if reference else text
        return Whole(told, self.ids, about=about)

    def _is_new(self, terms: Sequence[Term]) -> bool:
        """Whether another document holds clearly more of what is asked."""
        if len(terms) < _MANY or not self.documents:
            return bool(terms) and not self.documents
        here = max(self._share(terms, d) for d in self.documents)
        best = max(self._share(terms, d) for d in self.state.documents.values())
        return best >= _KNOWN and best - here >= _ELSEWHERE

    def _share(self, terms: Sequence[Term], document: Document) -> float:
        known, accented = text_scope(document), self.said.accented
        # `bao giờ nộp` is asked of a text that says `gửi`.
        said = (
            t.weight for t in terms
            if any(known.has(w, accented=accented) for w in alike(t.text, accented=accented))
        )  # fmt: skip
        return sum(said) / (sum(t.weight for t in terms) or 1.0)

    def _belongs(self, terms: Sequence[Term]) -> bool:
        """Whether some passage joins the one new word with the old subject."""
        named = [document_scope(d) for d in self.documents]
        old = [t for t in self.before.content if not any(n.has(t.text, accented=self.before.accented) for n in named)]  # fmt: skip
        if len(terms) > 1 or not old:
            return False
        passages = [p for p in self.state.passages if p.document_id in (self.ids or ())]
        for passage in passages:
            words = scope(passage.searchable(self.state.document(passage)))
            joined = sum(words.has(t.text, accented=self.before.accented) for t in old)
            if joined >= _SUBJECT_SHARE * len(old) and words.has(terms[0].text, accented=self.said.accented):  # fmt: skip
                return True
        return False


def _laws_called(name: str) -> frozenset[str]:
    return frozenset(f"{fold(kind)} {name}" for kind in _LAWS)


def _with_matter_of(title: str, last: str, text: str) -> str:
    """What was asked of the Luật Tố cáo, `rút tố cáo`, asked of the Luật Khiếu nại: `rút khiếu nại`."""
    kinds = re.compile(rf"^(?:{'|'.join(map(re.escape, _LAWS))})\s+")
    if not (kinds.match(title) and kinds.match(last)):
        return text
    new, old = (kinds.sub("", name) for name in (title, last))
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new[:1].lower() + new[1:], text, flags=re.I)


def _places(document: Document) -> list[str]:
    return [known.place for known in (document.meta, document.about) if known and known.place]


def _reference(document: Document) -> str:
    """`Quyết định số 37/2024/QĐ-UBND`, `Luật Tiếp công dân`; of a page the instrument that it reports;
    empty without a number."""
    known = document.about if document.about and document.about.number else document.meta
    if not known.number:
        return ""
    if known.kind in _LAWS and known.title:
        return known.title
    return f"{known.kind or 'Văn bản'} số {known.number}"


def _named(document: Document) -> str:
    return _reference(document) or document.title


def _without_moves(text: str) -> str:
    """Without `điều tiếp theo`, `ý 3`, `nói rõ hơn`."""
    if numbered := nth_item(fold(text)):
        text = f"{text[: numbered.start()]} {text[numbered.end() :]}".strip()
    moves = "|".join([*patterns().relative.values(), patterns().this])
    units = f"dieu|khoan|diem|muc|chuong|{patterns().listed}"
    match = re.search(rf"(?<!\w)(?:{units}) (?:{moves})(?!\w)", fold(text))
    text = f"{text[: match.start()]} {text[match.end() :]}".strip() if match else text
    return "" if patterns().again.fullmatch(fold(text)) else text
