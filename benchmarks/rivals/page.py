"""docs/benchmarks.md from what was measured."""

from __future__ import annotations

import os
import platform
import re
import shlex
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.rivals.rivals import REQUIREMENTS, RIVALS
from benchmarks.rivals.suite import MOST_CUT
from rag.indexing import OPENING_CHARS

_HEAD = "| | MRR@10 [95 %] | hit@1 | hit@10 | F2@1 | search ms, p50 / p95 |\n| --- | --- | --- | --- | --- | --- |"
_PAGE = """\
# Beside others

The search of this program and of libraries that people build such assistants with, in one run: same
corpus, same questions, same embedding model (multilingual-e5-small, the default one). Written by
the command below on {day}, danvan {version}.

![MRR@10 of each, with its interval](benchmarks.svg)

{suites}

A unit is an article; a rival's article stands where its best piece does. Measures are defined in
[measures.md](measures.md#retrieval), intervals are 95 % bootstrap intervals over questions. Search
times are of one warm question after another whose vector is known, so without the embedding.

## What was used

Everyone has the article's heading and text, with the law's name before it where the corpus has one.
No rival was tuned: what is not named is the library's default. Vectors are computed once and looked
up by each (8-bit weights, as danvan runs); of a corpus of more than {most_cut:,} articles each article has
one vector, of its first {opening} characters as in danvan, and no rival cuts it. Where articles are cut, 50 pieces are asked for, else 10.

{used}

danvan runs as it is installed (`danvan eval retrieval`). The weights of its ranking are fitted on
questions of some of these suites (`rag/data/ranking.yaml` says which, and what was measured on
questions that were held out): where they were, its figures here flatter.

## How it was run

{machine}. {versions}.

```sh
{command}
```
"""


def page(results: Sequence[dict[str, Any]], options: Sequence[str]) -> str:
    """The whole text; `options` of the command are shown as they are."""
    used = "\n".join(f"- {rival.name}: {rival.used}." for rival in RIVALS)
    wanted = (name for names in REQUIREMENTS.values() for name in names)
    return _PAGE.format(
        day=date.today().isoformat(),
        version=version("danvan"),
        suites="\n\n".join(map(_suite, results)),
        most_cut=MOST_CUT,
        opening=OPENING_CHARS,
        used=used,
        machine=_machine(),
        versions=", ".join(name.replace("==", " ") for name in wanted),
        command=_command([result["title"] for result in results], options),
    )


def _suite(result: dict[str, Any]) -> str:
    rows, own = result["rows"], result["rows"]["danvan"]
    order = sorted(rows, key=lambda name: -(rows[name] or {"mrr@10": 0})["mrr@10"])
    lines = [_row(name, rows[name]) for name in order]
    note = (
        f"danvan's whole question, embedding included: {own['ms_p50']:.0f} / {own['ms_p95']:.0f} ms. "
        f"Of the set that it chooses to return, {own['returned_mean']:.2f} articles on average, F2 is "
        f"{own['f2']:.3f}."
    )
    title = f"## {result['title']}: {own['n']:,} questions, {result['units']:,} articles"
    return "\n".join([title, "", _HEAD, *lines, "", note])


def _row(name: str, measures: dict[str, Any] | None) -> str:
    if measures is None:
        return f"| {name} | did not finish in time | | | | |"
    low, high = measures["intervals"]["mrr@10"]
    cells = [
        f"{measures['mrr@10']:.3f} [{low:.3f}–{high:.3f}]",
        *(f"{measures[key]:.3f}" for key in ("hit@1", "hit@10", "f2@1")),
        f"{measures['search_ms_p50']:.1f} / {measures['search_ms_p95']:.1f}",
    ]
    return f"| {f'**{name}**' if name == 'danvan' else name} | {' | '.join(cells)} |"


def _machine() -> str:
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*: (.*)", cpu)
    classes = [
        name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2")) if f" {flag}" in cpu
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}, "
        f"{', '.join(classes) or 'no AVX2'}), {memory:.0f} GiB of memory, no GPU, "
        f"Python {platform.python_version()}"
    )


def _command(titles: Sequence[str], options: Sequence[str]) -> str:
    """As anybody could type it: files by what they are."""
    named = [f"--title {shlex.quote(title)}" for title in titles]
    files = ["CORPUS QUESTIONS"] * len(titles)
    return " ".join(["python -m benchmarks.rivals --out DIR", *options, *named, *files])
