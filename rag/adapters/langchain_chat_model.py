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
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from config.settings import ChatModel, SettingsError
from rag.adapters.langchain_tracing import forbid_tracing
from rag.circuit_breaker import CircuitBreaker
from rag.errors import ChatModelUnavailable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable

Messages = list[tuple[str, str]]  # role, template
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class LangChainWriter:
    """Writes and mends from numbered passages. `answer_prompt` and `repair_prompt` are the texts of
    the files in `config/prompts/`; raises SettingsError where one lacks a placeholder."""

    def __init__(
        self,
        settings: ChatModel,
        answer_prompt: str,
        repair_prompt: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._answer = _answering(answer_prompt)
        self._repair = [*self._answer, ("ai", "{sentence}"), ("human", _repairing(repair_prompt))]
        self._breaker = CircuitBreaker(clock=clock)
        self._available = True
        self._lock = threading.Lock()
        self._model: BaseChatModel | None = None

    @property
    def name(self) -> str:
        return self._settings.model or ""

    @property
    def timeout_s(self) -> float:
        return self._settings.timeout_s

    @property
    def available(self) -> bool:
        return self._available

    async def write(self, question: str, sources: Sequence[str]) -> AsyncGenerator[str, None]:
        asked = {"question": question, "passages": numbered(sources)}
        async with aclosing(self._told(self._answer, asked, self.timeout_s)) as pieces:
            async for piece in pieces:
                yield piece

    async def repair(
        self, question: str, sources: Sequence[str], sentence: str, within_s: float
    ) -> str:
        """As a second turn: what the model has read for the first it need not read again."""
        asked = {"question": question, "passages": numbered(sources), "sentence": sentence}
        return "".join([piece async for piece in self._told(self._repair, asked, within_s)])

    async def _told(
        self, prompt: Messages, asked: dict[str, str], within_s: float
    ) -> AsyncGenerator[str, None]:
        """What the model says. Raises ChatModelUnavailable; one that says nothing is none."""
        if not self._breaker.lets_through():
            raise ChatModelUnavailable("left alone after several failures in a row")
        said = False
        try:
            async with aclosing(self._pieces(prompt, asked, within_s)) as pieces:
                async for piece in pieces:
                    said = said or bool(piece.strip())
                    yield piece
            if not said:
                raise ChatModelUnavailable("an empty answer")
        except GeneratorExit:  # enough was heard, or the person has left
            if said:
                self._succeeded()
            raise
        except Exception as exc:  # each provider has errors of its own, and none may reach a person
            self._breaker.failed()
            self._available = False
            raise ChatModelUnavailable(_detail(exc)) from exc
        self._succeeded()

    def _succeeded(self) -> None:
        self._breaker.succeeded()
        self._available = True

    async def _pieces(
        self, prompt: Messages, asked: dict[str, str], within_s: float
    ) -> AsyncGenerator[str, None]:
        """The time is for all pieces together: a server may be never silent for long, never done."""
        deadline = asyncio.get_running_loop().time() + within_s
        async with asyncio.timeout_at(deadline):
            model = await asyncio.to_thread(self._loaded)
        # A retry is the provider's client's: it knows which errors pass, and when to come back.
        # None is made once a piece has come.
        stream = cast("AsyncGenerator[str, None]", _chain(model, prompt).astream(asked))
        async with aclosing(stream):
            while True:
                async with asyncio.timeout_at(deadline):
                    piece = await anext(stream, None)
                if piece is None:
                    return
                yield piece

    def _loaded(self) -> BaseChatModel:
        with self._lock:  # two first questions must not build it twice
            if self._model is None:
                self._model = _model(self._settings)
            return self._model


def _model(settings: ChatModel) -> BaseChatModel:
    forbid_tracing()
    from langchain.chat_models import init_chat_model

    # At DEBUG it logs whole requests, and with them what people asked.
    logging.getLogger("openai").setLevel(logging.WARNING)
    _reach_this_machine_directly(settings.base_url)
    return cast("BaseChatModel", init_chat_model(settings.model, **_options(settings)))


def _chain(model: BaseChatModel, messages: Messages) -> Runnable[dict[str, str], str]:
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate

    return ChatPromptTemplate.from_messages(messages) | model | StrOutputParser()


def _options(settings: ChatModel) -> dict[str, Any]:
    options: dict[str, Any] = {
        "model_provider": settings.provider,
        "timeout": settings.timeout_s,
        "max_retries": 2,  # with a growing pause, before the first word
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


def numbered(sources: Sequence[str]) -> str:
    """Passages as `[n] ...`, one a line, from 1."""
    return "\n".join(f"[{n}] {' '.join(text.split())}" for n, text in enumerate(sources, start=1))


def _answering(prompt: str) -> Messages:
    """The system's part and the question's, on either side of a line `---`."""
    system, line, human = prompt.partition("\n---\n")
    if not line or _placeholders(system) or _placeholders(human) != {"passages", "question"}:
        raise SettingsError(
            "prompts/answer.md: wants a line ---, {passages} and {question} behind it, no other braces"
        )
    return [("system", system.strip()), ("human", human.strip())]


def _repairing(prompt: str) -> str:
    if not prompt.strip() or _placeholders(prompt):
        raise SettingsError("prompts/repair.md: wants a text without braces")
    return prompt.strip()


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
