"""Lanes and index: what is found, what is embedded, what a kill costs."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import sqlalchemy as sa

from corpus.library import Library
from corpus.model import Document, Instrument
from corpus.outline import outline
from corpus.passages import passages
from rag.adapters.chroma_index import ChromaIndex
from rag.candidates import unit_scores
from rag.data_folder import DataFolder
from rag.defined_terms import defined_term
from rag.errors import DataFolderBusy, DataFolderUnwritable, EmbedderUnavailable
from rag.indexing import OPENING_CHARS, Snapshot, Units, bring_up_to_date, snapshot
from rag.lexical import LexicalIndex
from rag.ports import Vectors
from rag.retrieve import Retriever
from rag.understand import understand
from tests.rag.words_only import lexical_index


class HashEmbedder:
    """A vector that depends on nothing but the text; counts what it embeds, may break."""

    def __init__(self, breaks_after: int | None = None) -> None:
        self.embedded = 0
        self.breaks_after = breaks_after

    @property
    def fingerprint(self) -> str:
        return "hash"

    def embed_query(self, text: str) -> Vectors:
        return np.asarray(self.embed_passages([text])[0])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if self.breaks_after is not None and self.embedded >= self.breaks_after:
            raise EmbedderUnavailable("broken")
        self.embedded += len(texts)
        seeds = [int(hashlib.sha256(t.encode()).hexdigest()[:8], 16) for t in texts]
        raw = np.array([np.random.default_rng(seed).normal(size=16) for seed in seeds])
        return np.asarray(raw / np.linalg.norm(raw, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def state(tmp_path: Path) -> Snapshot:
    library = Library(sa.create_engine(f"sqlite:///{tmp_path / 'db'}"), None, 10**6)
    return snapshot(library.documents(), k1=1.0, b=0.45)


def scored(question: str, *texts: str, accented: bool) -> list[float]:
    """What each text, a unit of one passage, scores; as a passage and as a unit it is the same."""
    lane = lexical_index(*texts)
    asked = lane.asked(question, accented=accented)
    passages = lane.chosen(np.arange(len(texts))).weighed(asked)[0].scores()
    assert passages == pytest.approx(asked.scores(asked.spelling.units))
    return [float(score) for score in passages]


def test_a_question_without_diacritics_finds_accented_text() -> None:
    scores = scored("han nop bao cao", "hạn nộp báo cáo", "tiếp công dân", accented=False)
    assert scores[0] > 0 == scores[1]


def test_a_typed_diacritic_counts() -> None:
    assert scored("bạn", "bàn bạc", "bạn bè", "cây cối", accented=True)[0] == 0


def test_a_line_of_several_passages_counts_once_in_their_unit() -> None:
    passages = [["Điều 1. Báo cáo", "một"], ["Điều 1. Báo cáo", "hai"]]
    lane = LexicalIndex(passages, [0, 0], ["Báo cáo"], ["văn bản"], k1=1, b=0.5)
    asked = lane.asked("báo cáo", accented=True)
    assert asked.spelling.units.lengths.tolist() == [9]  # 4 + 1 + 1 syllables and three borders
    assert asked.scores(asked.spelling.units).shape == (1,)


def test_questions_weighed_together_score_as_they_do_alone() -> None:
    texts = ["hạn nộp báo cáo là ngày nào", "báo cáo báo cáo hạn", "tiếp công dân"]
    lane = lexical_index(*texts)
    asked = [lane.asked(q, accented=True) for q in ("hạn nộp báo cáo", "báo cáo\nhạn hạn")]
    chosen = lane.chosen(np.arange(3))
    for words, together in zip(asked, chosen.weighed(*asked), strict=True):
        alone = chosen.weighed(words)[0]
        assert together.scores() == pytest.approx(alone.scores())
        found, expected = together.held(np.arange(3)), alone.held(np.arange(3))
        assert (found.words == expected.words).all() and (found.pairs == expected.pairs).all()
        assert (together.held_together(np.arange(3)).pairs == found.pairs).all()


def test_a_core_scores_the_same_beside_the_whole_question() -> None:
    texts = [f"báo cáo số {n}" for n in range(9)] + ["nộp hồ sơ", "hạn nộp báo cáo"]
    lane = lexical_index(*texts)
    whole = lane.asked("theo luật hạn nộp báo cáo là gì", accented=True)
    for core in ("hạn nộp báo cáo", "hạn nộp\nbáo cáo báo cáo"):  # the second is no part
        bare = lane.asked(core, accented=True)
        found = unit_scores(whole, bare)
        for words, scores in zip((whole, bare), found, strict=True):
            assert scores == pytest.approx(words.scores(words.spelling.units))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("3. Hoa lợi là sản vật tự nhiên.", " hoa lợi "),
        ("Điều 3. Tài sản gồm vật, tiền.", " tài sản "),
        ("Người dân nộp hồ sơ.", None),
    ],
)
def test_a_passage_defines_what_stands_before_its_verb(text: str, term: str | None) -> None:
    document = Document("d", "d", Instrument(), text, outline(text))
    (passage,) = passages(document)
    assert defined_term(passage, document) == term


def test_only_what_changed_is_embedded(tmp_path: Path, state: Snapshot) -> None:
    index, embedder = ChromaIndex(tmp_path / "index", "hash"), HashEmbedder()
    assert bring_up_to_date(state, index, embedder) == len(state.passages)
    assert bring_up_to_date(state, index, embedder) == 0
    assert index.count() == len(set(state.embedded.ids))
    index.close()


def test_an_indexing_that_was_broken_off_goes_on(tmp_path: Path, state: Snapshot) -> None:
    index, broken = ChromaIndex(tmp_path / "index", "hash"), HashEmbedder(breaks_after=1)
    with pytest.raises(EmbedderUnavailable):
        bring_up_to_date(state, index, broken)
    kept = index.count()
    assert 0 < kept < len(state.passages)
    assert bring_up_to_date(state, index, HashEmbedder()) == len(state.passages) - kept
    index.close()


def test_vectors_of_other_settings_are_never_mixed(tmp_path: Path, state: Snapshot) -> None:
    first = ChromaIndex(tmp_path / "index", "hash")
    bring_up_to_date(state, first, HashEmbedder())
    first.close()
    second = ChromaIndex(tmp_path / "index", "other")
    assert second.count() == 0
    second.close()


def test_rubbish_in_the_index_folder_is_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"no database" * 100)
    index = ChromaIndex(folder, "hash")
    assert index.count() == 0 and (tmp_path / "index.broken").exists()
    index.close()


def test_with_the_embedder_broken_words_still_find(tmp_path: Path, state: Snapshot) -> None:
    index = ChromaIndex(tmp_path / "index", "hash")
    bring_up_to_date(state, index, HashEmbedder())
    retriever = Retriever(index, HashEmbedder(breaks_after=0), lexical_weight=0.5, candidates=10)
    hits = retriever.retrieve(understand("báo cáo kết quả trước ngày nào"), state)
    assert "báo cáo kết quả" in hits[0].passage.searchable(state.document(hits[0].passage))
    index.close()


def test_a_question_does_not_wait_for_a_model_while_there_are_no_vectors(
    tmp_path: Path, state: Snapshot
) -> None:
    class Loading(HashEmbedder):
        def embed_query(self, text: str) -> Vectors:
            raise AssertionError("the model may be made for half a minute")

    index = ChromaIndex(tmp_path / "index", "hash")
    retriever = Retriever(index, Loading(), lexical_weight=0.5, candidates=10)
    assert retriever.retrieve(understand("báo cáo kết quả trước ngày nào"), state)
    index.close()


def test_a_filter_leaves_other_documents_out(tmp_path: Path, state: Snapshot) -> None:
    index, embedder = ChromaIndex(tmp_path / "index", "hash"), HashEmbedder()
    bring_up_to_date(state, index, embedder)
    retriever = Retriever(index, embedder, lexical_weight=0.5, candidates=10)
    only = next(iter(state.documents))
    hits = retriever.retrieve(understand("công tác dân vận"), state, {only})
    assert {hit.passage.document_id for hit in hits} == {only}
    index.close()


def test_a_data_folder_has_one_owner(tmp_path: Path) -> None:
    first = DataFolder(tmp_path / "var")
    with pytest.raises(DataFolderBusy):
        DataFolder(tmp_path / "var")
    first.close()
    DataFolder(tmp_path / "var").close()


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("x")
    with pytest.raises(DataFolderUnwritable):
        DataFolder(tmp_path / "var")


def test_a_large_library_has_a_vector_for_the_opening_of_each_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.indexing.MOST_PASSAGE_VECTORS", 10)
    library = Library(sa.create_engine(f"sqlite:///{tmp_path / 'db'}"), None, 10**6)
    state = snapshot(library.documents(), k1=1.0, b=0.45)
    assert len(state.embedded.ids) == len(state.units.of_document) < len(state.passages)
    opening = state.vector_text(0)
    assert len(opening) <= OPENING_CHARS and opening.startswith(
        state.document(state.passages[0]).title
    )
    index, embedder = ChromaIndex(tmp_path / "index", "hash"), HashEmbedder()
    assert bring_up_to_date(state, index, embedder) == len(state.embedded.ids)
    retriever = Retriever(index, HashEmbedder(), lexical_weight=0.5, candidates=10)
    hits = retriever.retrieve(understand("báo cáo kết quả trước ngày nào"), state)
    assert any(
        "báo cáo kết quả" in hit.passage.searchable(state.document(hit.passage)) for hit in hits
    )
    found = {hit.passage.id: hit.lanes["dense"] for hit in hits}
    for unit in {int(state.units.of_passage[state.passages.index(hit.passage)]) for hit in hits}:
        own = [p.id for n, p in enumerate(state.passages) if state.units.of_passage[n] == unit]
        assert (
            len({found[i] for i in own if i in found}) == 1
        )  # the article's, whatever the passage
    index.close()


def test_passages_of_a_unit_are_found_wherever_they_stand() -> None:
    units = Units(np.array([0, 1, 0, 2]), np.array([0, 0, 0]))
    places, owners = units.passages(np.array([0, 2]))
    assert places.tolist() == [0, 2, 3] and owners.tolist() == [0, 0, 1]


def test_a_count_begun_before_a_change_is_not_kept_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = ChromaIndex(tmp_path / "index", "hash")
    vectors = HashEmbedder().embed_passages(["một", "hai"])
    index.add(["a"], ["d"], vectors[:1])
    count, adding = index._collection.count, Thread(target=index.add, args=(["b"], ["d"], vectors[1:]))  # fmt: skip

    def slow() -> int:
        counted = int(count())
        if adding.ident is None:
            adding.start()
            while count() == counted:  # the change is made while this count is on its way
                time.sleep(0.01)
            time.sleep(0.1)  # and whoever made it goes on, as far as it may
        return counted

    monkeypatch.setattr(index._collection, "count", slow)
    index.count()
    adding.join()
    assert index.count() == 2
    index.close()
