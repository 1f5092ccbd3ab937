"""Reads the fields of a JSON object strictly: each must have its type, none may be left over."""

from __future__ import annotations

import datetime as dt
from typing import Any

from corpus.errors import BadSuite


class Fields:
    """The fields of one JSON object, to be taken out one by one; ``where`` starts each error."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise BadSuite(f"{where}: expected a JSON object, found {_kind(value)}")
        self._left: dict[str, Any] = dict(value)
        self._where = where

    def text(self, name: str) -> str:
        """Take a field that must be there and say something."""
        if name not in self._left:
            raise BadSuite(f"{self._where}: {name} is missing; add it")
        return self._text(self._left.pop(name), name)

    def text_if_there(self, name: str) -> str:
        """Take a field that must say something where it is there, empty where it is not."""
        return self.text(name) if name in self._left else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of texts, empty when the field is not there."""
        return tuple(self._text(one, f"each of {name}") for one in self._list(name))

    def flag(self, name: str) -> bool:
        """Take true or false, false when the field is not there."""
        value = self._left.pop(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false", value)
        return value

    def date(self, name: str) -> dt.date | None:
        """Take a date like 2020-01-31, None when the field is not there."""
        value = self._left.pop(name, None)
        if value is None:
            return None
        try:
            return dt.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise self._wrong(name, "a date like 2020-01-31", value) from None

    def nested(self, name: str) -> Fields:
        """Take an object, empty when the field is not there."""
        return Fields(self._left.pop(name, {}), f"{self._where}, {name}")

    def nested_list(self, name: str) -> tuple[Fields, ...]:
        """Take a list of objects, empty when the field is not there."""
        return tuple(Fields(one, f"{self._where}, {name}") for one in self._list(name))

    def close(self) -> None:
        """Refuse whatever was not taken."""
        if self._left:
            unknown = ", ".join(sorted(self._left))
            raise BadSuite(f"{self._where}: unknown key {unknown}; remove it or correct its name")

    def _list(self, name: str) -> list[Any]:
        value = self._left.pop(name, [])
        if not isinstance(value, list):
            raise self._wrong(name, "a list", value)
        return value

    def _text(self, value: object, name: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(name, "a text that is not blank", value)
        # JSON can spell half a surrogate pair, which no report could write down again.
        if not value.isprintable() and any("\ud800" <= char <= "\udfff" for char in value):
            raise self._wrong(name, "a text of whole characters", value)
        return value

    def _wrong(self, name: str, expected: str, value: object) -> BadSuite:
        return BadSuite(f"{self._where}: {name} must be {expected}, found {_kind(value)}")


def _kind(value: object) -> str:
    """Say what a JSON value is, shortly."""
    if isinstance(value, str):
        return f"the text {value[:40]!r}"
    names = {dict: "an object", list: "a list", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
