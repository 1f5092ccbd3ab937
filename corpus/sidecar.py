"""The small file beside a document in which a curator's own word about it is kept.

``article.txt`` has ``article.txt.meta.yaml``, with any of: title, date, source, url, language,
author, tags, fetched (the day on which a page was fetched), keep (removed parts to put back) and
released (the SHA-256 of the text that is released from quarantine). Other fields are a curator's
own: they are kept whenever the file is written again.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml

from corpus.atomic import shelf_errors, sync_folder, write_all
from corpus.documents import Overrides
from corpus.errors import UnreadableFile
from corpus.readers.front_matter import parse_fields, stated_by
from corpus.readers.raw import Stated

SUFFIX = ".meta.yaml"
ORIGINAL_MARK = ".original."
"""``page.md.original.html`` is the page that ``page.md`` was made from, as it was fetched."""
# Parts to keep may be long; front matter is not.
_MAX_CHARACTERS = 200_000
_OTHER_NAMES = {
    "date": ("published",),
    "source": ("publisher",),
    "language": ("lang",),
    "author": ("authors",),
}
"""Names under which a curator may have written a field that is now changed."""


class _Plain(yaml.SafeDumper):
    """Writes a date or a number as it was written, without quotes: all values are read as text."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012


def _as_text(dumper: _Plain, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plain.add_representer(str, _as_text)


def sidecar_of(path: Path) -> Path:
    """Return where the sidecar of the document at ``path`` is, or would be."""
    return path.with_name(path.name + SUFFIX)


def has_sidecar(path: Path) -> bool:
    """Tell whether the document at ``path`` has a sidecar."""
    # Not Path.is_file, which raises where the document's own name leaves no room for the suffix.
    return os.path.isfile(sidecar_of(path))


def read_sidecar(path: Path) -> Stated:
    """Return what the sidecar of the document at ``path`` states; nothing where there is none.

    A sidecar that cannot be read or is no YAML is a problem of the document, not an error.
    """
    found = _read_fields(path)
    if isinstance(found, str):
        return Stated(problems=(found,))
    released = found.get("released")
    return replace(
        stated_by(found),
        keep=_texts(found.get("keep")),
        released=released.strip() or None if isinstance(released, str) else None,
    )


def sidecar_bytes(path: Path, overrides: Overrides) -> bytes | None:
    """Return the sidecar of the document at ``path`` with ``overrides`` on top; None for nothing.

    What ``overrides`` leave out stays, fields of a curator's own included. A sidecar that cannot
    be read counts as none.
    """
    found = _read_fields(path)
    changes = {one.name: getattr(overrides, one.name) for one in fields(overrides)}
    said = {name: value for name, value in changes.items() if value}
    return _bytes(changed_fields({} if isinstance(found, str) else found, said))


def changed_fields(known: Mapping[str, Any], changes: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields of a sidecar after ``changes``: None or an empty value takes one out."""
    changed = dict(known)
    for name, value in changes.items():
        for other in _OTHER_NAMES.get(name, ()):
            changed.pop(other, None)
        if not value:
            changed.pop(name, None)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            changed[name] = [str(one) for one in value]
        else:
            changed[name] = str(value)
    return changed


def write_sidecar(path: Path, **changes: object) -> None:
    """Change fields in the sidecar of the document at ``path``, whole or not at all.

    None takes a field out, and a sidecar without fields is deleted. Raises UnreadableFile where
    there is a sidecar that cannot be read, which would be lost, and ShelfError.
    """
    data, sidecar = changed_sidecar(path, changes), sidecar_of(path)
    if data is not None:
        with shelf_errors("written"):
            write_all({sidecar: data})
    elif has_sidecar(path):
        with shelf_errors("removed"):
            sidecar.unlink(missing_ok=True)
            sync_folder(sidecar.parent)


def changed_sidecar(path: Path, changes: Mapping[str, object]) -> bytes | None:
    """Return what the sidecar of the document at ``path`` holds after ``changes``; None where it
    has no fields left. Raises UnreadableFile where there is one that cannot be read."""
    found = _read_fields(path)
    if isinstance(found, str):
        raise UnreadableFile(
            f"{sidecar_of(path)} cannot be changed: {found}. Mend or delete that file."
        )
    return _bytes(changed_fields(found, changes))


def _read_fields(path: Path) -> dict[str, Any] | str:
    """Return the fields of a document's sidecar, or the problem for which there are none."""
    sidecar = sidecar_of(path)
    try:
        with sidecar.open(encoding="utf-8-sig") as file:
            source = file.read(_MAX_CHARACTERS + 1)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            return {}
        return f"{sidecar.name} could not be read: its fields were not used"
    if len(source) > _MAX_CHARACTERS:
        return f"{sidecar.name} has over {_MAX_CHARACTERS:,} characters: its fields were not used"
    return parse_fields(source, name=sidecar.name)


def _texts(value: object) -> tuple[str, ...]:
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, list):
        return ()
    return tuple(part for part in parts if isinstance(part, str) and part.strip())


def _bytes(fields: Mapping[str, Any]) -> bytes | None:
    if not fields:
        return None
    text: str = yaml.dump(
        dict(fields), Dumper=_Plain, allow_unicode=True, sort_keys=False, width=10_000
    )
    return text.encode("utf-8")
