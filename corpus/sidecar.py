"""The small file beside a document in which a curator's own word about it is kept.

``article.txt`` has ``article.txt.meta.yaml``, with any of: title, date, source, url, language,
author, tags.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import yaml

from corpus.documents import Overrides
from corpus.readers.front_matter import MAX_CHARACTERS, read_fields
from corpus.readers.raw import Stated

SUFFIX = ".meta.yaml"


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
    sidecar = sidecar_of(path)
    try:
        with sidecar.open(encoding="utf-8-sig") as file:
            source = file.read(MAX_CHARACTERS)
    except (FileNotFoundError, NotADirectoryError):
        return Stated()
    except (OSError, UnicodeDecodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            return Stated()
        return Stated(problems=(f"{sidecar.name} could not be read: its fields were not used",))
    return read_fields(source, name=sidecar.name)


def sidecar_bytes(known: Stated, overrides: Overrides) -> bytes | None:
    """Return a sidecar that says what is ``known`` with ``overrides`` on top; None for nothing."""
    fields = _stated(known) | _overridden(overrides)
    if not fields:
        return None
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False).encode("utf-8")


def _stated(stated: Stated) -> dict[str, str | list[str]]:
    names = ("title", "date", "source", "url", "language", "author")
    values = {name: value for name in names if (value := getattr(stated, name))}
    return values | ({"tags": list(stated.tags)} if stated.tags else {})


def _overridden(overrides: Overrides) -> dict[str, str | list[str]]:
    fields: dict[str, str | list[str]] = {}
    if overrides.title:
        fields["title"] = overrides.title
    if overrides.date:
        fields["date"] = overrides.date.isoformat()
    if overrides.source:
        fields["source"] = overrides.source
    if overrides.tags:
        fields["tags"] = list(overrides.tags)
    return fields
