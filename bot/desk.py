"""What every HTTP route needs at hand, and who may come to it."""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.requests import Request

from bot.conversations import Conversations
from bot.errors import ManagementRefused, WrongKey
from bot.limits import PersonLimit, Waiting
from config.settings import Settings
from rag.assistant import Assistant
from rag.sensitive import cautions

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Desk:
    """The parts of a running server. `machine_token` is known to this machine's commands only."""

    settings: Settings
    assistant: Assistant
    conversations: Conversations
    machine_token: str
    person_limit: PersonLimit
    waiting: Waiting

    def require_machine(self, request: Request) -> None:
        """Raises ManagementRefused for anybody but this machine's commands."""
        if not _same(_bearer(request), self.machine_token):
            raise ManagementRefused

    def require_key(self, request: Request) -> None:
        """Raises WrongKey where a key is set and neither it nor the machine's token came."""
        key = self.settings.server.api_key
        given = _bearer(request)
        if key is None or _same(given, self.machine_token):
            return
        if not _same(given, key.get_secret_value()):
            raise WrongKey

    def log_question(self, text: str) -> None:
        """Write what was asked into the log, where the settings say so and it may be kept."""
        if self.settings.logging.questions and not cautions(text):
            log.info("question: %r", text)

    @contextmanager
    def place_for(self, request: Request) -> Iterator[None]:
        """A place in the queue. Raises TooManyQuestions, TooBusy."""
        person = _person(request)
        if person is not None and not _same(_bearer(request), self.machine_token):
            self.person_limit.count(person)
        with self.waiting.place():
            yield


def _bearer(request: Request) -> bytes:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    # Starlette reads headers as Latin-1; a Vietnamese key comes as UTF-8.
    return value.strip().encode("latin-1") if scheme.lower() == "bearer" else b""


def _same(given: bytes, wanted: str) -> bool:
    """In constant time. An empty secret fits nobody."""
    return bool(wanted) and hmac.compare_digest(given, wanted.encode())


def _person(request: Request) -> str | None:
    """Who is counted: the address. None for this machine itself.

    Its own commands and measurements are no loop gone wild, and a local proxy that hides
    addresses would make one person of the whole office.
    """
    host = request.client.host if request.client else ""
    try:
        return None if ipaddress.ip_address(host).is_loopback else host
    except ValueError:
        return host or None
