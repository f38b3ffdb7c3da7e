"""The product beside rivals in one run: same corpus, same questions, same weights.

    python -m benchmarks.rivals --out DIR CORPUS QUESTIONS [CORPUS QUESTIONS ...]
        [--title TITLE ...] [--limit-questions N ...]
        [--timeout-min N] [--vectors FOLDER]

Writes docs/benchmarks.md and its plot. DIR keeps environments, vectors and rankings: a later run
searches anew and embeds nothing twice; the product's vectors are in its own data folder
(DANVAN_DATA_DIR). FOLDER has vectors of whole articles, made before, for a corpus that is not cut:
`ids.txt`, a doc_id a line, and `vectors.f32`, a row of float32 for each.
"""

from __future__ import annotations

import argparse
import json
import logging
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.rivals.page import page
from benchmarks.rivals.product import measured
from benchmarks.rivals.rivals import RIVALS, ROOT, Environments, Rival
from benchmarks.rivals.scoring import scored
from benchmarks.rivals.suite import Suite
from benchmarks.rivals.vectors import KeptVectors
from config.settings import load_settings
from rag.wiring import make_embedder

PAGE, PLOT = ROOT / "docs" / "benchmarks.md", ROOT / "docs" / "benchmarks.svg"


def main() -> None:
    given, settings = _arguments(), load_settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    embedder = make_embedder(settings, settings.data_dir.resolve())
    environments = Environments(given.out / "environments")
    kept = KeptVectors(given.out / "vectors", embedder)
    results: list[dict[str, Any]] = []
    for suite in _suites(given):
        suite.write(embedder)
        if given.vectors and not suite.is_cut:
            suite.take_vectors(given.vectors)
        rows = {
            rival.name: _row(rival, suite, environments, kept, 60 * given.timeout_min)
            for rival in RIVALS
        }
        rows["danvan"] = measured(suite)
        results.append({"title": suite.title, "units": suite.units, "rows": rows})
        _publish(results, given, environments)


def _publish(
    results: list[dict[str, Any]], given: argparse.Namespace, environments: Environments
) -> None:
    """After each suite: the next may take hours."""
    file = given.out / "results.json"
    file.write_text(json.dumps(results, ensure_ascii=False, indent=1), encoding="utf-8")
    PAGE.write_text(page(results, _options(given)), encoding="utf-8")
    environments.run("plot", "plot", str(file), str(PLOT))


def _row(
    rival: Rival, suite: Suite, environments: Environments, kept: KeptVectors, timeout_s: float
) -> dict[str, Any] | None:
    """None where the rival failed: hours of the others are not to be lost with it."""
    target = suite.folder / f"{rival.script}.json"
    try:
        pieces = suite.pieces(rival, environments, kept)
        environments.run(
            rival.environment, rival.script,
            str(pieces), str(suite.folder / "questions.jsonl"), str(suite.depth(pieces)), str(target),
            timeout_s=timeout_s,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as exc:
        logging.error("%s on %s: %s", rival.name, suite.title, exc)
        return None
    row = scored(json.loads(target.read_text(encoding="utf-8")), suite.asked)
    logging.info("%s on %s: mrr@10 %s", rival.name, suite.title, row["mrr@10"])
    return row


def _suites(given: argparse.Namespace) -> Iterator[Suite]:
    for number, corpus in enumerate(given.files[::2]):
        title = given.title[number] if number < len(given.title) else corpus.parent.name
        folder = given.out / "suites" / f"{number + 1}"
        limits = given.limit_questions
        limit = limits[number] if number < len(limits) else 0
        yield Suite(title, corpus, given.files[2 * number + 1], limit or None, folder)


def _options(given: argparse.Namespace) -> list[str]:
    """Those that change what is measured, without this machine's paths."""
    limits = [f"--limit-questions {limit}" for limit in given.limit_questions]
    limits.append(f"--timeout-min {given.timeout_min:g}")
    return limits + ["--vectors FOLDER"] * (given.vectors is not None)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rivals", description=__doc__)
    parser.add_argument("files", metavar="CORPUS QUESTIONS", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--title", action="append", default=[], help="of a suite, in their order")
    parser.add_argument(
        "--limit-questions", type=int, action="append", default=[], help="of a suite; 0: all"
    )
    parser.add_argument("--timeout-min", type=float, default=60, help="for one rival on one suite")
    parser.add_argument("--vectors", type=Path)
    given = parser.parse_args()
    if len(given.files) % 2:
        parser.error("each CORPUS has its QUESTIONS")
    given.files, given.out = [file.resolve() for file in given.files], given.out.resolve()
    return given


if __name__ == "__main__":
    main()
