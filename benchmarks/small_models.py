"""What a small chat model on this machine is worth beside the default answers.

    pip install xllamacpp            # in an environment of its own, it is no dependency
    python benchmarks/small_models.py MODEL.gguf... --python OTHER/bin/python [--limit N]

Each model is served by xllamacpp's OpenAI-compatible server (llama.cpp) on a free port of loopback,
`chat_model` is pointed at it, and the gold set is asked. Printed, one dated row a model: of how many
answers the model's words were shown, how many of those hold a digit or a capitalised word that no
cited document has (must be 0), the same for its raw output, facts beside the default answerer's,
seconds a question, and what streaming adds: milliseconds from a sentence being complete to what it
sets free reaching the person (`docs/measures.md`).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import json
import math
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from config.settings import load_settings
from rag.assistant import LocalAssistant
from rag.evaluation import read_gold
from rag.model import Answer, Delta, Done, Question
from rag.ports import Writer
from rag.wiring import open_assistant
from rag.written import Reader

SERVER = """
import sys, time, xllamacpp
params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.n_ctx, params.n_parallel, params.cpuparams.n_threads = 4096, 1, 2
params.hostnames, params.port = ["127.0.0.1"], 0
server = xllamacpp.Server(params)
print("URL", server.listening_address, flush=True)
sys.stdin.read()
"""


@dataclass
class Written:
    """One answer of the model as it came; clock times in seconds."""

    sources: str
    raw: str = ""
    completed: list[float] = field(default_factory=list)  # when each sentence was complete
    shown: float | None = None  # when the person got the first text
    answer: Answer | None = None  # what became of it

    @property
    def is_heard(self) -> bool:
        return self.answer is not None and self.answer.answered_by != "extractive"

    def tell(self) -> None:
        assert self.answer is not None
        print("RAW", json.dumps(self.raw, ensure_ascii=False))
        print(self.answer.answered_by, json.dumps(self.answer.text, ensure_ascii=False), flush=True)


@dataclass
class Recorder:
    """Passes on to the real writer and keeps what went through."""

    writer: Writer
    written: list[Written] = field(default_factory=list)
    repaired: list[tuple[str, str]] = field(default_factory=list)  # before, raw after

    @property
    def name(self) -> str:
        return self.writer.name

    @property
    def timeout_s(self) -> float:
        return self.writer.timeout_s

    @property
    def available(self) -> bool:
        return self.writer.available

    async def write(self, question: str, sources: Sequence[str]) -> AsyncGenerator[str, None]:
        now = Written("\n".join(sources))
        self.written.append(now)
        reader = Reader()
        async with contextlib.aclosing(self.writer.write(question, sources)) as pieces:
            async for piece in pieces:
                now.raw += piece
                now.completed += [time.perf_counter()] * len(reader.feed(piece))
                yield piece
        now.completed += [time.perf_counter()] * len(reader.end())

    async def repair(
        self, question: str, sources: Sequence[str], sentence: str, within_s: float
    ) -> str:
        raw = await self.writer.repair(question, sources, sentence, within_s)
        self.repaired.append((sentence, raw))
        return raw


@contextlib.contextmanager
def served(model: Path, python: str) -> Iterator[str]:
    """The base URL of a server for one GGUF file."""
    with subprocess.Popen([python, "-c", SERVER, str(model)], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:  # fmt: skip
        assert process.stdout is not None
        try:
            address = next(
                (line.split()[1] for line in process.stdout if line.startswith("URL")), None
            )
            if address is None:
                raise SystemExit(f"{python} could not serve {model}: is xllamacpp installed there?")
            yield f"{address.rstrip('/')}/v1"
        finally:
            process.terminate()


async def asked(
    gold: Sequence[dict[str, Any]], environ: dict[str, str], *, show: bool = False
) -> tuple[list[Answer], Recorder | None]:
    """Every question's answer, and what the writer wrote where there is one."""
    async with open_assistant(load_settings(environ)) as opened:
        await opened.index()
        assistant = cast(LocalAssistant, opened)
        recorder = Recorder(assistant._writer) if assistant._writer else None
        assistant._writer = recorder
        if recorder:
            with contextlib.suppress(Exception):
                async for _ in recorder.writer.write("?", ["."]):
                    pass  # loads LangChain and warms the model
            recorder.written.clear()
        answers = [await answered(assistant, item["question"], recorder, show) for item in gold]
    return answers, recorder


async def answered(
    assistant: LocalAssistant, text: str, recorder: Recorder | None, show: bool
) -> Answer:
    """One answer as a person gets it."""
    before = len(recorder.written) if recorder else 0
    async with contextlib.aclosing(assistant.answer_events(Question(text))) as events:
        async for event in events:
            if recorder and isinstance(event, Delta) and len(recorder.written) > before:
                now = recorder.written[-1]
                now.shown = now.shown or time.perf_counter()
            if isinstance(event, Done):
                if recorder and len(recorder.written) > before:
                    recorder.written[-1].answer = event.answer
                    if show:
                        recorder.written[-1].tell()
                return event.answer
    raise AssertionError("an answer ends with Done")


def has_fact(item: dict[str, Any], answer: Answer) -> bool:
    said = " ".join(answer.text.casefold().split())
    return all(any(a.casefold() in said for a in group) for group in item.get("facts") or [])


def invented(text: str, ground: str) -> list[str]:
    """Digits and capitalised words of a text that its ground lacks; a cruder test than the product's
    own, so that it does not share its mistakes."""
    plain = re.sub(r"\[[\d, ]+\]", " ", text)
    digits = {run.lstrip("0") for run in re.findall(r"\d+", ground)}
    words = {word.casefold() for word in re.findall(r"\w+", ground)}
    names = [
        w
        for w in re.findall(r"(?<=[\w,] )[^\W\d_]+", plain)
        if w[0].isupper() and w.casefold() not in words
    ]
    return [run for run in re.findall(r"\d+", plain) if run.lstrip("0") not in digits] + names


def cited_words(answer: Answer) -> str:
    return "\n".join(
        f"{c.document.title} {c.document.meta.number} {c.document.text}" for c in answer.citations
    )


def row(name: str, gold: Sequence[dict[str, Any]], before: list[Answer], after: list[Answer],
        recorder: Recorder) -> dict[str, Any]:  # fmt: skip
    able = [n for n, item in enumerate(gold) if item["answerable"]]
    shown = [n for n, answer in enumerate(after) if answer.answered_by != "extractive"]
    written = recorder.written
    heard = [one for one in written if one.is_heard and one.shown]
    delays = [
        1000 * (one.shown - max(t for t in one.completed if t <= one.shown))
        for one in heard
        if one.shown
    ]
    waits = [1000 * (one.shown - one.completed[0]) for one in heard if one.shown]
    seconds = [one.answer.timings_ms["total"] / 1000 for one in written if one.answer]
    return {
        "date": datetime.date.today().isoformat(), "model": name, "questions": len(gold),
        "asked_model": len(written), "shown": len(shown),
        "invented_shown": sum(bool(invented(after[n].text, cited_words(after[n]))) for n in shown),
        "invented_all": sum(bool(invented(a.text, cited_words(a))) for a in after),
        "invented_raw": sum(bool(invented(one.raw, one.sources)) for one in written),
        "sentences_raw": sum(len(one.completed) for one in written),
        "repairs": len(recorder.repaired),
        "fact_default": round(sum(has_fact(gold[n], before[n]) for n in able) / len(able), 3),
        "fact_with_model": round(sum(has_fact(gold[n], after[n]) for n in able) / len(able), 3),
        "facts_lost": [gold[n]["id"] for n in able if has_fact(gold[n], before[n]) and not has_fact(gold[n], after[n])],
        "words_default": _words([before[n] for n in shown]), "words_shown": _words([after[n] for n in shown]),
        "seconds_median": round(statistics.median(seconds), 1) if seconds else None,
        "shown_after_ms": [quantile(delays, 0.5), quantile(delays, 0.95)],
        "shown_after_first_ms": [quantile(waits, 0.5), quantile(waits, 0.95)],
    }  # fmt: skip


def quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that `share` of them don't exceed."""
    found = sorted(values)
    return round(found[max(0, math.ceil(share * len(found)) - 1)], 1) if found else None


def _words(answers: Sequence[Answer]) -> float | None:
    return statistics.median(len(a.text.split()) for a in answers) if answers else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--python", default="python3", help="the interpreter that has xllamacpp")
    parser.add_argument("--questions", type=Path, default=Path("tests/data/gold/seeds.jsonl"))
    parser.add_argument("--limit", type=int)
    parser.add_argument(
        "--data", type=Path, default=Path(tempfile.gettempdir()) / "danvan-small-models"
    )
    parser.add_argument("--timeout-s", type=float, default=120)
    parser.add_argument(
        "--show", action="store_true", help="print every raw output and what became of it"
    )
    given = parser.parse_args()
    gold = read_gold(given.questions)[: given.limit]
    data = {"DANVAN_DATA_DIR": str(given.data)}  # reused: the index is made once
    before, _ = asyncio.run(asked(gold, data))
    for model in given.models:
        with served(model, given.python) as url:
            environ = data | {"DANVAN_CHAT_MODEL__MODEL": model.stem, "DANVAN_CHAT_MODEL__BASE_URL": url,
                              "DANVAN_CHAT_MODEL__TIMEOUT_S": str(given.timeout_s)}  # fmt: skip
            after, recorder = asyncio.run(asked(gold, environ, show=given.show))
        assert recorder is not None
        for pair in recorder.repaired if given.show else ():
            print("REPAIRED", json.dumps(pair, ensure_ascii=False))
        print(
            json.dumps(row(model.stem, gold, before, after, recorder), ensure_ascii=False),
            flush=True,
        )


if __name__ == "__main__":
    main()
