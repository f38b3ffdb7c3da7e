"""A chat model through LangChain: any provider that `init_chat_model` knows, any server that speaks
the OpenAI protocol. What it writes is raw; `rag.verify` decides what of it a person sees.

LangChain is imported with the first question, in a thread: it takes seconds.
"""

from __future__ import annotations

import asyncio
import logging
import os
import string
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from config.settings import ChatModel, SettingsError
from rag.adapters.langchain_tracing import forbid_tracing
from rag.circuit_breaker import CircuitBreaker
from rag.errors import ChatModelUnavailable

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

# A context of 4,096 tokens holds the prompt (about 350), an answer of 400, and this many characters
# of Vietnamese at two a token, what small models' tokenizers need at worst.
MAX_INPUT_CHARS = 6000
_SHORTEST_CUT = 160  # characters; a piece shorter than this tells a model nothing
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class LangChainWriter:
    """Writes answers from numbered passages. Raises SettingsError for a prompt file that lacks a
    placeholder."""

    def __init__(
        self, settings: ChatModel, prompt_text: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._prompt = _checked(prompt_text)
        self._breaker = CircuitBreaker(clock=clock)
        self._lock = threading.Lock()
        self._chain: Runnable[dict[str, str], str] | None = None

    @property
    def name(self) -> str:
        return self._settings.model or ""

    async def write(self, question: str, sources: Sequence[str]) -> str:
        """The model's raw text. Raises ChatModelUnavailable, within `timeout_s`."""
        if not self._breaker.lets_through():
            raise ChatModelUnavailable("left alone after several failures in a row")
        asked = {
            "question": question,
            "passages": numbered(sources, MAX_INPUT_CHARS - len(question)),
        }
        try:
            text = await self._asked(asked)
        except Exception as exc:  # each provider has errors of its own, and none may reach a person
            self._breaker.failed()
            raise ChatModelUnavailable(_detail(exc)) from exc
        if not text.strip():
            self._breaker.failed()
            raise ChatModelUnavailable("an empty answer")
        self._breaker.succeeded()
        return text

    async def _asked(self, asked: dict[str, str]) -> str:
        async with asyncio.timeout(self._settings.timeout_s):
            chain = await asyncio.to_thread(self._loaded)
            return await chain.ainvoke(asked)

    def _loaded(self) -> Runnable[dict[str, str], str]:
        with self._lock:  # two first questions must not build it twice
            if self._chain is None:
                self._chain = _chain(self._settings, *self._prompt)
            return self._chain


def _chain(settings: ChatModel, system: str, human: str) -> Runnable[dict[str, str], str]:
    forbid_tracing()
    from langchain.chat_models import init_chat_model
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate

    # At DEBUG it logs whole requests, and with them what people asked.
    logging.getLogger("openai").setLevel(logging.WARNING)
    _reach_this_machine_directly(settings.base_url)
    model = init_chat_model(settings.model, **_options(settings))
    prompt = ChatPromptTemplate.from_messages([("system", system), ("human", human)])
    return prompt | model | StrOutputParser()


def _options(settings: ChatModel) -> dict[str, Any]:
    options: dict[str, Any] = {
        "model_provider": settings.provider,
        "timeout": settings.timeout_s,
        "max_retries": 1,
        "temperature": 0,
        "max_tokens": settings.max_tokens,
    }
    if settings.base_url:
        options["base_url"] = settings.base_url
    if settings.api_key:
        options["api_key"] = settings.api_key.get_secret_value()
    if settings.provider == "openai":
        options |= _of_openai(settings)
    return options


def _of_openai(settings: ChatModel) -> dict[str, Any]:
    # No connection outlives its question: one kept by a loop that has ended would break the next.
    options: dict[str, Any] = {"default_headers": {"Connection": "close"}}
    if settings.base_url:
        options["use_responses_api"] = False
        # LangChain sends `max_completion_tokens`, which many compatible servers don't read.
        options["extra_body"] = {"max_tokens": settings.max_tokens}
        if not settings.api_key:  # else the key of OPENAI_API_KEY would go to a server it isn't for
            options["api_key"] = "none"
    return options


def _reach_this_machine_directly(base_url: str | None) -> None:
    """A proxy from the environment must not see what is asked of a model on this machine."""
    if urlsplit(base_url or "").hostname in _LOOPBACK:
        for name in ("NO_PROXY", "no_proxy"):
            known = os.environ.get(name, "")
            os.environ[name] = ",".join(
                dict.fromkeys([*filter(None, known.split(",")), *_LOOPBACK])
            )


def numbered(sources: Sequence[str], limit: int) -> str:
    """Passages as `[n] ...`, in their order, at most `limit` characters; the one that no longer fits
    is cut at a word, those behind it are left out."""
    lines: list[str] = []
    for number, source in enumerate(sources, start=1):
        line = f"[{number}] {' '.join(source.split())}"
        if len(line) > limit:
            if limit >= _SHORTEST_CUT:
                lines.append(f"{line[:limit].rpartition(' ')[0]} …")
            break
        lines.append(line)
        limit -= len(line) + 1
    return "\n".join(lines)


def _checked(prompt_text: str) -> tuple[str, str]:
    """The system's part and the question's, on either side of a line `---`."""
    system, line, human = prompt_text.partition("\n---\n")
    if not line or _placeholders(system) or _placeholders(human) != {"passages", "question"}:
        raise SettingsError(
            "prompts/answer.md: wants a line ---, {passages} and {question} behind it, no other braces"
        )
    return system.strip(), human.strip()


def _placeholders(template: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    except ValueError:
        return {"a brace that is never closed"}


def _detail(exc: Exception) -> str:
    """For the operator; a provider's own message may repeat the question, and the key."""
    status = getattr(exc, "status_code", None)
    if isinstance(exc, ImportError):
        return f"ImportError: {exc}"  # names the package to install
    return f"{type(exc).__name__}{f' {status}' if isinstance(status, int) else ''}"
