"""When the page that a document was made from was fetched."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path

from corpus.readers.front_matter import MAX_CHARACTERS, split_front_matter
from corpus.sidecar import read_sidecar


def fetched_on(path: Path) -> dt.date | None:
    """Return the day that the sidecar, or the front matter, of the file at ``path`` names.

    None where neither does, and where the file cannot be read.
    """
    stated = read_sidecar(path).fetched
    if stated is None and path.suffix.lower() in (".md", ".markdown"):
        with suppress(OSError, UnicodeDecodeError), path.open(encoding="utf-8-sig") as file:
            # Room for the fences; the fields themselves have this limit.
            stated = split_front_matter(file.read(MAX_CHARACTERS + 100))[0].fetched
    with suppress(ValueError):
        return dt.date.fromisoformat(stated) if stated else None
    return None
