from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.live import Live, running, settings_in


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with running(settings_in(tmp_path)) as server:
        yield server
