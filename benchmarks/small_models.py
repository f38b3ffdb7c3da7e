"""What a small chat model on this machine is worth beside the default answers.

    pip install xllamacpp            # in an environment of its own, it is no dependency
    python benchmarks/small_models.py MODEL.gguf... --python OTHER/bin/python [--limit N]

Each model is served by xllamacpp's OpenAI-compatible server (llama.cpp) on a free port of loopback,
`chat_model` is pointed at it, and the gold set is asked. Printed, one dated row a model: of how many
answers the model's words were shown, how many of those hold a digit or a capitalised word that no
cited document has (must be 0), the same for its raw output, facts beside the default answerer's, and
seconds a question.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import datetime
import json
import re
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from config.settings import load_settings
from rag.assistant import LocalAssistant
from rag.evaluation import read_gold
from rag.model import Answer, Question
from rag.ports import Writer
from rag.wiring import open_assistant

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
class Recorder:
    """Passes on to the real writer and keeps what went through."""

    writer: Writer
    raws: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.writer.name

    async def write(self, question: str, sources: Sequence[str]) -> str:
        begun = time.perf_counter()
        try:
            raw = await self.writer.write(question, sources)
        finally:
            self.seconds.append(time.perf_counter() - begun)
        self.raws.append(raw)
        self.sources.append("\n".join(sources))
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
    gold: Sequence[dict[str, Any]], environ: dict[str, str]
) -> tuple[list[Answer], Recorder | None]:
    """Every question's answer, and what the writer wrote where there is one."""
    async with open_assistant(load_settings(environ)) as opened:
        await opened.index()
        assistant = cast(LocalAssistant, opened)
        recorder = Recorder(assistant._writer) if assistant._writer else None
        assistant._writer = recorder
        if recorder:
            with contextlib.suppress(Exception):
                await recorder.writer.write("?", ["."])  # loads LangChain and warms the model
        answers = [await assistant.answer(Question(item["question"])) for item in gold]
    return answers, recorder


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
    raw = [bool(invented(r, s)) for r, s in zip(recorder.raws, recorder.sources, strict=True)]
    return {
        "date": datetime.date.today().isoformat(), "model": name, "questions": len(gold),
        "asked_model": len(recorder.seconds), "shown": len(shown),
        "invented_shown": sum(bool(invented(after[n].text, cited_words(after[n]))) for n in shown),
        "invented_raw": sum(raw),
        "fact_default": round(sum(has_fact(gold[n], before[n]) for n in able) / len(able), 3),
        "fact_with_model": round(sum(has_fact(gold[n], after[n]) for n in able) / len(able), 3),
        "facts_lost": [gold[n]["id"] for n in able if has_fact(gold[n], before[n]) and not has_fact(gold[n], after[n])],
        "words_default": _words([before[n] for n in shown]), "words_shown": _words([after[n] for n in shown]),
        "seconds_median": round(statistics.median(recorder.seconds), 1) if recorder.seconds else None,
    }  # fmt: skip


def _words(answers: Sequence[Answer]) -> float | None:
    return statistics.median(len(a.text.split()) for a in answers) if answers else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("models", nargs="+", type=Path)
    parser.add_argument("--python", default="python3", help="the interpreter that has xllamacpp")
    parser.add_argument("--questions", type=Path, default=Path("tests/data/gold/seeds.jsonl"))
    parser.add_argument("--limit", type=int)
    parser.add_argument("--timeout-s", type=float, default=120)
    parser.add_argument(
        "--show", action="store_true", help="print every raw output and what became of it"
    )
    given = parser.parse_args()
    gold = read_gold(given.questions)[: given.limit]
    data = {"DANVAN_DATA_DIR": "/tmp/danvan-small-models"}
    before, _ = asyncio.run(asked(gold, data))
    for model in given.models:
        with served(model, given.python) as url:
            environ = data | {"DANVAN_CHAT_MODEL__MODEL": model.stem, "DANVAN_CHAT_MODEL__BASE_URL": url,
                              "DANVAN_CHAT_MODEL__TIMEOUT_S": str(given.timeout_s)}  # fmt: skip
            after, recorder = asyncio.run(asked(gold, environ))
        assert recorder is not None
        for raw in recorder.raws if given.show else ():
            print("RAW", json.dumps(raw, ensure_ascii=False))
        for answer in after if given.show else ():
            print(answer.answered_by, json.dumps(answer.text, ensure_ascii=False))
        print(
            json.dumps(row(model.stem, gold, before, after, recorder), ensure_ascii=False),
            flush=True,
        )


if __name__ == "__main__":
    main()
