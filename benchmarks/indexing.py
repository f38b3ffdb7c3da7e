"""From files to answering: how long each step takes, and how much of the embedder's own rate is kept.

    python benchmarks/indexing.py FOLDER [FOLDER ...] [--passages 600]

Everything but embedding is done for all files; then the same passages are embedded twice, bare and on
their way into a fresh index, in one run.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from config.settings import load_settings
from corpus.library import Library
from rag.adapters.chroma_index import ChromaIndex
from rag.indexing import Snapshot, bring_up_to_date, snapshot
from rag.judge import Judge
from rag.statements import scope
from rag.wiring import make_embedder


def prepared(folders: list[Path]) -> Snapshot:
    settings = load_settings()
    begun = time.perf_counter()
    library = Library(sa.create_engine("sqlite://"), None, settings.library.max_file_bytes)
    for path in (path for folder in folders for path in sorted(folder.glob("*.txt"))):
        library.add(path.name, path.read_bytes(), {})
    read = time.perf_counter()
    state = snapshot(library.documents(), k1=settings.retrieval.k1, b=settings.retrieval.b)
    cut = time.perf_counter()
    Judge([scope(passage.searchable(state.document(passage))) for passage in state.passages])
    judged = time.perf_counter()
    for document in library.documents():
        state.register.validity(document, date.today())
    linked = time.perf_counter()
    print(f"{len(library.documents())} documents, {len(state.passages)} passages")
    print(f"read {read - begun:.2f} s, cut and indexed by words {cut - read:.2f} s, "
          f"weighed {judged - cut:.2f} s, linked {linked - judged:.2f} s, together {linked - begun:.2f} s")  # fmt: skip
    return state


def compared(state: Snapshot, count: int) -> None:
    settings = load_settings()
    chosen = random.Random(7).sample(range(len(state.passages)), min(count, len(state.passages)))
    texts = [state.passages[n].searchable(state.document(state.passages[n])) for n in chosen]
    ids = tuple(state.embedded.ids[n] for n in chosen)
    few = replace(state.embedded, ids=ids, first=np.array(chosen))
    with tempfile.TemporaryDirectory() as folder:
        embedder = make_embedder(settings, settings.data_dir)
        embedder.embed_passages(texts[:16])  # the model is loaded
        begun = time.perf_counter()
        embedder.embed_passages(texts)
        bare = time.perf_counter() - begun
        index = ChromaIndex(Path(folder), embedder.fingerprint)
        begun = time.perf_counter()
        bring_up_to_date(replace(state, embedded=few), index, embedder)
        whole = time.perf_counter() - begun
        index.close()
    print(f"{len(texts)} passages: bare {len(texts) / bare:.1f}/s, into the index "
          f"{len(texts) / whole:.1f}/s, kept {bare / whole:.2f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--passages", type=int, default=600)
    given = parser.parse_args()
    compared(prepared(given.folders), given.passages)


if __name__ == "__main__":
    main()
