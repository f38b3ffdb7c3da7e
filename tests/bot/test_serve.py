"""The whole server as a process of its own: server.json, signals, a port in use."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.app import bound_socket
from bot.errors import AddressUnavailable

PROGRAM = """
import asyncio, sys
from pathlib import Path
from bot.app import bound_socket, serve_assistant
from tests.bot.live import settings_in
from tests.fakes import FakeAssistant
with bound_socket("127.0.0.1", 0) as listener:
    asyncio.run(serve_assistant(settings_in(Path(sys.argv[1])), FakeAssistant(), listener))
print("clean end")
"""
ROOT = Path(__file__).parents[2]


@contextmanager
def serving(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "error", "-c", PROGRAM, str(folder)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_server(folder: Path, process: subprocess.Popen[str]) -> dict[str, str]:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        try:
            server = json.loads((folder / "server.json").read_text())
            httpx.get(f"{server['url']}/health").raise_for_status()
            return dict(server)
        except (OSError, ValueError, httpx.HTTPError):
            time.sleep(0.05)
    raise AssertionError("no server: " + process.communicate()[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_server_json_lets_this_machine_in_and_goes_with_the_server(
    tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "server.json").write_text("left by a server that was killed")
    with serving(tmp_path) as process:
        server = wait_for_server(tmp_path, process)
        assert stat.S_IMODE((tmp_path / "server.json").stat().st_mode) == 0o600
        assert int(server["pid"]) == process.pid
        headers = {"Authorization": f"Bearer {server['token']}"}
        reply = httpx.delete(f"{server['url']}/v1/documents/ke-hoach-2024", headers=headers)
        assert reply.status_code == 409
        os.kill(process.pid, number)
        out, err = process.communicate(timeout=15)
    assert "clean end" in out, err
    assert process.returncode == 0
    assert "Traceback" not in err
    assert server["token"] not in err
    assert not (tmp_path / "server.json").exists()


def test_a_port_in_use_is_a_clear_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressUnavailable), bound_socket("127.0.0.1", port):
            pass


def test_an_address_of_another_machine_is_a_clear_error() -> None:
    with pytest.raises(AddressUnavailable), bound_socket("203.0.113.1", 0):
        pass
