"""Who is measured beside the product, and how each was used: nothing is tuned.

Each runs in a virtual environment of its own, which is made at the first use.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = "benchmarks.rivals.scripts"

REQUIREMENTS = {
    "bm25s": ("bm25s==0.3.16",),
    "haystack": ("haystack-ai==3.4.1",),
    "langchain": (
        "langchain==1.4.7",
        "langchain-chroma==1.1.0",
        "langchain-text-splitters==1.1.3",
        "chromadb==1.5.9",
    ),
    "llama_index": ("llama-index-core==0.14.25",),
    "txtai": ("txtai==9.14.0", "torch==2.13.0"),  # exact, for another torch could bring CUDA
    "plot": ("matplotlib==3.11.2",),
}
# Nobody is called while it runs.
_OFFLINE = {
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_OFFLINE": "1",
    "LANGSMITH_TRACING": "false",
    "PYTHONPATH": str(ROOT),
    "TOKENIZERS_PARALLELISM": "false",
}


@dataclass(frozen=True)
class Rival:
    """A library as its own documentation shows it."""

    name: str
    script: str
    environment: str
    pieces: str  # "articles", "chunks" of LangChain's splitter, "nodes" of LlamaIndex's
    needs_vectors: bool
    used: str


RIVALS = (
    Rival(
        "LangChain + Chroma", "langchain_chroma", "langchain", "chunks", True,
        "`RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)`, "
        "`Chroma.add_documents`, `similarity_search`, as in the tutorial of a semantic search "
        "engine",
    ),
    Rival(
        "LlamaIndex", "llama_index_vectors", "llama_index", "nodes", True,
        "`VectorStoreIndex` over the nodes of its default `SentenceSplitter()`, `as_retriever`",
    ),
    Rival(
        "txtai, hybrid", "txtai_hybrid", "txtai", "chunks", True,
        '`Embeddings(method="external", transform=…, hybrid=True)` over LangChain\'s chunks',
    ),
    Rival(
        "Haystack, hybrid", "haystack_hybrid", "haystack", "chunks", True,
        "in-memory BM25 and embedding retrievers over LangChain's chunks, joined by "
        '`DocumentJoiner(join_mode="reciprocal_rank_fusion")`',
    ),
    Rival(
        "Haystack, BM25", "haystack_bm25", "haystack", "articles", False,
        "`InMemoryBM25Retriever` over whole articles",
    ),
    Rival(
        "bm25s", "bm25s_readme", "bm25s", "articles", False,
        '`bm25s.tokenize(…, stopwords="en")` and `BM25()` over whole articles, as in its README',
    ),
    Rival(
        "bm25s, syllables + pairs", "bm25s_pairs", "bm25s", "articles", False,
        "`BM25()` over whole articles, given all syllables and pairs of neighbouring ones",
    ),
)  # fmt: skip


class Environments:
    """Virtual environments under one folder, a name of REQUIREMENTS each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(
        self, environment: str, script: str, *arguments: str, timeout_s: float | None = None
    ) -> None:
        """Run a script there. Raises CalledProcessError, TimeoutExpired."""
        command = [self._python(environment), "-m", f"{SCRIPTS}.{script}", *arguments]
        environ = os.environ | _OFFLINE
        subprocess.run(command, cwd=ROOT, env=environ, check=True, timeout=timeout_s)

    def _python(self, environment: str) -> str:
        folder, wanted = self._folder / environment, "\n".join(REQUIREMENTS[environment])
        python, installed = str(folder / "bin" / "python"), folder / "installed"
        if not installed.exists() or installed.read_text() != wanted:
            logging.info("making the environment of %s", environment)
            subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
            command = [python, "-m", "pip", "install", "--quiet", *REQUIREMENTS[environment]]
            subprocess.run(command, check=True)
            installed.write_text(wanted)
        return python
