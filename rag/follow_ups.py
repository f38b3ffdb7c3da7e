"""A follow-up becomes a whole question, by rules: what it leaves out is taken from the question before.

`còn phản ánh về đất đai?`, `thế ở Hà Tĩnh?`, `khoản 3 nói gì?`, `nó có hiệu lực từ ngày nào?`. A question
that stands on its own stays as it is. No model, nothing stored; the words are in `rewording`, the
parts in `part_follow_ups`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.clean import fold
from corpus.model import Citation, Document
from rag.constraints import same_place, title_years
from rag.indexing import Snapshot
from rag.model import Topic
from rag.naming import kinds_said, named_documents
from rag.part_follow_ups import part_meant
from rag.rewording import (
    Bare,
    asks_something,
    bare,
    before_asking,
    first_phrase,
    patterns,
    says_nothing,
    with_subject,
    without_cue,
    without_naming,
    without_parts,
    without_places,
    without_years,
)
from rag.statements import document_scope, scope, text_scope
from rag.understand import Term, understand

_ELSEWHERE = 0.25  # of the question's words, by weight, that another document must hold more of
_KNOWN = 0.5  # of them; a question of which no document holds as much is of nothing here
_SUBJECT_SHARE = 0.5  # of the old subject's words that a passage must join with the new word


@dataclass(frozen=True)
class Whole:
    """A question that needs no history; `document_ids` where it is about certain documents only."""

    text: str
    document_ids: tuple[str, ...] | None = None
    thanks: bool = False  # says nothing about the subject, which stays
    others: tuple[Whole, ...] = ()  # other ways to read it, for `readings.likeliest`
    turn: str = ""  # what was typed, without the words that only join it to what was said
    subject: str = ""  # what the question before was about


def whole(text: str, topic: Topic | None, state: Snapshot) -> Whole:
    """What a turn asks, in the light of what the conversation is about."""
    if topic is None:
        return Whole(text)
    turn = _Turn(text, topic, state)
    if patterns().thanks.fullmatch(fold(turn.bare.text)) or not turn.bare.text:
        return Whole(text, thanks=True)
    if settled := turn.again() or turn.of_part() or turn.elsewhere() or turn.of_document():
        return turn.finished(settled)
    found = turn.of_subject() or turn.asked_further()
    if found is None:
        return Whole(text)
    others = tuple(turn.finished(other) for other in turn.readings())
    return replace(turn.finished(found), others=others, turn=turn.bare.text, subject=turn.subject)


def topic_after(asked: Whole, citations: Sequence[Citation], topic: Topic | None) -> Topic:
    """What the conversation is about once the question has been answered, or has not."""
    if asked.thanks and topic:
        return topic
    if citations:
        ids = tuple(dict.fromkeys(c.document.id for c in citations))
        path = tuple((str(s.level), s.label) for s in citations[0].part.path)
        return Topic(asked.text, ids, path)
    kept = topic.path if topic and asked.document_ids == topic.document_ids else ()
    return Topic(asked.text, asked.document_ids or (), kept)


class _Turn:
    """One follow-up against its topic; each method is a way to read it, None where it does not fit."""

    def __init__(self, text: str, topic: Topic, state: Snapshot) -> None:
        self.text, self.topic, self.state = text, topic, state
        self.asked = understand(text)
        self.bare: Bare = bare(self.asked)
        self.said = understand(self.bare.text)
        self.before = understand(topic.question)
        self.documents = [state.documents[i] for i in topic.document_ids if i in state.documents]
        self.ids = tuple(d.id for d in self.documents) or None
        self.named = named_documents(self.said, state.documents.values())

    def finished(self, found: Whole) -> Whole:
        """A question, typed without diacritics throughout where the turn was."""
        own = understand(_without_moves(without_parts(self.bare.text)))
        typed_plain = not self.asked.accented and own.content
        text = f"{found.text.rstrip(' ?.!')}?"
        return Whole(fold(text) if typed_plain else text, found.document_ids)

    def again(self) -> Whole | None:
        """`tóm tắt lại`, `cụ thể hơn được không`: the same place, or the same question."""
        plain = fold(self.bare.text)
        if patterns().again.fullmatch(plain):
            return Whole(self.topic.question, self.ids)
        if not patterns().summary.fullmatch(plain) or not self.documents:
            return None
        place = self.before.part.told if self.before.part else ""
        return Whole(f"Tóm tắt {place} {_named(self.documents[0])}".replace("  ", " "), self.ids)

    def of_part(self) -> Whole | None:
        """`khoản 3`, `điều tiếp theo`, in the document spoken of."""
        if self.named or self.said.instruments or not self.documents:
            return None
        document = self.documents[0]
        place = part_meant(self.bare.text, document, self.topic.path)
        if place is None:
            listed = self.said.part.list_name is not None
            return self._about(self.bare.text) if listed else None
        rest = _without_moves(without_parts(self.bare.text))
        asks = f": {rest}" if understand(rest).terms else " quy định gì"
        where = f"{place[:1].upper()}{place[1:]} {_reference(document)}".strip()
        return Whole(f"{where}{asks}", self.ids)

    def elsewhere(self) -> Whole | None:
        """`thế ở Hà Tĩnh?`, `năm 2025 thì sao?`, `Nghị định 20 thì sao?`: the question before, there."""
        if not (self.named or self.said.instruments or self.said.places or self.said.years):
            return None
        own = self.named or self.said.instruments
        there = None if own else self._counterparts()
        if not self._only_names():
            led = self.bare.led and there
            return Whole(self.text, there if led else None) if own or self.said.places else None
        if own or self.said.places:
            title = self.documents[0].title if self.documents else None
            old = without_naming(self.topic.question, title, kind=not own)
            old = without_years(old) if self.said.years else old
            return Whole(f"{self.bare.text}: {old}", there)
        old = without_years(self.topic.question)
        return Whole(f"{self.bare.text}: {old}", self._of_year(self.said.years))

    def _only_names(self) -> bool:
        """Whether the turn names a document, place or year and says nothing else."""
        title = self.named[0].title if self.named else None
        left = without_years(without_places(without_naming(self.bare.text, title)))
        known = document_scope(self.named[0]) if self.named else None
        words = [w for w in re.findall(r"\w+", fold(left)) if not (known and known.has(w, accented=False))]  # fmt: skip
        return not self.said.kinds and says_nothing(" ".join(words))

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
        if not self.documents or self.bare.asks_same:
            return None
        words, text = patterns(), self.bare.text
        kinds = "|".join([*map(fold, kinds_said(self.said)), words.text_words])
        this = re.search(rf"(?<!\w)(?:{kinds}) (?:{words.this})(?!\w)", fold(text))
        of_document = words.of_document.search(fold(text))
        this = this or of_document and words.it.search(fold(text))
        reference = _reference(self.documents[0])
        if this:
            text = f"{text[: this.start()]}{reference or text[this.start() : this.end()]}{text[this.end() :]}"
            return Whole(text, self.ids)
        if of_document and len(self.said.content) <= 2:
            return self._about(text)
        return None

    def of_subject(self) -> Whole | None:
        """`còn phản ánh về đất đai?`: the same question of another subject."""
        asks = asks_something(self.said)
        if self._is_of_nothing_here():
            return None
        if (
            not (self.bare.led or self.bare.asks_same)
            or asks
            and self.said.kind != self.before.kind
        ):
            return None
        subject = before_asking(self.said)
        return Whole(with_subject(self.before, subject), self.ids) if subject else None

    def _is_of_nothing_here(self) -> bool:
        """`thời tiết thế nào?`: no document has one of its words."""
        terms = self.said.content
        return bool(terms) and not any(self._share(terms, d) for d in self.state.documents.values())

    def asked_further(self) -> Whole | None:
        """A question without its subject, or of the same document; None for a new subject."""
        terms = self.said.content
        if not self.documents:
            return None if terms else self._joined()
        if self._is_new(terms):
            return Whole(self.bare.text) if self._is_known(terms) else None
        return self._joined() if not terms or self._belongs(terms) else self._about(self.bare.text)

    def readings(self) -> Iterator[Whole]:
        """The turn said of the old subject or by itself, of the same documents or of any."""
        said = f"{self.subject} {self._without_pronouns()}".strip()
        if self.ids:
            yield Whole(said, self.ids)
        # `còn cấp xã?` asks what was asked before, `họ` is somebody spoken of: neither stands alone.
        alone = (
            not self._asks_as_before() and patterns().pronoun.search(fold(self.bare.text)) is None
        )
        if alone and self.ids:
            yield Whole(self.bare.text, self.ids)
        if alone and len(self.said.content) >= 2:
            yield Whole(self.bare.text)

    def _asks_as_before(self) -> bool:
        return self.bare.asks_same or self.bare.led and not asks_something(self.said)

    @property
    def subject(self) -> str:
        """What the question before was about: `Hòa giải viên ở cơ sở` of `... phải có tiêu chuẩn gì?`."""
        title = self.documents[0].title if self.documents else None
        return first_phrase(understand(without_naming(self.topic.question, title)))

    def _without_pronouns(self) -> str:
        text = self.bare.text
        for match in reversed(list(patterns().pronoun.finditer(fold(text)))):
            text = f"{text[: match.start()]} {text[match.end() :]}"
        return " ".join(text.split())

    def _joined(self) -> Whole:
        old, new = without_cue(self.before), self.bare.text
        asks = asks_something(self.said)
        return Whole(f"{old} {new}" if asks else f"{new} của {old} là gì", self.ids)

    def _about(self, text: str) -> Whole:
        reference = _reference(self.documents[0])
        return Whole(f"Theo {reference}, {text}" if reference else text, self.ids)

    def _is_new(self, terms: Sequence[Term]) -> bool:
        """Whether another document holds clearly more of what is asked, or none does."""
        if self.bare.led or self.bare.asks_same or not terms:
            return False
        here = max(self._share(terms, d) for d in self.documents)
        others = [self._share(terms, d) for d in self.state.documents.values()]
        best = max(others, default=0.0)
        return best < _KNOWN or (len(terms) >= 2 and best - here >= _ELSEWHERE)

    def _is_known(self, terms: Sequence[Term]) -> bool:
        """Whether some document holds what is asked."""
        return max(self._share(terms, d) for d in self.state.documents.values()) >= _KNOWN

    def _share(self, terms: Sequence[Term], document: Document) -> float:
        weights = {t.text: t.weight for t in terms}
        return text_scope(document).share(weights, accented=self.said.accented)

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


def _places(document: Document) -> list[str]:
    return [known.place for known in (document.meta, document.about) if known and known.place]


def _reference(document: Document) -> str:
    """`Quyết định số 37/2024/QĐ-UBND`, `Luật Tiếp công dân`; of a page the instrument that it reports;
    empty without a number."""
    known = document.about if document.about and document.about.number else document.meta
    if not known.number:
        return ""
    if known.kind in ("Luật", "Bộ luật", "Pháp lệnh") and known.title:
        return known.title
    return f"{known.kind or 'Văn bản'} số {known.number}"


def _named(document: Document) -> str:
    return _reference(document) or document.title


def _without_moves(text: str) -> str:
    """Without `điều tiếp theo`, `nói rõ hơn`."""
    moves = "|".join([*patterns().relative.values(), patterns().this])
    units = f"dieu|khoan|diem|muc|chuong|{patterns().listed}"
    match = re.search(rf"(?<!\w)(?:{units}) (?:{moves})(?!\w)", fold(text))
    text = f"{text[: match.start()]} {text[match.end() :]}".strip() if match else text
    return "" if patterns().again.fullmatch(fold(text)) else text
