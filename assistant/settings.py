"""Settings: ``assistant.toml``, then ``ASSISTANT_*`` in the environment, then flags."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.llm_settings import LlmSettings, checked_llms, chosen_llm
from assistant.vector_server import EMBEDDED, HEADERS, checked_vectors
from corpus.errors import BadSettings
from corpus.remote import checked_url, is_url
from index.server import DEFAULT_DATABASE, DEFAULT_TENANT

_NOT_SETTINGS = {"ASSISTANT_HOME", HEADERS}


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default."""

    model: str = "all-MiniLM-L6-v2"
    backend: str = "auto"
    query_prefix: str = ""
    passage_prefix: str = ""
    online: bool = False
    passages: int = 10
    max_quotes: int = 3
    max_file_mb: int = 25
    host: str = "127.0.0.1"
    port: int = 7860
    examples: tuple[str, ...] = ()
    reranker: str = "none"
    keep_indexes: int = 1
    database: str = ""
    keep_chats: bool = True
    chats_days: int = 0
    users: str = "off"
    users_header: str = "X-Remote-User"
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    vectors: str = EMBEDDED
    vectors_tenant: str = DEFAULT_TENANT
    vectors_database: str = DEFAULT_DATABASE
    vectors_ca: str = ""
    vectors_timeout: int = 5
    vectors_patience: int = 30
    requests_per_minute: int = 120
    tracing: bool = False
    documents: str = ""
    llm: str = "none"
    llms: Mapping[str, LlmSettings] = dataclasses.field(default_factory=dict)


_RANGES = {
    "passages": (1, 100),
    "max_quotes": (1, 10),
    "max_file_mb": (1, 2000),
    "keep_indexes": (0, 5),
    "chats_days": (0, 36_500),
    "port": (0, 65535),
    "vectors_timeout": (1, 600),
    "vectors_patience": (0, 3600),
    "requests_per_minute": (0, 1_000_000),
}
_CHOICES = {
    "backend": ("auto", "openvino", "openvino-bf16", "onnx", "onnx-int8", "torch"),
    "users": ("off", "accounts", "header"),
}
_FIELDS = {field.name: field for field in dataclasses.fields(Settings)}


def load_settings(file: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a home. A missing file is no error.

    Raises BadSettings naming the file or variable, the key, and what it may be.
    """
    values = _from_file(file)
    values |= _from_environment(environment)
    made = Settings(**values)  # type: ignore[arg-type]  # each value was checked on its way in
    chosen_llm(made.llm, made.llms)
    if is_url(made.documents):
        checked_url(made.documents, f"{file}: documents")
    return made


def documents_of(file: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Return where the settings of a home say that its documents are; empty where they do not, or
    cannot be read, which ``load_settings`` tells."""
    try:
        stated = tomllib.loads(file.read_text("utf-8")).get("documents", "")
    except (OSError, ValueError):
        stated = ""
    found = environment.get("ASSISTANT_DOCUMENTS", stated)
    return found if isinstance(found, str) else ""


def _from_file(file: Path) -> dict[str, object]:
    try:
        raw = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadSettings(
            f"{file} could not be read ({error.strerror}): check its rights"
        ) from error
    # Besides broken TOML: bytes that are no UTF-8, and numbers with thousands of digits.
    except ValueError as error:
        raise BadSettings(f"{file} is not valid TOML ({error}): correct that line") from error
    values = {key: _checked(f"{file}: {key}", key, value) for key, value in raw.items()}
    # A model's folder is meant from the home on: commands are run from anywhere.
    beside = file.parent / str(values.get("model", ""))
    if "model" in values and values["model"] != Settings().model and beside.is_dir():
        values["model"] = str(beside.resolve())
    if values.get("vectors_ca"):
        values["vectors_ca"] = str(file.parent.resolve() / str(values["vectors_ca"]))
    return values


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, text in environment.items():
        if name.startswith("ASSISTANT_") and name not in _NOT_SETTINGS:
            key = name.removeprefix("ASSISTANT_").lower()
            values[key] = _checked(name, key, _parsed(key, text))
    return values


def _parsed(key: str, text: str) -> object:
    """Turn a variable's text into the type of its setting; what does not fit stays text."""
    default = getattr(Settings(), key, "")
    if isinstance(default, bool):
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if isinstance(default, int):
        with contextlib.suppress(ValueError):
            return int(text)
        return text
    if isinstance(default, tuple):
        return [part.strip() for part in text.split("|") if part.strip()]
    return text


def _checked(where: str, key: str, value: object) -> object:
    if key not in _FIELDS:
        raise BadSettings(f"{where}: there is no such setting; there are {', '.join(_FIELDS)}")
    default = getattr(Settings(), key)
    for kind, check in _CHECKS.items():
        if type(default) is kind:
            return check(where, key, value)
    raise AssertionError(f"no check for settings of type {type(default).__name__}")


def _check_bool(where: str, key: str, value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise BadSettings(f"{where} is {value!r}: write true or false")


def _check_int(where: str, key: str, value: object) -> int:
    low, high = _RANGES[key]
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise BadSettings(f"{where} is {value!r}: write a whole number from {low} to {high}")


def _check_text(where: str, key: str, value: object) -> str:
    choices = _CHOICES.get(key)
    if choices and value not in choices:
        raise BadSettings(f"{where} is {value!r}: write one of {', '.join(choices)}")
    may_be_empty = getattr(Settings(), key) == ""
    if key == "database" and value and not str(value).startswith(("postgresql://", "postgres://")):
        raise BadSettings(f'{where}: write "postgresql://user@host/name", or leave it out')
    if isinstance(value, str) and (value.strip() or may_be_empty):
        return checked_vectors(where, value) if key == "vectors" else value
    raise BadSettings(f"{where} is {value!r}: write a text in quotation marks")


def _check_list(where: str, key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        return tuple(value)
    raise BadSettings(f'{where} is {value!r}: write a list of texts, as in ["one", "two"]')


def _check_tables(where: str, key: str, value: object) -> Mapping[str, LlmSettings]:
    return checked_llms(where, value)


_CHECKS: dict[type, Callable[[str, str, object], object]] = {
    bool: _check_bool,
    int: _check_int,
    str: _check_text,
    tuple: _check_list,
    dict: _check_tables,
}
