"""What may be set, where it comes from, and what is refused.

Order, later wins: `config/default.yaml`, the file named by `DANVAN_CONFIG`, environment variables
`DANVAN_SECTION__NAME`. An unknown key stops the start with its name. No behaviour here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

HERE = Path(__file__).parent
DEFAULT_FILE = HERE / "default.yaml"
PREFIX = "DANVAN_"


class SettingsError(Exception):
    """A setting is unknown or has a wrong value; the message names it."""


class Section(BaseModel):
    """A section can't be misspelt and can't be changed after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(Section):
    host: str
    port: int = Field(ge=0, le=65535)
    public_url: str | None
    allowed_origins: list[str]
    frame_ancestors: list[str]
    api_key: SecretStr | None
    questions_per_minute: int = Field(ge=1)
    max_waiting: int = Field(ge=1)


class Telegram(Section):
    token: SecretStr | None
    base_url: str
    mode: Literal["polling", "webhook"]
    webhook_secret: SecretStr | None
    proxy: str | None
    allowed_users: list[int]
    allowed_groups: list[int]


class Library(Section):
    documents_dir: Path | None
    max_file_bytes: int = Field(ge=1)
    allow_secret: bool
    abbreviations: Path | None


class Embedder(Section):
    model: str
    precision: Literal["int8", "float32"]
    batch_size: int = Field(ge=1, le=256)
    threads: int | None = Field(ge=1)


class Retrieval(Section):
    lexical_weight: float = Field(ge=0, le=1)
    k1: float = Field(gt=0)
    b: float = Field(ge=0, le=1)
    candidates: int = Field(ge=1, le=1000)
    cross_encoder: str | None


class ChatModel(Section):
    model: str | None
    provider: str
    base_url: str | None
    api_key: SecretStr | None
    timeout_s: float = Field(gt=0)
    max_tokens: int = Field(ge=16)
    entailment: str | None


class Conversations(Section):
    expire_days: int = Field(ge=1)


class Logging(Section):
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]
    questions: bool


class Settings(Section):
    data_dir: Path
    server: Server
    telegram: Telegram
    library: Library
    embedder: Embedder
    retrieval: Retrieval
    chat_model: ChatModel
    conversations: Conversations
    logging: Logging


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and join the three sources.

    Raises SettingsError naming the key or the file that is wrong.
    """
    environ = os.environ if environ is None else environ
    values = _read_yaml(DEFAULT_FILE)
    if extra := environ.get(f"{PREFIX}CONFIG"):
        values = _merge(values, _read_yaml(Path(extra)))
    try:
        return Settings.model_validate(_merge(values, _from_environment(environ)))
    except ValidationError as exc:
        wrong = exc.errors()[0]
        key = ".".join(str(step) for step in wrong["loc"])
        raise SettingsError(f"{key}: {wrong['msg']}") from exc


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise SettingsError(f"{path}: {type(exc).__name__}") from exc
    if not isinstance(values or {}, dict):
        raise SettingsError(f"{path}: not a mapping")
    return values or {}


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """`DANVAN_SERVER__PORT=8001` becomes `{"server": {"port": 8001}}`; lists are YAML."""
    values: dict[str, Any] = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX) or name == f"{PREFIX}CONFIG":
            continue
        path = name.removeprefix(PREFIX).lower().split("__")
        node = values
        for step in path[:-1]:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise SettingsError(f"{step}: is a section, not a value")
        node[path[-1]] = _scalar(text)
    return values


def _scalar(text: str) -> Any:
    """A list or null as YAML reads it; any other text stays one, and pydantic makes it a number."""
    if text.strip() in ("", "null"):
        return None
    try:
        return yaml.safe_load(text) if text.lstrip().startswith("[") else text
    except yaml.YAMLError:
        return text


def _merge(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    joined = dict(low)
    for key, value in high.items():
        both = isinstance(value, dict) and isinstance(low.get(key), dict)
        joined[key] = _merge(low[key], value) if both else value
    return joined
