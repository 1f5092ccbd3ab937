"""Every regular expression of the project, with how it is used, and inputs made to slow it down."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("corpus", "index", "assistant", "evals")
_CALLS = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
_AT_START = {"match", "fullmatch"}
_OTHERS = ("a", "A", "0", " ", "\n", ".", ",", "-", '"', "(", "<", "é", "\x00")
"""What is tried besides what a pattern itself names."""


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and whether it is tried at a text's start only."""

    where: str
    pattern: re.Pattern[str]
    at_start: bool


def modules() -> Iterator[tuple[str, Path]]:
    """Give each module's name with its file."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def all_patterns() -> list[Used]:
    """Return every pattern once for each module that it stands in."""
    found: dict[tuple[str, str, int, bool], Used] = {}
    for name, path in modules():
        source = path.read_text("utf-8")
        if "re." not in source and "Pattern" not in source:
            continue
        tree = ast.parse(source)
        for one in [*_kept(importlib.import_module(name), _calls(tree)), *_inline(name, tree)]:
            if isinstance(one.pattern.pattern, str):
                found[name, one.pattern.pattern, one.pattern.flags, one.at_start] = one
    return [*found.values()]


def _kept(module: ModuleType, calls: Mapping[str, set[str]]) -> Iterator[Used]:
    for name, value in vars(module).items():
        for pattern in _within(value):
            used = calls.get(name, set()) if value is pattern else set()
            yield Used(f"{module.__name__}.{name}", pattern, bool(used) and used <= _AT_START)


def _within(value: object, depth: int = 3) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, Mapping):
        for part in (*value.keys(), *value.values()):
            yield from _within(part, depth - 1)
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for part in value:
            yield from _within(part, depth - 1)


def _calls(tree: ast.AST) -> dict[str, set[str]]:
    """Return what is called on each name."""
    found: dict[str, set[str]] = {}
    for one in ast.walk(tree):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            found.setdefault(one.value.id, set()).add(one.attr)
    # Of a pattern that is handed on it is not known.
    for one in ast.walk(tree):
        if isinstance(one, ast.Call):
            for part in one.args:
                if isinstance(part, ast.Name):
                    found.setdefault(part.id, set()).add("handed on")
    return found


def _inline(name: str, tree: ast.AST) -> Iterator[Used]:
    for call in ast.walk(tree):
        if _of_re(call, _CALLS) and (text := _text(call.args[0])):  # type: ignore[attr-defined]
            method = call.func.attr  # type: ignore[attr-defined]
            flags = [one.value for one in call.keywords if one.arg == "flags"]  # type: ignore[attr-defined]
            value = eval(ast.unparse(flags[0]), {"re": re}) if flags else 0  # of our own source
            pattern = re.compile(text, value)
            yield Used(f"{name}:{call.lineno}", pattern, method in _AT_START)  # type: ignore[attr-defined]


def _of_re(call: ast.AST, names: Iterable[str]) -> bool:
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "re"
        and call.func.attr in names
        and bool(call.args)
    )


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


# ------------------------------------------------------------------ inputs that hurt


def pumped(pattern: re.Pattern[str]) -> list[tuple[str, str, str]]:
    """Return (head, piece, tail): inputs are the head, the piece many times, and the tail.

    A head leads up to each repeat in the pattern, the piece is what that repeat takes, and the tail
    is what nothing takes, so that every other way has to be tried.
    """
    found: dict[tuple[str, str, str], None] = {}
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    pieces = dict.fromkeys(_OTHERS)
    for head, piece in _repeats(tree, ""):
        pieces[piece] = None
        for tail in ("\x00", "\x00\n", ""):
            found["" if head == piece else head, piece, tail] = None
    several = [one for one in pieces if one][:14]
    for piece in several:
        found["", piece, "\x00"] = None
    for first, second in pairwise(several):
        found["", first + second, "\x00"] = None
    return [*found]


def _repeats(tree: Any, head: str) -> Iterator[tuple[str, str]]:
    """Give each repeat as what leads up to it and what it takes."""
    for kind, value in tree:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, body = value
            if most == sre.MAXREPEAT or most > 20:
                for other in (0, 1):
                    yield head, _sample(body, other)
            yield from _repeats(body, head)
            head += _sample(body, 0) * max(least, 1)
        else:
            for inner in _inner(kind, value):
                yield from _repeats(inner, head)
            head += _sample([(kind, value)], 0)


def _inner(kind: Any, value: Any) -> list[Any]:
    if kind == sre.SUBPATTERN:
        return [value[3]]
    if kind == sre.BRANCH:
        return [*value[1]]
    if kind in (sre.ASSERT, sre.ASSERT_NOT):
        return [value[1]]
    return [value] if kind == sre.ATOMIC_GROUP else []


def _sample(tree: Any, other: int) -> str:
    """Return a text that fits; ``other`` takes another way where there are several."""
    text = ""
    for kind, value in tree:
        if kind == sre.LITERAL:
            text += chr(value)
        elif kind == sre.NOT_LITERAL:
            text += "a" if value != ord("a") else "b"
        elif kind == sre.ANY:
            text += "a"
        elif kind == sre.IN:
            text += _member(value, other)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            text += _sample(value[2], other) * max(value[0], 1)
        elif kind == sre.BRANCH:
            text += _sample(value[1][-1 if other else 0], other)
        elif kind in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
            text += _sample(value[3] if kind == sre.SUBPATTERN else value, other)
    return text


_KINDS = {
    sre.CATEGORY_DIGIT: "0",
    sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_SPACE: "a",
    sre.CATEGORY_WORD: "a",
    sre.CATEGORY_NOT_WORD: "-",
}


def _member(members: Any, other: int) -> str:
    negated = members[0][0] == sre.NEGATE
    if negated:
        taken = {chr(value) for kind, value in members[1:] if kind == sre.LITERAL}
        ranges = [value for kind, value in members[1:] if kind == sre.RANGE]
        kinds = {_KINDS.get(value) for kind, value in members[1:] if kind == sre.CATEGORY}
        for one in ("a", " ", "0", "-", ".", "\x01", "é"):
            if one in taken or one in kinds or any(a <= ord(one) <= b for a, b in ranges):
                continue
            return one
        return "\u2603"
    kind, value = members[-1 if other else 0]
    if kind == sre.RANGE:
        return chr(value[0])
    return _KINDS.get(value, "a") if kind == sre.CATEGORY else chr(value)
