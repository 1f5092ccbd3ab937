"""Which language models may write answers, as ``assistant.toml`` and ``--llm`` name them."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from corpus.errors import BadSettings, UnknownModel

KINDS = ("openai-like", "anthropic")
NONE = "none"
"""The name that asks for quotes alone."""
_INLINE = re.compile(r"(?P<kind>openai-like|anthropic):(?P<model>[^@\s]+)(?:@(?P<url>\S+))?")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_CALLS = ("/chat/completions", "/completions", "/messages")
"""What clients add to an address by themselves."""
_EXAMPLE = 'as in "openai-like:llama3.2@http://127.0.0.1:11434/v1"'


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """One language model: where it is, and what it is given.

    ``key_variable`` names the environment variable that holds the key; the key itself stands in no
    file. ``context_tokens`` is the size of its window, of which ``answer_tokens`` are kept for the
    answer. Within ``first_token_seconds`` it must begin and within ``seconds`` be done; else the
    extractive answer is given. ``passages`` are shown to it at most.
    """

    name: str
    kind: str
    model: str
    url: str = ""
    key_variable: str = ""
    context_tokens: int = 4096
    answer_tokens: int = 400
    seconds: int = 60
    first_token_seconds: int = 30
    passages: int = 6


_RANGES = {
    "context_tokens": (512, 10_000_000),
    "answer_tokens": (16, 100_000),
    "seconds": (1, 3600),
    "first_token_seconds": (1, 3600),
    "passages": (1, 100),
}
_FIELDS = tuple(field.name for field in dataclasses.fields(LlmSettings) if field.name != "name")
_KEYS = {"anthropic": "ANTHROPIC_API_KEY", "openai-like": ""}


def checked_llms(where: str, value: object) -> dict[str, LlmSettings]:
    """Return the tables ``[llms.NAME]`` by name. Raises BadSettings naming the key at fault."""
    if not isinstance(value, dict):
        raise BadSettings(f"{where} is {value!r}: write tables in the file, as in [llms.local]")
    return {name: _checked(f"{where}.{name}", name, table) for name, table in value.items()}


def named_llm(name: str | None, llms: Mapping[str, LlmSettings]) -> str | None:
    """Return the name of an LLM that a stranger may choose: one of the settings, or none.

    One that is written out would make this program connect to any address that strangers name.
    Raises UnknownModel.
    """
    if name is None or name == NONE or name in llms:
        return name
    known = ", ".join([NONE, *llms])
    raise UnknownModel(f"there is no language model {name!r} here: there are {known}")


def chosen_llm(name: str, llms: Mapping[str, LlmSettings]) -> LlmSettings | None:
    """Return the model that a name means, or one written out, or None for ``none``.

    Raises BadSettings where nothing has that name.
    """
    if name == NONE:
        return None
    if name in llms:
        return llms[name]
    found = _INLINE.fullmatch(name)
    if found is None:
        known = f"there are {', '.join([NONE, *llms])}" if llms else "assistant.toml has none"
        raise BadSettings(
            f"there is no language model {name!r}; {known}: name one that is there, or write it "
            f"out, {_EXAMPLE}"
        )
    table = {key: text for key, text in found.groupdict().items() if text}
    return _checked("llm", f"{found['kind']}:{found['model']}", table)


def _checked(where: str, name: str, table: object) -> LlmSettings:
    if not isinstance(table, dict):
        raise BadSettings(f"{where} is {table!r}: write a table with kind, model and url")
    for key in table:
        if key not in _FIELDS:
            raise BadSettings(
                f"{where}.{key}: there is no such setting; there are {', '.join(_FIELDS)}"
            )
    values = {key: _value(f"{where}.{key}", key, one) for key, one in table.items()}
    for key in ("kind", "model"):
        if key not in values:
            raise BadSettings(f"{where} lacks {key}: add it, {_EXAMPLE}")
    kind = str(values["kind"])
    if kind == "openai-like" and not values.get("url"):
        raise BadSettings(f"{where} lacks its server's address: add url, {_EXAMPLE}")
    values.setdefault("key_variable", _KEYS[kind])
    made = LlmSettings(name=name, **values)  # type: ignore[arg-type]  # each was checked above
    if made.answer_tokens * 2 > made.context_tokens:
        raise BadSettings(
            f"{where}.answer_tokens is {made.answer_tokens}, more than half of context_tokens "
            f"({made.context_tokens}): no passage would fit beside the answer"
        )
    return made


def _value(where: str, key: str, value: object) -> object:
    if key in _RANGES:
        low, high = _RANGES[key]
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise BadSettings(f"{where} is {value!r}: write a whole number from {low} to {high}")
    if not isinstance(value, str) or not (value.strip() or key == "key_variable"):
        raise BadSettings(f"{where} is {value!r}: write a text in quotation marks")
    if key == "kind" and value not in KINDS:
        raise BadSettings(f"{where} is {value!r}: write one of {', '.join(KINDS)}")
    if key == "url":
        return _address(where, value)
    if key == "key_variable":
        return _variable(where, value)
    return value


def _address(where: str, value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if parts.username or parts.password:
        # The address is shown in errors and in the log.
        raise BadSettings(
            f"{where} holds a user name or a password: keep them out of the address, and name the "
            "variable that holds the key as key_variable"
        )
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadSettings(f"{where} is {value!r}: write an address of http or https, {_EXAMPLE}")
    for ending in _CALLS:
        if parts.path.rstrip("/").endswith(ending):
            raise BadSettings(f"{where} is {value!r}: write it without {ending}, {_EXAMPLE}")
    return value


def _variable(where: str, value: str) -> str:
    if value and not _VARIABLE.fullmatch(value):
        # What stands there may be the key itself, so it is not repeated.
        raise BadSettings(
            f"{where} is no name of an environment variable: put the key into the environment, and "
            "the variable's name here"
        )
    if value.startswith("ASSISTANT_"):
        raise BadSettings(f"{where} is {value}: such variables are settings; use another name")
    return value
