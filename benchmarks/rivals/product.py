"""The product's own row: what `danvan eval retrieval` says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from benchmarks.rivals.suite import Suite


def measured(suite: Suite) -> dict[str, Any]:
    """The command's measures; `search_ms_…` is the search without the embedding, as of the rivals.

    Raises CalledProcessError.
    """
    command = [
        sys.executable, "-m", "bot.cli", "eval", "retrieval", "--json",
        "--corpus", str(suite.corpus), "--questions", str(suite.questions),
    ]  # fmt: skip
    if suite.limit is not None:
        command += ["--limit-questions", str(suite.limit)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    measures: dict[str, Any] = json.loads(done.stdout)
    return measures
