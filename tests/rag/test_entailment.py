"""The optional entailment model: a tiny real one, a broken one, one that disagrees."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from config.settings import load_settings
from rag.adapters.cross_encoder_entailment import CrossEncoderEntailment
from rag.errors import EntailmentUnavailable
from rag.model import Question
from rag.ports import Entailment, Scores
from rag.sources import source
from rag.verify import Verifier
from rag.wiring import open_assistant
from rag.written import read
from tests.rag.model_server import GOOD, QUESTION
from tests.rag.test_rerank import tiny_model
from tests.rag.told_texts import PLAN, cited
from tests.rag.words_only import words_only
from tests.rag.writers import Says

PAIRS = [("báo cáo kết quả", "kế hoạch dân vận"), ("trước ngày", "báo cáo"), ("kết quả", "ngày")]


def labelled(folder: Path, *labels: str) -> Path:
    """A model whose configuration names its labels."""
    tiny_model(folder, labels=len(labels))
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["id2label"] = {str(n): label for n, label in enumerate(labels)}
    config["label2id"] = {label: n for n, label in enumerate(labels)}
    path.write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "labels", [("contradiction", "ENTAILMENT", "neutral"), ("entailment", "not_entailment")]
)
def test_a_real_model_tells_the_probability_of_its_label(
    tmp_path: Path, labels: tuple[str, ...]
) -> None:
    model = CrossEncoderEntailment(str(labelled(tmp_path, *labels)))
    found = model.probabilities(PAIRS)
    assert found.shape == (3,) and ((found > 0) & (found < 1)).all()
    turned = CrossEncoderEntailment(str(labelled(tmp_path, *reversed(labels))))
    if len(labels) == 2:  # the same weights, so the other label's share
        assert found + turned.probabilities(PAIRS) == pytest.approx(np.ones(3), abs=1e-5)


@pytest.mark.parametrize(
    "labels", [("LABEL_0", "LABEL_1"), ("not_entailment", "other"), ("entailment",)]
)
def test_a_model_without_the_label_is_refused_with_a_clear_message(
    tmp_path: Path, labels: tuple[str, ...]
) -> None:
    model = CrossEncoderEntailment(str(labelled(tmp_path, *labels)))
    for _ in range(2):
        with pytest.raises(EntailmentUnavailable, match="begins with 'entail'"):
            model.probabilities(PAIRS)
    assert not model.available


class Believes:
    """An entailment model with one opinion; None: it is broken."""

    def __init__(self, chance: float | None) -> None:
        self.chance, self.available = chance, chance is not None
        self.read: list[tuple[str, str]] = []

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Scores:
        self.read += pairs
        if self.chance is None:
            raise EntailmentUnavailable("broken")
        return np.full(len(pairs), self.chance, dtype=np.float32)


def holds(raw: str, entailment: Entailment) -> bool:
    verifier = Verifier([source(cited(PLAN, 1))], 1, entailment)
    return asyncio.run(verifier.held(read(raw)[0])) is not None


def test_a_sentence_needs_both() -> None:
    assert holds(GOOD, Believes(0.5))
    assert not holds(GOOD, Believes(0.49))
    convinced = Believes(1.0)
    assert not holds(GOOD.replace("15/10", "16/10"), convinced)
    assert convinced.read == [], "what fails the cheap checks is not worth its time"


def test_it_reads_what_is_cited_and_what_is_said() -> None:
    model = Believes(1.0)
    holds(GOOD, model)
    ((premise, hypothesis),) = model.read
    assert PLAN in premise
    assert hypothesis == GOOD.removesuffix(" [1].")


def test_without_one_that_works_the_other_checks_decide() -> None:
    assert holds(GOOD, Believes(None))
    assert not holds(GOOD.replace("15/10", "16/10"), Believes(None))


def test_a_missing_model_is_told_in_health_and_answers_go_on(tmp_path: Path) -> None:
    with words_only(tmp_path / "data") as assistant:
        assistant._writer = Says(GOOD)
        assistant._entailment = CrossEncoderEntailment(str(tmp_path / "khong-co"))
        assert assistant.health().problems == ()
        answer = asyncio.run(assistant.answer(Question(QUESTION)))
        assert answer.answered_by == "model:m"
        assert any("chat_model.entailment" in told for told in assistant.health().problems)
        assistant._entailment = Believes(0.1)
        answer = asyncio.run(assistant.answer(Question(QUESTION)))
        assert answer.answered_by == "extractive"


async def test_the_setting_puts_it_in(tmp_path: Path) -> None:
    environ = {"DANVAN_DATA_DIR": str(tmp_path), "DANVAN_CHAT_MODEL__ENTAILMENT": str(tmp_path)}
    async with open_assistant(load_settings(environ)) as assistant:
        assert isinstance(vars(assistant)["_entailment"], CrossEncoderEntailment)
