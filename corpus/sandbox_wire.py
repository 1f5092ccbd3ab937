"""What travels between this process and the ones that read: JSON in frames with their length.

Not pickle: a parser that a hostile file has taken over must not be able to run code over here. So
every value is checked against the type that it should have before it is believed.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import datetime as dt
import functools
import json
import os
import struct
import types
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

LONGEST_FRAME = 100_000_000
"""Bytes of one answer: several times the largest file that is read."""

_LENGTH = struct.Struct("!I")
_CHUNK = 1 << 20


class BadFrame(Exception):
    """Bytes that are no frame, or a value that has not the type it should have."""


def send(write_end: int, value: object) -> None:
    """Write one value to a pipe; raises BadFrame where it is too long, OSError on a closed pipe."""
    # File names that are no UTF-8 hold lone surrogates.
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(body) > LONGEST_FRAME:
        raise BadFrame(f"a frame of {len(body)} bytes")
    view = memoryview(_LENGTH.pack(len(body)) + body)
    while view:
        view = view[os.write(write_end, view) :]


def receive(read_end: int, wait: Callable[[], None] = lambda: None) -> Any:
    """Read one value from a pipe; EOFError where the other side is gone.

    ``wait`` is called before each read, returns when there are bytes, and may raise to give up.
    Raises BadFrame on what is no frame.
    """
    (length,) = _LENGTH.unpack(_exactly(read_end, _LENGTH.size, wait))
    if length > LONGEST_FRAME:
        raise BadFrame(f"a frame of {length} bytes")
    body = _exactly(read_end, length, wait)
    try:
        return json.loads(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise BadFrame(f"no JSON: {error}") from error


def _exactly(read_end: int, count: int, wait: Callable[[], None]) -> bytearray:
    data = bytearray()
    while len(data) < count:
        wait()
        part = os.read(read_end, min(count - len(data), _CHUNK))
        if not part:
            raise EOFError
        data += part
    return data


def to_json(value: object) -> Any:
    """Turn dataclasses, tuples, dates, paths and bytes into what JSON has."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: to_json(getattr(value, name)) for name in _hints(type(value))}
    if isinstance(value, tuple | list):
        return [to_json(one) for one in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    return value


def from_json(kind: Any, value: object) -> Any:
    """Rebuild a value of the type ``kind`` from what ``to_json`` made; BadFrame where it is not.

    Types: ``str``, ``int``, ``float``, ``bool``, ``bytes``, dates, paths, tuples, dataclasses of
    these, and unions with ``None``.
    """
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _one_of(typing.get_args(kind), value)
    if origin is tuple and isinstance(value, list):
        return _tuple(typing.get_args(kind), value)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _dataclass(kind, value)
    if isinstance(value, str) and kind in _FROM_TEXT:
        try:
            return _FROM_TEXT[kind](value)
        except (ValueError, binascii.Error) as error:
            raise BadFrame(f"no {kind.__name__}: {error}") from error
    if kind is float and type(value) is int:
        return float(value)
    # ``type`` and not ``isinstance``: True is no number here.
    if type(value) is not (type(None) if kind is None else kind):
        raise BadFrame(f"a {type(value).__name__} where {kind} should be")
    return value


def _one_of(kinds: tuple[Any, ...], value: object) -> Any:
    if value is None and type(None) in kinds:
        return None
    others = [kind for kind in kinds if kind is not type(None)]
    if len(others) != 1:
        raise TypeError(f"a union of {kinds} does not travel")
    return from_json(others[0], value)


def _tuple(kinds: tuple[Any, ...], value: list[object]) -> tuple[Any, ...]:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(from_json(kinds[0], one) for one in value)
    if len(kinds) != len(value):
        raise BadFrame(f"{len(value)} values where {len(kinds)} should be")
    return tuple(from_json(kind, one) for kind, one in zip(kinds, value, strict=True))


def _dataclass(kind: type, value: object) -> Any:
    hints = _hints(kind)
    if not isinstance(value, dict) or value.keys() != hints.keys():
        raise BadFrame(f"no {kind.__name__}")
    return kind(**{name: from_json(hint, value[name]) for name, hint in hints.items()})


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


_FROM_TEXT: dict[Any, Callable[[str], Any]] = {
    dt.date: dt.date.fromisoformat,
    bytes: functools.partial(base64.b64decode, validate=True),
    Path: Path,
}
