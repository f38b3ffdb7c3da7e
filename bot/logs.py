"""The log: one line an event, a request id on each, nobody's question unless the settings say so.

Exception messages may hold what a person typed, so only the frames and the class are written; of
questions with personal data or a secrecy mark always.
"""

from __future__ import annotations

import logging
import traceback
from contextvars import ContextVar
from types import TracebackType

from config.settings import Logging
from rag.sensitive import cautions

request_id: ContextVar[str] = ContextVar("request_id", default="-")

# httpx and httpcore log whole addresses at INFO, Telegram's hold the token; sse_starlette logs
# each piece of an answer at DEBUG.
QUIET = (
    "httpx", "httpcore", "telegram", "sse_starlette", "uvicorn.access", "multipart",
    "sentence_transformers",
)  # fmt: skip

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class PrivateFormatter(logging.Formatter):
    """Adds the request id; writes an exception's message only where questions may be logged."""

    def __init__(self, *, questions: bool) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")
        self._questions = questions

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = request_id.get()
        return super().format(record)

    def formatException(self, ei: _ExcInfo) -> str:
        if ei[0] is None or self._questions and not cautions(f"{ei[1]!r}"):
            return super().formatException(ei)
        frames = "".join(traceback.format_tb(ei[2])).rstrip()
        # An OSError tells a path and a reason, never what was asked.
        message = f": {ei[1]}" if isinstance(ei[1], OSError) else ""
        return f"{frames}\n{ei[0].__name__}{message}"


def set_up_logging(settings: Logging) -> None:
    """Send everything to stderr in one form. Called once, by `serve`."""
    handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter(questions=settings.questions))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
