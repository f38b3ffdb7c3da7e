"""A command's talk with the server that owns the data folder: HTTP and its machine token."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import httpx

from bot.errors import ServerProblem, ServerSilent
from corpus.errors import UnknownDocument

if TYPE_CHECKING:
    from bot.answer_body import AnswerBody, ListedDocumentBody
    from bot.clients import Progress
    from bot.document_body import MissingBody
    from bot.duty_body import DutyBody

CONNECT_S = 5.0  # to the same machine; an answer or an index may take as long as it takes
PROBE_S = 10.0


class ServerClient:
    """Commands over HTTP. Every method raises ServerProblem, ServerSilent; paths are of this machine."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def prepare(self, on_progress: Progress) -> None:
        """The server indexes by itself, and answers meanwhile."""

    def ask(self, question: str, document_ids: Sequence[str] = ()) -> AnswerBody:
        body: dict[str, Any] = {"question": question}
        if document_ids:
            body["filters"] = {"document_ids": list(document_ids)}
        return cast("AnswerBody", self._json("POST", "/v1/ask", json=body))

    def documents(self) -> list[ListedDocumentBody]:
        return cast("list[ListedDocumentBody]", self._json("GET", "/v1/documents")["documents"])

    def text(self, document_id: str) -> str:
        return str(self._of_document("GET", document_id).json()["text"])

    def duties(self, filters: Mapping[str, str]) -> list[DutyBody]:
        body = self._json("GET", "/v1/duties", params=dict(filters))
        return cast("list[DutyBody]", body["duties"])

    def add(self, path: Path, corrections: Mapping[str, str]) -> ListedDocumentBody:
        params = {"filename": path.name, **corrections}
        content = path.read_bytes()
        body = self._json("POST", "/v1/documents", params=params, content=content)
        return cast("ListedDocumentBody", body)

    def correct(
        self, document_id: str, corrections: Mapping[str, str | None]
    ) -> ListedDocumentBody:
        with _silence():
            body = self._of_document("PATCH", document_id, json=dict(corrections)).json()
        return cast("ListedDocumentBody", body)

    def missing(self) -> list[MissingBody]:
        return cast("list[MissingBody]", self._json("GET", "/v1/missing")["missing"])

    def remove(self, document_id: str) -> None:
        self._of_document("DELETE", document_id)

    def _of_document(self, method: str, document_id: str, **fields: Any) -> httpx.Response:
        """Raises UnknownDocument."""
        with _silence():
            address = f"/v1/documents/{quote(document_id, safe='')}"
            reply = self._http.request(method, address, **fields)
            if reply.status_code == httpx.codes.NOT_FOUND:
                raise UnknownDocument(document_id)  # also for an id that no address can hold
            return _checked(reply)

    def index(self, rebuild: bool, on_progress: Progress) -> None:
        params = {"rebuild": str(rebuild).lower()}
        with _silence(), self._http.stream("POST", "/v1/index", params=params) as reply:
            if reply.is_error:
                reply.read()
            for event, data in _events(_checked(reply)):
                if event == "progress":
                    on_progress(data["done"], data["total"])
                elif event == "error":
                    raise ServerProblem(data["detail"])
                elif event == "done":
                    return
        raise ServerSilent("the stream ended early")

    def health(self) -> dict[str, Any]:
        return self._json("GET", "/health")

    def _json(self, method: str, path: str, **fields: Any) -> dict[str, Any]:
        with _silence():
            return dict(_checked(self._http.request(method, path, **fields)).json())


@contextmanager
def running_server(data_dir: Path) -> Iterator[ServerClient | None]:
    """The server that `<data_dir>/server.json` tells of; None where none is alive."""
    known = _server_file(data_dir)
    if known is None:
        yield None
        return
    headers = {"Authorization": f"Bearer {known['token']}"}
    timeout = httpx.Timeout(None, connect=CONNECT_S)
    # An office's proxy settings (HTTP_PROXY) must not lead away from this machine.
    with httpx.Client(
        base_url=known["url"], headers=headers, timeout=timeout, trust_env=False
    ) as http:
        yield ServerClient(http) if _answers(http) else None


def _answers(http: httpx.Client) -> bool:
    """False for a file left by a killed server whose process id somebody else has now."""
    try:
        return "status" in http.get("/health", timeout=PROBE_S).json()
    except (httpx.HTTPError, ValueError, TypeError):
        return False


def _server_file(data_dir: Path) -> dict[str, Any] | None:
    try:
        known = json.loads((data_dir / "server.json").read_bytes())
        os.kill(int(known["pid"]), 0)
        return {"url": str(known["url"]), "token": str(known["token"])}
    except PermissionError:
        return None  # another user's: opening the folder tells what is wrong
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _silence() -> Iterator[None]:
    try:
        yield
    except (httpx.HTTPError, ValueError, KeyError) as exc:
        raise ServerSilent(type(exc).__name__) from exc


def _checked(reply: httpx.Response) -> httpx.Response:
    if reply.is_error:
        raise ServerProblem(str(reply.json()["detail"]))
    return reply


def _events(reply: httpx.Response) -> Iterator[tuple[str, Any]]:
    """Server-sent events with one line of JSON data each, as the server writes them."""
    event = ""
    for line in reply.iter_lines():
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            yield event, json.loads(value)
