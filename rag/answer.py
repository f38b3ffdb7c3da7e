"""From a question to its answer, on one screen: understand, retrieve, judge, compose or refuse."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from itertools import islice

from corpus.clean import fold
from corpus.model import Document, Part
from corpus.references import KIND_WORDS
from rag.agenda import agenda
from rag.asked_value import asks_signer, needs_value
from rag.byline import author
from rag.comparison import Answerer, compares, comparison
from rag.compose import (
    Draft,
    compose,
    compose_count,
    compose_definition,
    compose_item,
    compose_list,
    compose_part,
)
from rag.constraints import (
    is_document,
    is_issued_on,
    satisfies,
    says_date,
)
from rag.contraries import contradicts
from rag.definition import defines_another, defining, definition
from rag.errors import PairScorerUnavailable
from rag.exact import exact
from rag.holdings import called, held, in_place_of, instead, reworded
from rag.indexing import Snapshot
from rag.instructions import addresses_a_model
from rag.judge import Judge, Judged, among_rivals
from rag.model import Hit
from rag.must_name import names_what_is_asked
from rag.naming import kinds_said, named_documents
from rag.nearest import Item, led_item, nearest_first, nearest_item
from rag.pair_scores import READ, read_together
from rag.ports import PairScorer
from rag.refuse import Choices, Gap
from rag.regulating import which_text
from rag.relations import relation
from rag.renamed import told_under_other_names, with_renamings
from rag.retrieve import Retriever
from rag.see_also import rivals, runner_up, told_below, with_second
from rag.standing import asked_day, current_first, is_gone
from rag.statements import (
    Statement,
    abbreviations,
    closes_list,
    described_as_one,
    list_span,
    lists,
    statements,
)
from rag.summary import summary
from rag.twofold import asks_two, both_answered
from rag.understand import Understood, understand
from rag.which_document import several

ANSWERS = 0.27  # the probability from which a statement is told
LISTED = 0.5  # the same where several things are asked for: below, most are of something else
GUESSED = 0.2  # from which one as near is told below another
TRUSTED = 0.7  # from which it is told though it says few of the question's words
FITS, LIKELY = -0.2, 0.4  # log-odds of the pair scorer, and chance, that make up for the words
MIN_COVERAGE, LEAST_COVERAGE = 0.33, 0.1  # of the question's words, by weight
DESCRIBED = 0.35  # of them, that a mention says of the instrument asked about
MAX_UNKNOWN = 0.6  # share of one word that no document of the library has
LIKELY_ARTICLE, SURE_ARTICLE = 0.3, 0.6  # chance of the article
_NAMED_HITS = 12  # passages of the documents that a question names, before all others
_LONG_COUNT = 60  # words of a list whose lead-in has the count
_ALIKE = 0.05  # share of the question's words that two mentions may differ by
_JUDGED_HITS = 24  # passages whose statements are judged, best first


class Extractive:
    """The default answerer: the sources' own sentences, no language model."""

    def __init__(self, retriever: Retriever, scorer: PairScorer | None = None) -> None:
        self._retriever, self._scorer = retriever, scorer

    def retrieve(
        self, asked: Understood, state: Snapshot, document_ids: Collection[str] | None
    ) -> list[Hit]:
        """The passages found, best first, without those that are meant for a language model."""
        hits = self._retriever.retrieve(asked, state, document_ids)
        named = {d.id for d in _named(asked, state) or _of_place(asked, state)}
        if named and document_ids is None:  # what is named is looked at first, whatever else fits
            own = self._retriever.retrieve(asked, state, named)[:_NAMED_HITS]
            hits = own + [h for h in hits if h.passage.id not in {o.passage.id for o in own}]
        return [hit for hit in hits if not addresses_a_model(_text_of(hit, state))]

    def fitting(
        self, asked: Understood, judged: Sequence[Judged], read: int = READ
    ) -> list[Judged]:
        """Those that may answer, likeliest first; without a pair scorer by the judge's word alone."""
        fitting = may_answer(asked, judged)
        if self._scorer is None:
            return fitting
        try:
            return read_together(asked, fitting, self._scorer, read)
        except PairScorerUnavailable:  # `health` tells
            return fitting

    def best(
        self, asked: Understood, hits: Sequence[Hit], state: Snapshot, judge: Judge
    ) -> Judged | None:
        """The statement of some passages that is likeliest to answer, if any may."""
        judged = judged_statements(asked, hits, state, judge)
        return next(iter(self.fitting(asked, judged)), None)

    def answer(
        self,
        asked: Understood,
        hits: Sequence[Hit],
        state: Snapshot,
        judge: Judge,
        document_ids: Collection[str] | None = None,
        *,
        on: date,
    ) -> Draft | Gap | Choices:
        """The draft of an answer, what is missing for one, or what must be asked back.

        `on` is the day for which it must hold, unless the question names one.
        """
        on = asked_day(asked) or on

        def found(other: Understood) -> Draft | Gap | Choices:
            near = hits if other is asked else self.retrieve(other, state, document_ids)
            return self._found(other, near, state, judge, document_ids, on)

        def told(other: Understood) -> Draft | Gap | Choices:
            answer = found(other)
            if isinstance(answer, Gap):
                documents = _allowed(state, document_ids)
                return told_under_other_names(other, documents, found) or answer
            return with_renamings(other, answer) if isinstance(answer, Draft) else answer

        said = compares(asked)
        if said and (side_by_side := comparison(asked, told)):
            return side_by_side
        answer = told(asked)
        if isinstance(answer, Draft):
            return with_second(answer)
        # Though it does not say so: no text is of two places or years at once.
        if not said and (side_by_side := comparison(asked, told)):
            return side_by_side
        if isinstance(answer, Choices):
            return answer
        if both := both_answered(asked, told):
            return both
        return _with_what_is_there(asked, answer, _allowed(state, document_ids), told)

    def _found(
        self,
        asked: Understood,
        hits: Sequence[Hit],
        state: Snapshot,
        judge: Judge,
        document_ids: Collection[str] | None,
        on: date,
    ) -> Draft | Gap | Choices:
        known = self.known(asked, state, document_ids, on)
        return known or self._told(asked, hits, state, judge, document_ids, on)

    def known(
        self, asked: Understood, state: Snapshot, document_ids: Collection[str] | None, on: date
    ) -> Draft | Gap | Choices | None:
        """What is told without judging statements: links of documents, duties, what there is."""
        allowed = _allowed(state, document_ids)
        known = (
            relation(asked, state, on, document_ids)
            or agenda(asked, state, on, document_ids)
            or author(asked, allowed)
            or held(asked, allowed)
        )
        return None if isinstance(known, Draft) and _orders_a_model(known) else known

    def _told(
        self,
        asked: Understood,
        hits: Sequence[Hit],
        state: Snapshot,
        judge: Judge,
        document_ids: Collection[str] | None,
        on: date,
    ) -> Draft | Gap | Choices:
        documents = list(dict.fromkeys(state.document(hit.passage) for hit in hits))
        if asked.part:
            answering = partial(self.best, asked, state=state, judge=judge)
            return exact(asked, hits, state, judge, document_ids, answering, partial(_draft, asked))
        if written_out := _written_out(asked, documents, judge):
            return compose(asked, written_out)
        if titled := _own_title(asked, documents):
            return titled
        short = summary(asked, _likeliest_first(documents, state, document_ids))
        if short and not (isinstance(short, Draft) and _orders_a_model(short)):
            return short

        def likely(other: Understood) -> list[Judged]:
            near = self.retrieve(other, state, document_ids)
            found = self.fitting(other, judged_statements(other, near, state, judge))
            return found if any(map(answers, rivals(found))) else []

        allowed = _allowed(state, document_ids)
        if regulating := which_text(asked, likely, allowed):
            return regulating
        judged = judged_statements(asked, hits, state, judge)
        fitting = self.fitting(asked, judged)
        telling = [j for j in fitting if answers(j)] if any(map(answers, rivals(fitting))) else []
        if not telling and len(fitting) == 1 and asks_signer(asked):
            # Nothing else says `ký` with a name, of all that the question may mean.
            telling = [j for j in fitting if j.coverage >= MIN_COVERAGE]
        if telling and _is_of_another(asked, telling[0]):
            telling = []
        telling = _described_first(asked, _aims_first(asked, telling))
        if which := several(asked, telling, document_ids):
            return which
        telling = nearest_first(asked, current_first(telling, state.register, on))
        best = telling[0] if telling else None
        defined = definition(asked, fitting, defining(asked, state, allowed))
        if defined and not addresses_a_model(_words(defined.document, defined.part)):
            return compose_definition(defined)
        if best is None:
            unsigned = None if fitting else _unsigned(asked, allowed)
            lacking = unsigned or _unnumbered(asked, allowed)
            return Gap(asked, tuple(judged[:6]), tuple(fitting[:3]), lacking)
        guesses = (j for j in fitting if j not in telling and j.probability >= GUESSED)
        other = runner_up(
            best,
            [*telling, *guesses],
            lambda d: is_gone(d, state.register, on),
            by_value=not asks_two(asked),
        )
        draft = _draft(asked, best)
        if other and told_below(draft, second := _draft(asked, other), best, other):
            return replace(draft, second=second)
        return draft


def _with_what_is_there(
    asked: Understood,
    gap: Gap,
    documents: Sequence[Document],
    told: Answerer,
) -> Gap:
    """The gap with the text that there is in place of the missing one, and a question that it answers:
    the same asked of it, else its summary. A place in a text says itself what there is."""
    near, lacks = instead(asked, documents)
    if not near:
        return gap
    lacking = gap.lacking if gap.lacking or asked.part else in_place_of(near, lacks)
    wordings = (reworded(asked, near[0]), f"Tóm tắt {called(near[0])}?")
    answered = (w for w in wordings if w and isinstance(told(understand(w)), Draft))
    return replace(gap, lacking=lacking, suggestions=tuple(islice(answered, 1)))


def _unsigned(asked: Understood, documents: Sequence[Document]) -> str | None:
    """That the one text whose signature is asked for names nobody; None for any other question."""
    if not asks_signer(asked):
        return None
    meant = documents if len(documents) == 1 else named_documents(asked, documents)
    if len(meant) != 1:
        meant = _of_kind(asked, documents)
    if len(meant) != 1 or meant[0].foot.signer:
        return None
    office = meant[0].foot.signer_office
    only = f", chỉ ghi “{office}”" if office else ""
    return f"Bản trong kho của {called(meant[0])} không ghi tên người ký{only}."


_ISSUED = re.compile(r"(?<!\w)(?:ban hanh|ky|de ngay|ra (?:ngay|hom|khi|luc))(?!\w)")


def _unnumbered(asked: Understood, documents: Sequence[Document]) -> str | None:
    """That the library's one text of a kind and place does not say the number or date that is asked."""
    issued = asked.kind == "when" and _ISSUED.search(asked.folded)
    numbered = asked.kind == "number" or _asks_which(asked)
    field = "số, ký hiệu" if numbered else "ngày ban hành" if issued else None
    if field is None or asked.instruments:
        return None
    meant = _of_kind(asked, documents)
    if len(meant) != 1:
        return None
    document, known = meant[0], meant[0].about or meant[0].meta
    has = known.number if numbered else known.issued_on
    return None if has else f"Bản trong kho của {called(document)} không nêu {field}."


_IS_WHICH = re.compile(rf"(?<!\w)la (?:{KIND_WORDS}|van ban)(?: so)? (?:nao|gi|may)\W*$")


def _asks_which(asked: Understood) -> bool:
    """`Chỉ thị về … là chỉ thị nào` asks for that text's own number."""
    return asked.kind == "which_document" and _IS_WHICH.search(asked.folded) is not None


def _of_kind(asked: Understood, documents: Sequence[Document]) -> list[Document]:
    """The documents of a kind that the question says, of its place, body and year."""
    kinds = kinds_said(asked)
    described = (d for d in documents if (d.about or d.meta).kind in kinds)
    return [d for d in described if satisfies(asked, described_as_one(d))]


def _allowed(state: Snapshot, document_ids: Collection[str] | None) -> list[Document]:
    """The documents among which the caller looks."""
    every = state.documents.values()
    return [d for d in every if document_ids is None or d.id in document_ids]


def _likeliest_first(
    found: Sequence[Document], state: Snapshot, document_ids: Collection[str] | None
) -> list[Document]:
    allowed = _allowed(state, document_ids)
    return list(dict.fromkeys([*(d for d in found if d in allowed), *allowed]))


def _orders_a_model(draft: Draft) -> bool:
    return any(addresses_a_model(citation.quote) for citation in draft.citations)


def _text_of(hit: Hit, state: Snapshot) -> str:
    return state.document(hit.passage).text[hit.passage.start : hit.passage.end]


def answers(judged: Judged) -> bool:
    """Whether a statement may be told: likely enough, and not about something else altogether."""
    features = judged.features
    coverage, article = features["coverage"], features["article_share"]
    # A person tells a story; where one article is by far the likeliest the story's words don't count.
    foreign = coverage < MIN_COVERAGE and article < LIKELY_ARTICLE
    strange = features["unknown"] > MAX_UNKNOWN and article < SURE_ARTICLE
    spoken_of = not (foreign or strange or coverage < LEAST_COVERAGE)
    # `Nghị định 59/2023 là của ai?` asks for nothing but what its mention says.
    only_named = features["named_bare"] == 1 and judged.value is not None
    spoken_of = spoken_of or features["named_bare"] > 0 or judged.probability >= TRUSTED
    # Read together with the question it fits, though its words are others: `kém thì sao` of `Dân vận kém …`.
    fits = features.get("pair_sure", -math.inf) >= FITS and judged.probability >= LIKELY
    spoken_of = spoken_of or fits and judged.statement.shape != "list"
    least = LISTED if judged.kind == "listed" else ANSWERS
    return only_named or judged.probability >= least and spoken_of


def judged_statements(
    asked: Understood, hits: Sequence[Hit], state: Snapshot, judge: Judge
) -> list[Judged]:
    """Every statement of the best passages, the likeliest answer first."""
    weights = judge.weights(asked)
    found = [
        judge.judge(asked, statement, weights, hit)
        for hit in (*hits[:_JUDGED_HITS], *_margins(asked, hits, state))
        for statement in statements(state.document(hit.passage), hit.passage)
        if not _leads_in(statement)
    ]
    found += [
        judge.judge(asked, statement, weights, hit)
        for statement, hit in _lists(hits[:_JUDGED_HITS], state)
    ]
    return sorted(found, key=lambda judged: -judged.rank)


def may_answer(asked: Understood, judged: Sequence[Judged]) -> list[Judged]:
    """Those that no condition of the question speaks against, likeliest first."""
    says_other = re.search(r"(?<!\w)khac(?!\w)", asked.folded) is not None
    fitting = [
        j
        for j in judged
        if j.possible
        and satisfies(asked, j.statement)
        and names_what_is_asked(asked, j.statement)
        and not contradicts(asked, j.statement)
        and not defines_another(asked, j.statement)
        and (says_other or not closes_list(j.statement.part, j.statement.text))
    ]
    return among_rivals(_of_the_day(asked, fitting) or fitting)


# `theo chỉ thị số mấy` asks for what a text cites, which its own words need not describe.
_CITED = re.compile(
    r"(?<!\w)(?:theo|can cu|dua|kem|trien khai|thuc hien|thay|thay the|sua doi|bo sung|nhac|vien dan)"
    r"(?: vao| tren| toi| den| cho)?(?: (?:nhung|cac))? "
    rf"(?:{KIND_WORDS})(?: so)? (?:may|nao|gi|bao nhieu)(?!\w)"
)


def _is_of_another(asked: Understood, judged: Judged) -> bool:
    """Whether the number or date is of an instrument that the question does not describe: `Chỉ thị về tàu cá
    số mấy?` is not answered by the number of a directive about something else; nor `ai ký chỉ thị` by the
    signature below a letter."""
    document = judged.statement.document
    if judged.statement.shape == "signature":
        kinds = {known.kind for known in (document.meta, document.about) if known and known.kind}
        said = kinds_said(asked)
        return bool(said and kinds) and not any(
            kind.startswith(asked_kind) for kind in kinds for asked_kind in said
        )
    identifies = asked.kind in ("number", "when") or _asks_which(asked)
    if judged.statement.mention is None or not identifies:
        return False
    features = judged.features
    named = features["named_bare"] or features["named_detailed"] or features["own_instrument"]
    kind_words = {word for kind in kinds_said(asked) for word in fold(kind).split()}
    subject = {t: w for t, w in judged.weights.items() if fold(t) not in kind_words}
    described = judged.statement.scopes[0].share(subject, accented=asked.accented)
    return not named and described < DESCRIBED and _CITED.search(asked.folded) is None


def _of_the_day(asked: Understood, fitting: Sequence[Judged]) -> list[Judged]:
    """Where an amount of a day is asked that is not its document's own, what says both in one breath."""
    if not asked.dates or asked.kind not in ("how_many", "money"):
        return []

    def says_each(statement: Statement) -> bool:
        issued = any(is_issued_on(day, statement.document) for day in asked.dates)
        return not issued and all(says_date(day, statement.text) for day in asked.dates)

    return [j for j in fitting if j.coverage >= MIN_COVERAGE and says_each(j.statement)]


def _lists(hits: Sequence[Hit], state: Snapshot) -> Iterator[tuple[Statement, Hit]]:
    """The lists in which passages were found, each with the best of them."""
    documents = {hit.passage.document_id: state.document(hit.passage) for hit in hits}
    for document in documents.values():
        inside = [hit for hit in hits if hit.passage.document_id == document.id]
        for statement in lists(document):
            if statement.part.level in ("part", "chapter"):
                continue  # nothing but headings of articles
            start, end = list_span(statement)
            best = next((h for h in inside if start <= h.passage.start < end), None)
            if best is not None and _is_for_people(statement):
                yield statement, best


@lru_cache(maxsize=16_384)
def _is_for_people(statement: Statement) -> bool:
    """Whether nothing in a list is meant for a language model: all of it would be told."""
    return not addresses_a_model(statement.document.text[slice(*list_span(statement))])


def _leads_in(statement: Statement) -> bool:
    """`... gồm:` alone says nothing; its list is told instead."""
    if statement.mention is not None or not statement.text.rstrip().endswith(":"):
        return False
    at = statement.start
    return any(s.start <= at < s.end for s in lists(statement.document))


# Asked of heads and feet, whose few words no search brings up.
_OF_MARGINS = frozenset(("number", "when", "who", "person", "title", "which_document"))


def _margins(asked: Understood, hits: Sequence[Hit], state: Snapshot) -> list[Hit]:
    """Head and foot of the likeliest documents, where they were not among the best passages."""
    if asked.kind not in _OF_MARGINS:
        return []
    documents = {hit.passage.document_id: None for hit in hits[:8]}
    documents |= dict.fromkeys(d.id for d in _named(asked, state))
    judged = {hit.passage.id for hit in hits[:_JUDGED_HITS]}
    return [
        Hit(passage, 0.3, {"lexical": 0.0, "dense": 0.0})
        for document_id in documents
        for passage in state.margins[document_id]
        if passage.id not in judged
    ]


def _named(asked: Understood, state: Snapshot) -> list[Document]:
    """The documents whose numbers the question says."""
    return named_documents(asked, state.documents.values()) if asked.instruments else []


def _of_place(asked: Understood, state: Snapshot) -> list[Document]:
    """The documents of the provinces and bodies that the question says, and of its year."""
    if not (asked.places or asked.bodies):
        return []
    return [d for d in state.documents.values() if satisfies(asked, described_as_one(d))]


def _written_out(asked: Understood, documents: Iterable[Document], judge: Judge) -> list[Judged]:
    """What the capitals stand for that `viết tắt của gì`, `nghĩa là gì` ask about."""
    if asked.kind != "define":
        return []
    shorts = re.findall(r"(?<!\w)[A-ZĐ]{2,}[a-z]?[A-ZĐ]*(?!\w)", asked.text)
    spelled = re.match(r"(\w{2,12}) (?:la |co )?(?:viet tat|nghia la)", asked.folded)
    if not shorts and spelled:
        shorts = [spelled[1]]
    found = [
        next((s for d in documents for s in abbreviations(d, short)), None) for short in shorts
    ]
    weights = judge.weights(asked)
    return [judge.judge(asked, s, weights, None) for s in found if s is not None]


_ABOUT_WHAT = re.compile(r"ve (?:(?:viec|van de|chuyen|noi dung|cai) )?gi\W*$")


_IS_WHAT = re.compile(rf"(?<!\w)la (?:{KIND_WORDS}|van ban) gi\W*$")


def _own_title(asked: Understood, documents: Iterable[Document]) -> Draft | None:
    """The title lines of a document that the question names and asks the title of, or what it is about."""
    about = not asked.content and _ABOUT_WHAT.search(asked.folded) or _IS_WHAT.search(asked.folded)
    if not asked.instruments or asked.kind != "title" and not about:
        return None
    for document in documents:
        if all(is_document(r, document) for r in asked.instruments) and document.meta.kind != "Tin":
            title = fold(document.title)
            lines = [p for p in document.outline if p.level == "head"]
            said = [p for p in lines if len(t := fold(_words(document, p))) > 12 and t in title]
            if said:
                return compose_part(document, said[0])
    return None


def _words(document: Document, part: Part) -> str:
    return document.text[part.start : part.end].strip()


def _draft(asked: Understood, told: Judged) -> Draft:
    if item := _item(asked, told):
        return compose_item(item, asked)
    if told.statement.shape == "list":
        whole = compose_list(told.statement)
        # A count that the lead-in says needs no long items below it.
        counted = told.value is not None and needs_value(asked)
        return (
            compose_count(asked, told)
            if counted and len(whole.text.split()) > _LONG_COUNT
            else whole
        )
    return compose(asked, [told])


def _item(asked: Understood, best: Judged) -> Item | None:
    """One item of a list, with its lead-in, where the question is about that one."""
    whole = best.statement.shape == "list" and best.features["list_wanted"]
    one = not whole and asked.kind not in ("list", "listed", "why", "title", "define")
    item = (nearest_item(asked, best) if one else None) or led_item(asked, best)
    if item is None:
        return None
    told = f"{item.document.text[slice(*item.lead)]}\n{_words(item.document, item.part)}"
    return None if addresses_a_model(told) else item


def _described_first(asked: Understood, telling: list[Judged]) -> list[Judged]:
    """Of instruments described alike the one that says the asked year or level itself: `Kế hoạch … năm 2024`
    before that of `giai đoạn 2021 - 2030`, `Quy chế … trên địa bàn tỉnh` before that of the whole country."""
    level = _LEVEL.search(asked.folded) if asked.places else None
    if not (telling and telling[0].statement.mention and (asked.years or level)):
        return telling
    best = telling[0]

    def described(judged: Judged) -> tuple[bool, bool]:
        alike = judged.features["itself"] >= best.features["itself"] - _ALIKE
        if not (judged.statement.mention and alike):
            return False, False
        of_level = level is not None and judged.statement.scopes[0].has(level[0], accented=False)
        return bool(judged.features["year_in_words"]), of_level

    return sorted(telling, key=described, reverse=True)


_LEVEL = re.compile(r"(?<!\w)(?:tinh|thanh pho)(?!\w)")


def _aims_first(asked: Understood, telling: list[Judged]) -> list[Judged]:
    """`để làm gì` is answered by what says an aim, where anything does."""
    return sorted(telling, key=lambda j: asked.kind == "why" and not j.features["wording"])
