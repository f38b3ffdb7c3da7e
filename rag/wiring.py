"""The only place that chooses adapters: settings in, an `Assistant` out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from config.settings import Settings
from corpus.library import Library
from rag.adapters.chroma_index import ChromaIndex
from rag.adapters.sentence_transformer_embedder import SentenceTransformerEmbedder
from rag.answer import Extractive
from rag.assistant import Assistant, LocalAssistant
from rag.data_folder import DataFolder
from rag.ports import Writer
from rag.retrieve import Retriever


@asynccontextmanager
async def open_assistant(settings: Settings) -> AsyncIterator[Assistant]:
    """Own the data folder, read the library, open the index; closed on leaving.

    Raises DataFolderBusy, DataFolderUnwritable, BrokenCatalogue, IndexUnavailable. The index is
    brought up to date by the caller (`Assistant.index`): search works meanwhile.
    """
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


def _assistant(settings: Settings, folder: DataFolder, library: Library) -> LocalAssistant:
    embedder = SentenceTransformerEmbedder(
        settings.embedder.model,
        cache_dir=folder.path / "models",
        batch_size=settings.embedder.batch_size,
        threads=settings.embedder.threads,
    )
    index = ChromaIndex(folder.path / "index", embedder.fingerprint)
    retriever = Retriever(
        index,
        embedder,
        lexical_weight=settings.retrieval.lexical_weight,
        candidates=settings.retrieval.candidates,
    )
    return LocalAssistant(
        library, index, embedder, Extractive(retriever), _writer(settings),
        k1=settings.retrieval.k1, b=settings.retrieval.b, leaves_machine=_leaves_machine(settings),
    )  # fmt: skip


def _writer(settings: Settings) -> Writer | None:
    """The chat model, where one is set; its library is loaded only then."""
    if settings.chat_model.model is None:
        return None
    from rag.adapters.langchain_chat_model import LangChainWriter

    prompt = Path(__file__).parent.parent / "config" / "prompts" / "answer.md"
    return LangChainWriter(settings.chat_model, prompt.read_text(encoding="utf-8"))


def _leaves_machine(settings: Settings) -> bool:
    """Whether a question goes to another machine: a chat model that is not on this one."""
    url = settings.chat_model.base_url or ""
    local = any(host in url for host in ("//127.", "//localhost", "//[::1]"))
    return settings.chat_model.model is not None and not local
