"""Names of files that any disk takes."""

from __future__ import annotations

import re
import unicodedata

# A name of 255 bytes is the most a disk takes; the sidecar's suffix has to fit as well.
_LONGEST_STEM = 120
_UNSAFE = re.compile(r"[^\w .,()&'+@=-]+")


def safe_name(name: str) -> str:
    """Return a file name that any disk takes and any shell shows, as near to ``name`` as can be.

    The suffix stays. ``"../a\\nb?.txt"`` becomes ``"a-b.txt"``.
    """
    readable = name.encode("utf-8", "replace").decode("utf-8")
    stem, dot, suffix = unicodedata.normalize("NFC", readable).rpartition(".")
    plain = _UNSAFE.sub("-", stem if dot else suffix)
    short = plain.encode("utf-8")[:_LONGEST_STEM].decode("utf-8", "ignore").strip(" .-")
    return (short or "document") + (f".{suffix}" if dot else "")
