"""Routes for the commands of the same machine: take documents in, remove them, index.

Guarded by the token of `<data_dir>/server.json`, which only the owner of the folder can read.
"""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, Response
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from bot import problems
from bot.answer_body import ListedDocumentBody, listed_document_body
from bot.desk import Desk
from bot.web import server_event
from corpus.errors import UnreadableDocument

log = logging.getLogger(__name__)

MAX_NAME_BYTES = 200  # file systems stop at 255; the library may add an id


def management_routes(desk: Desk) -> APIRouter:
    """All routes of this module, on the given parts."""
    router = APIRouter(prefix="/v1", dependencies=[Depends(desk.require_machine)])

    @router.post(
        "/documents",
        summary="Thêm một văn bản (lệnh trên máy chủ)",
        description=(
            "The raw bytes of the file as body, its name as `filename`; corrections of the "
            "metadata as further parameters: number, title, kind, issuer, issued_on, place. "
            "Questions see it from the next `POST /v1/index` on."
        ),
        status_code=201,
        response_model=ListedDocumentBody,
    )
    async def add(request: Request, filename: Annotated[str, Query(max_length=1000)]) -> Response:
        corrections = _corrections(request)
        with tempfile.TemporaryDirectory(prefix="danvan-") as folder:
            path = Path(folder) / base_name(filename)
            path.write_bytes(await request.body())
            document = await desk.assistant.add(path, corrections)
        return JSONResponse(listed_document_body(document), 201)

    @router.delete(
        "/documents/{document_id}",
        summary="Xoá một văn bản đã thêm (lệnh trên máy chủ)",
        status_code=204,
    )
    async def remove(document_id: str) -> None:
        await desk.assistant.remove(document_id)

    @router.post(
        "/index",
        summary="Cập nhật chỉ mục (lệnh trên máy chủ)",
        description="Events `progress` {done, total}, then `done` or `error`.",
        response_model=None,
    )
    async def index(rebuild: bool = False) -> EventSourceResponse:
        return EventSourceResponse(_progress(desk, rebuild))

    return router


def base_name(filename: str) -> str:
    """The last part of a path of any system, safe as a file name here.

    Raises UnreadableDocument where nothing is left.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    name = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if name.strip(".") == "":
        raise UnreadableDocument("no file name")
    stem, suffix = Path(name).stem, Path(name).suffix
    room = MAX_NAME_BYTES - len(suffix.encode())
    return stem.encode()[: max(room, 1)].decode(errors="ignore") + suffix


def _corrections(request: Request) -> dict[str, str]:
    return {name: value for name, value in request.query_params.items() if name != "filename"}


async def _progress(desk: Desk, rebuild: bool) -> AsyncIterator[ServerSentEvent]:
    """Only the newest count is worth sending. Indexing goes on when the listener hangs up."""
    loop = asyncio.get_running_loop()
    counts: asyncio.Queue[tuple[int, int]] = asyncio.Queue()

    def on_progress(done: int, total: int) -> None:  # may come from another thread
        loop.call_soon_threadsafe(counts.put_nowait, (done, total))

    work = asyncio.create_task(desk.assistant.index(rebuild=rebuild, on_progress=on_progress))
    work.add_done_callback(_log_failure)
    while not work.done() or not counts.empty():
        try:
            done, total = await asyncio.wait_for(counts.get(), timeout=0.2)
        except TimeoutError:
            continue
        if counts.empty():
            yield server_event("progress", {"done": done, "total": total})
    if error := work.exception():
        yield server_event("error", problems.problem(error))
    else:
        yield server_event("done", {})


def _log_failure(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and (error := work.exception()):
        log.error("indexing failed: %s", type(error).__name__, exc_info=error)
