"""The two ways in which a command reaches the library: its running server, or the folder itself.

Which one is chosen here; bodies are the HTTP ones either way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from bot import server_client
from bot.answer_body import AnswerBody, ListedDocumentBody
from bot.document_body import MissingBody
from config.settings import Settings

if TYPE_CHECKING:
    from bot.duty_body import DutyBody  # brings FastAPI, which a command can do without

Progress = Callable[[int, int], None]


class Client(Protocol):
    """What the commands need."""

    def prepare(self, on_progress: Progress) -> None:
        """Make the index if nobody else does. Raises what indexing raises."""
        ...

    def ask(self, question: str, document_ids: Sequence[str] = ()) -> AnswerBody:
        """Raises InvalidQuestion, UnknownDocument."""
        ...

    def documents(self) -> list[ListedDocumentBody]:
        """All documents, shipped ones first."""
        ...

    def text(self, document_id: str) -> str:
        """The whole text of a document. Raises UnknownDocument."""
        ...

    def duties(self, filters: Mapping[str, str]) -> list[DutyBody]:
        """Filters `document_id`, `who`, `kind`, `from`, `to` (ISO). Raises UnknownFilter."""
        ...

    def add(self, path: Path, corrections: Mapping[str, str]) -> ListedDocumentBody:
        """Raises UnreadableDocument, DocumentTooLarge."""
        ...

    def correct(
        self, document_id: str, corrections: Mapping[str, str | None]
    ) -> ListedDocumentBody:
        """None takes a correction back. Raises UnknownDocument."""
        ...

    def missing(self) -> list[MissingBody]:
        """What documents cite and the library lacks, most cited first."""
        ...

    def remove(self, document_id: str) -> None:
        """Raises UnknownDocument, ShippedDocument."""
        ...

    def index(self, rebuild: bool, on_progress: Progress) -> None:
        """Bring the index up to date."""
        ...

    def health(self) -> dict[str, Any]:
        """`documents`, `passages`, `embedded`, `problems`."""
        ...


@contextmanager
def open_client(settings: Settings) -> Iterator[Client]:
    """The server that owns the data folder, or the folder opened by this process.

    Raises DataFolderBusy and whatever else `rag.wiring.open_assistant` raises. A server that is
    asked answers every error of the library as ServerProblem.
    """
    with server_client.running_server(settings.data_dir) as server:
        if server is not None:
            yield server
            return
    from bot.local_client import LocalClient  # seconds of imports that a server spares

    with LocalClient(settings) as local:
        yield local
