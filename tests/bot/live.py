"""A real uvicorn in a thread, on a free port of this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from bot.app import create_app
from bot.conversations import Conversations
from bot.telegram_link import AnyApplication
from config.settings import Settings, load_settings
from tests.fakes import FakeAssistant

TOKEN = "token-of-this-machine"
QUESTION = "Các đơn vị báo cáo kết quả về Sở trước ngày nào?"
BOTH = "Các đơn vị báo cáo kết quả?"  # the fake finds it in both documents
STREAM = {"Accept": "text/event-stream"}
STAFF = {"X-Forwarded-For": "203.0.113.7"}  # somebody on another machine, behind our proxy


@dataclass(frozen=True)
class Live:
    url: str
    assistant: FakeAssistant
    conversations: Conversations
    settings: Settings
    client: httpx.Client

    def ask(self, question: str, **fields: Any) -> dict[str, Any]:
        """An answer body. Fails on any other status than 200."""
        reply = self.client.post("/v1/ask", json={"question": question, **fields})
        assert reply.status_code == 200, reply.text
        return dict(reply.json())


def settings_in(folder: Path, **environ: str) -> Settings:
    return load_settings({"DANVAN_DATA_DIR": str(folder), **environ})


@contextmanager
def running(
    settings: Settings,
    assistant: FakeAssistant | None = None,
    build_telegram: Callable[[], AnyApplication] | None = None,
) -> Iterator[Live]:
    assistant = assistant or FakeAssistant()
    conversations = Conversations(settings.data_dir / "danvan.sqlite3")
    app = create_app(
        settings,
        assistant,
        conversations,
        machine_token=TOKEN,
        build_telegram=build_telegram,
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=2)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started and thread.is_alive():
                time.sleep(0.005)
            with httpx.Client(base_url=url, timeout=20) as client:
                yield Live(url, assistant, conversations, settings, client)
        finally:
            server.should_exit = True
            thread.join()
            conversations.close()
