"""The only place that chooses adapters: settings in, an `Assistant` out."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from config.settings import Settings
from corpus.library import Library
from rag.adapters.chroma_index import ChromaIndex
from rag.adapters.cross_encoder_entailment import CrossEncoderEntailment
from rag.adapters.cross_encoder_reranker import CrossEncoderReranker
from rag.adapters.int8_embedder import Int8Embedder
from rag.adapters.onnx_pair_scorer import OnnxPairScorer
from rag.adapters.sentence_transformer_embedder import DEFAULT_MODEL, SentenceTransformerEmbedder
from rag.answer import Extractive
from rag.assistant import Assistant, LocalAssistant
from rag.data_folder import DataFolder
from rag.ports import Embedder, Entailment, Reranker, VectorIndex, Writer
from rag.ranking import fitted_digest
from rag.rerank import RerankingRetriever
from rag.retrieval_evaluation import TimedEmbedder
from rag.retrieve import BOTH_LANES, Retriever
from rag.vector_file import VectorFile
from rag.words import learn_abbreviations


@dataclass(frozen=True)
class Lanes:
    """What a measurement of retrieval runs on."""

    retriever: Retriever
    index: VectorIndex
    embedder: TimedEmbedder
    fingerprint: str  # changes with the passages and with every setting that ranks them


@asynccontextmanager
async def open_assistant(settings: Settings) -> AsyncIterator[Assistant]:
    """Own the data folder, read the library, open the index; closed on leaving.

    Raises DataFolderBusy, DataFolderUnwritable, BrokenCatalogue, BrokenAbbreviations,
    IndexUnavailable. The index is brought up to date by the caller (`Assistant.index`): search works
    meanwhile.
    """
    learn_abbreviations(settings.library.abbreviations)
    folder = DataFolder(settings.data_dir)
    try:
        library = Library(
            folder.engine,
            settings.library.documents_dir,
            settings.library.max_file_bytes,
            allow_secret=settings.library.allow_secret,
        )
        assistant = _assistant(settings, folder, library)
        try:
            yield assistant
        finally:
            await assistant.close()
    finally:
        folder.close()


@contextmanager
def open_corpus(
    settings: Settings, vector_ids: Sequence[str], lanes: Collection[str]
) -> Iterator[Lanes]:
    """The retriever over a corpus that is measured; its vectors are kept by fingerprint.

    Needs no library: a server may own the data folder meanwhile. Raises EmbedderUnavailable,
    IndexUnavailable, DataFolderBusy where another process measures the same corpus.
    """
    learn_abbreviations(settings.library.abbreviations)
    embedder = TimedEmbedder(make_embedder(settings, settings.data_dir.resolve()))
    passages = digest("\n".join(vector_ids))
    parts = (
        passages, embedder.fingerprint, settings.retrieval.model_dump(), sorted(lanes), fitted_digest(),
    )  # fmt: skip
    folder = settings.data_dir.resolve() / "corpora" / f"{passages}-{embedder.fingerprint}"
    index = VectorFile(folder)
    try:
        yield Lanes(
            _retriever(settings, index, embedder, lanes, _reranker(settings)),
            index,
            embedder,
            digest(repr(parts)),
        )
    finally:
        index.close()


def _assistant(settings: Settings, folder: DataFolder, library: Library) -> LocalAssistant:
    embedder = make_embedder(settings, folder.path)
    index = ChromaIndex(folder.path / "index", embedder.fingerprint)
    reranker = _reranker(settings)
    retriever = _retriever(settings, index, embedder, BOTH_LANES, reranker)
    scorer = OnnxPairScorer(folder.path / "models" / DEFAULT_MODEL)
    return LocalAssistant(
        library, index, embedder, Extractive(retriever, scorer), _writer(settings),
        k1=settings.retrieval.k1, b=settings.retrieval.b, leaves_machine=leaves_machine(settings),
        scorer=scorer, reranker=reranker, entailment=_entailment(settings),
    )  # fmt: skip


def make_embedder(settings: Settings, folder: Path) -> Embedder:
    """The embedder that is set; its files are kept below `folder`."""
    models, threads = folder / "models", settings.embedder.threads
    original = SentenceTransformerEmbedder(
        settings.embedder.model,
        cache_dir=models,
        batch_size=settings.embedder.batch_size,
        threads=threads,
    )
    if settings.embedder.precision == "float32":
        return original
    return Int8Embedder(original, cache_dir=models, threads=threads)


def _reranker(settings: Settings) -> Reranker | None:
    name = settings.retrieval.cross_encoder
    return CrossEncoderReranker(name) if name else None


def _retriever(
    settings: Settings,
    index: VectorIndex,
    embedder: Embedder,
    lanes: Collection[str],
    reranker: Reranker | None,
) -> Retriever:
    make = Retriever if reranker is None else partial(RerankingRetriever, reranker)
    return make(
        index,
        embedder,
        lexical_weight=settings.retrieval.lexical_weight,
        candidates=settings.retrieval.candidates,
        lanes=lanes,
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _writer(settings: Settings) -> Writer | None:
    """The chat model, where one is set; its library is loaded only then."""
    if settings.chat_model.model is None:
        return None
    from rag.adapters.langchain_chat_model import LangChainWriter

    prompts = Path(__file__).parent.parent / "config" / "prompts"
    answer, repair = (
        (prompts / name).read_text(encoding="utf-8") for name in ("answer.md", "repair.md")
    )
    return LangChainWriter(settings.chat_model, answer, repair)


def _entailment(settings: Settings) -> Entailment | None:
    name = settings.chat_model.entailment
    return CrossEncoderEntailment(name) if name else None


def leaves_machine(settings: Settings) -> bool:
    """Whether a question goes to another machine: a chat model that is not on this one."""
    if settings.chat_model.model is None:
        return False
    host = urlsplit(settings.chat_model.base_url or "").hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host != "localhost"  # `localhost.evil.vn` is not this machine
