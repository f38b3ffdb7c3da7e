"""LangChain's tracing stays off: it would send questions and documents to another company's server,
and one environment variable left from another program is enough to turn it on."""

from __future__ import annotations

import os
from typing import Any


def forbid_tracing() -> None:
    """Turn tracing off for this process. Called before LangChain is imported."""
    for name in (
        "LANGSMITH_TRACING",
        "LANGSMITH_TRACING_V2",
        "LANGCHAIN_TRACING_V2",
        "LANGCHAIN_TRACING",
    ):
        os.environ[name] = "false"
    os.environ.pop("LANGCHAIN_HANDLER", None)
    from langsmith.utils import get_env_var

    cached: Any = get_env_var  # typed as overloads, which hide that it is an lru_cache
    cached.cache_clear()  # it may have been read before
