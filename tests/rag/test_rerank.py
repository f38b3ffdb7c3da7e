"""The optional cross-encoder: a tiny real one, a broken one, none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from config.settings import load_settings
from corpus.library import Library
from rag.adapters.chroma_index import ChromaIndex
from rag.adapters.cross_encoder_reranker import CrossEncoderReranker
from rag.answer import Extractive
from rag.assistant import LocalAssistant
from rag.data_folder import DataFolder
from rag.errors import RerankerUnavailable
from rag.indexing import Snapshot, snapshot
from rag.model import Question
from rag.ports import Scores
from rag.rerank import RERANKED, RerankingRetriever, reordered, unit
from rag.retrieve import Retriever
from rag.understand import understand
from rag.wiring import open_corpus
from tests.rag.model_server import QUESTION
from tests.rag.words_only import NoEmbedder

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] báo cáo kết quả trước ngày kế hoạch dân vận".split()
ASKED = understand("báo cáo kết quả dân vận trước ngày nào")


def tiny_model(folder: Path, labels: int = 1) -> Path:
    """An untrained BERT of a few thousand weights, with its tokenizer."""
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    torch.manual_seed(0)
    numbers = {word: n for n, word in enumerate(WORDS)}
    tokenizer = Tokenizer(WordLevel(numbers, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )  # fmt: skip
    PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer, model_max_length=64, pad_token="[PAD]", unk_token="[UNK]",
        cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]",
    ).save_pretrained(folder)  # fmt: skip
    config = BertConfig(  # type: ignore[call-arg]
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64, num_labels=labels,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("cross-encoder"))


@pytest.fixture
def state(tmp_path: Path) -> Snapshot:
    library = Library(sa.create_engine(f"sqlite:///{tmp_path / 'db'}"), None, 10**6)
    return snapshot(library.documents(), k1=1.0, b=0.45)


class Prefers:
    """A reranker that likes one passage best, counted from the first that it is given."""

    available = True

    def __init__(self, liked: int) -> None:
        self.liked, self.read = liked, 0

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        self.read = len(texts)
        return np.array([float(n == self.liked) for n in range(len(texts))], dtype=np.float32)


def retrievers(tmp_path: Path, reranker: Prefers | CrossEncoderReranker) -> list[Retriever]:
    """Without and with the reranker."""
    index = ChromaIndex(tmp_path / "index", "none")
    return [
        Retriever(index, NoEmbedder(), lexical_weight=1.0, candidates=40),
        RerankingRetriever(reranker, index, NoEmbedder(), lexical_weight=1.0, candidates=40),
    ]


def test_a_real_cross_encoder_scores_each_pair_the_same_every_time(model: Path) -> None:
    reranker = CrossEncoderReranker(str(model))
    texts = ["báo cáo kết quả", "kế hoạch dân vận", "báo cáo " * 500]
    scores = reranker.scores("trước ngày", texts)
    assert scores.shape == (3,) and len(set(scores.tolist())) > 1
    alone = [float(reranker.scores("trước ngày", [text])[0]) for text in texts]
    assert scores.tolist() == pytest.approx(alone, abs=1e-5)


def test_its_order_is_that_of_its_scores(tmp_path: Path, model: Path, state: Snapshot) -> None:
    plain, reranking = retrievers(tmp_path, CrossEncoderReranker(str(model)))
    before, after = plain.retrieve(ASKED, state), reranking.retrieve(ASKED, state)
    assert {hit.passage.id for hit in after} == {hit.passage.id for hit in before}
    assert after[RERANKED:] == before[RERANKED:]
    scores = [hit.lanes["cross_encoder"] for hit in after[:RERANKED]]
    firsts = {unit(hit): score for hit, score in reversed(list(zip(after, scores, strict=False)))}
    assert list(firsts.values())[::-1] == sorted(firsts.values(), reverse=True)


def test_the_liked_passage_comes_first_with_the_best_scores(
    tmp_path: Path, state: Snapshot
) -> None:
    reranker = Prefers(liked=7)
    plain, reranking = retrievers(tmp_path, reranker)
    before, after = plain.retrieve(ASKED, state), reranking.retrieve(ASKED, state)
    assert reranker.read == RERANKED and after[0].passage == before[7].passage
    assert after[0].score == max(hit.score for hit in before[:RERANKED])
    assert after[0].lanes["unit"] == max(hit.lanes["unit"] for hit in before[:RERANKED])
    shares = sorted(hit.lanes["unit_share"] for hit in before[:RERANKED])
    assert after[0].lanes["unit_share"] == shares[-1]


def test_nothing_found_is_nothing_to_reorder(tmp_path: Path, state: Snapshot) -> None:
    _, reranking = retrievers(tmp_path, Prefers(0))
    assert reranking.retrieve(understand("xyzzy"), state) == [] == reordered([], [])


@pytest.mark.parametrize("damage", ["missing", "empty", "weights", "labels"])
def test_a_model_that_is_none_is_our_error_and_the_search_goes_on(
    tmp_path: Path, state: Snapshot, damage: str
) -> None:
    folder = tmp_path / "model"
    if damage != "missing":
        folder.mkdir()
    if damage in ("weights", "labels"):
        tiny_model(folder, labels=3 if damage == "labels" else 1)
    if damage == "weights":
        (folder / "model.safetensors").write_bytes(b"nothing")
    reranker = CrossEncoderReranker(str(folder))
    plain, reranking = retrievers(tmp_path, reranker)
    assert reranking.retrieve(ASKED, state) == plain.retrieve(ASKED, state)
    assert not reranker.available
    with pytest.raises(RerankerUnavailable, match="model"):
        reranker.scores("báo cáo", ["kết quả"])


async def test_a_missing_model_is_told_in_health_and_questions_are_answered(
    tmp_path: Path,
) -> None:
    reranker = CrossEncoderReranker(str(tmp_path / "khong-co"))
    folder = DataFolder(tmp_path / "var")
    _, reranking = retrievers(tmp_path, reranker)
    assistant = LocalAssistant(
        Library(folder.engine, None, 10**6), ChromaIndex(tmp_path / "index", "none"), NoEmbedder(),
        Extractive(reranking), None, k1=1.0, b=0.45, leaves_machine=False, reranker=reranker,
    )  # fmt: skip
    answer = await assistant.answer(Question(QUESTION))
    assert "15/10/2024" in answer.text
    assert any("retrieval.cross_encoder" in told for told in assistant.health().problems)
    await assistant.close()
    folder.close()


def test_the_setting_puts_it_in(tmp_path: Path) -> None:
    environ = {"DANVAN_DATA_DIR": str(tmp_path / "var")}
    with open_corpus(load_settings(environ), [], ("lexical",)) as lanes:
        assert not isinstance(lanes.retriever, RerankingRetriever)
    environ["DANVAN_RETRIEVAL__CROSS_ENCODER"] = str(tmp_path)
    with open_corpus(load_settings(environ), [], ("lexical",)) as lanes:
        assert isinstance(lanes.retriever, RerankingRetriever)
