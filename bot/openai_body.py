"""The JSON of the door that speaks OpenAI's protocol: requests, completions, chunks, errors.

Chat front ends show `content` as Markdown, so what comes from a document is kept from acting as such.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from pydantic import BaseModel, Field

from bot import replies
from bot.answer_body import CitationBody, citation_body
from bot.errors import TextOnly
from bot.side_by_side import in_lines
from corpus.model import Citation
from rag.model import Answer

MODEL = "danvan"
OBJECT = "chat.completion"
PATHS = ("/v1/models", "/v1/chat/")
_ACTING = re.compile(r"<|(?<=!)\[|(?<=\])\(")  # HTML, an image, a link
_LINE_END = re.compile(r"(?<!\n)\n(?=[^\n-])")  # dashes are items of themselves
_DEFINITION = re.compile(r"^(\s*\[[^\]\n]*\]):", re.M)  # `[1]: address` would make a link of [1]


class ContentPart(BaseModel):
    """`{"type": "text", "text": …}`, or a kind that is not read."""

    type: str
    text: str | None = None


class Message(BaseModel):
    """One turn; `content` is null where an assistant only called a tool."""

    role: str
    content: str | list[ContentPart] | None = None

    @property
    def text(self) -> str:
        """What is written in it; images and the like are left out."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""

    def require_text_only(self) -> None:
        """Raises TextOnly for an image, a sound or a file."""
        if isinstance(self.content, list):
            if others := {part.type for part in self.content} - {"text", "input_text"}:
                raise TextOnly(", ".join(sorted(others)))


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatBody(BaseModel):
    """What is read of a request. The rest (temperature, tools …) has nothing to act on here."""

    model: str
    messages: list[Message] = Field(max_length=2000)
    stream: bool = False
    stream_options: StreamOptions | None = None

    @property
    def asked(self) -> list[Message]:
        """The person's own turns; the last one is the question."""
        return [message for message in self.messages if message.role == "user"]

    @property
    def answered(self) -> str:
        """The last turn of the assistant."""
        said = (m.text for m in reversed(self.messages) if m.role == "assistant")
        return next(said, "")


@dataclass(frozen=True)
class Completion:
    """One completion in the making; `base_url` makes addresses of citations absolute."""

    base_url: str
    prompt: str
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_urlsafe(16)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The response that is not streamed."""
        content = self.content(answer)
        message = {"role": "assistant", "content": content, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {
            **self._head(OBJECT),
            "choices": [choice],
            "usage": self._usage(content),
            "citations": self.citations(answer),
        }

    def chunk(self, **delta: str) -> dict[str, Any]:
        """A piece of a streamed response."""
        return self._chunk(delta, None)

    def last_chunks(self, answer: Answer, *, usage: bool) -> Iterator[dict[str, Any]]:
        """The end of a streamed response, with the citations; with `usage` one more, as asked for."""
        cited = {"citations": self.citations(answer)}
        yield self._chunk({}, "stop") | cited
        if usage:
            counted = {"choices": [], "usage": self._usage(self.content(answer))}
            yield self._head(f"{OBJECT}.chunk") | counted | cited

    def content(self, answer: Answer) -> str:
        """The answer's text, and what stands below it."""
        return plain_markdown(answer.text) + self.below(answer)

    def below(self, answer: Answer) -> str:
        """Sources, nearest places, choices and notices, each under its heading; empty without any."""
        nearest = answer.refusal.nearest if answer.refusal else ()
        labels = [choice.label for choice in answer.choices if choice.label not in answer.text]
        return "".join(
            (
                _list("", map(plain_markdown, labels)),
                _list(
                    replies.SOURCES, (f"[{c.marker}] {self._place(c)}" for c in answer.citations)
                ),
                _list(replies.NEAREST, map(self._place, nearest)),
                _list(replies.NOTICES, map(plain_markdown, answer.notices)),
            )
        )

    def citations(self, answer: Answer) -> list[CitationBody]:
        """As in the answer body of `/v1/ask`, with absolute addresses."""
        bodies = [citation_body(citation) for citation in answer.citations]
        return [{**body, "url": urljoin(self.base_url, body["url"])} for body in bodies]

    def _place(self, citation: Citation) -> str:
        where = plain_markdown(f"{citation.document.name}, {citation.locator}")
        return f"{where}: {urljoin(self.base_url, citation.url)}"

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": MODEL}

    def _chunk(self, delta: Mapping[str, str], finish_reason: str | None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {**self._head(f"{OBJECT}.chunk"), "choices": [choice]}

    def _usage(self, content: str) -> dict[str, int]:
        """Words between spaces: no tokenizer is at work, and nothing is charged."""
        asked, told = len(self.prompt.split()), len(content.split())
        return {"prompt_tokens": asked, "completion_tokens": told, "total_tokens": asked + told}


def _list(heading: str, lines: Iterable[str]) -> str:
    """Items under a heading, set off by empty lines; empty without items."""
    items = "\n".join(f"- {line}" for line in lines)
    return "\n\n".join(("", *filter(None, (heading, items)))) if items else ""


def plain_markdown(text: str) -> str:
    """Text whose HTML, images and links are shown as characters instead of acting, each line on its own:
    `a) …` would run on in the line before it."""
    lines = _LINE_END.sub("  \n", in_lines(text))
    return _DEFINITION.sub(r"\1\:", _ACTING.sub(r"\\\g<0>", lines))


def model_body() -> dict[str, Any]:
    """The one model that is here."""
    return {"id": MODEL, "object": "model", "created": 0, "owned_by": MODEL}


def is_openai(path: str) -> bool:
    """Whether a route's errors have OpenAI's form."""
    return path.startswith(PATHS)


_CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}
_TYPES = {401: "authentication_error", 429: "rate_limit_error"}


def openai_status(status: int) -> int:
    """OpenAI knows no 422."""
    return 400 if status == 422 else status


def error_body(status: int, detail: str) -> dict[str, Any]:
    """An error in OpenAI's form; `detail` is a Vietnamese sentence for the person who asked."""
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    param = "model" if status == 404 else None
    return {"error": {"message": detail, "type": kind, "param": param, "code": _CODES.get(status)}}


def words_of(messages: Sequence[Message]) -> str:
    """All that was sent, to be counted."""
    return "\n".join(message.text for message in messages)
