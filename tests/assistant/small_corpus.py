"""A handful of documents whose answers a reader of the tests can see at a glance."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from assistant.home import Home, make_home

FERRY = """---
title: Harbour ferry gets a new operator
date: 2024-03-12
source: The Harbour Post
url: https://harbour-post.example/ferry
tags: [ferry, contracts]
---

The city signed a ferry contract worth 18 million euros with Blue Wave Lines. The contract ends on
31 March 2031.

Two electric boats replace the diesel boats. Bicycles travel free of charge outside rush hours.
"""

COUNCIL = """---
title: What the council paid for the ferry
date: 2024-06-02
source: Council Gazette
tags: [contracts]
---

The council put the worth of the ferry contract with Blue Wave Lines at 21 million euros.

The treasurer counted the landing stage in. No other bidder came forward.
"""

LIBRARY = """City library reopens after the flood

5 September 2023

The library reopened on 4 September 2023 after eleven months of repairs. The flood had destroyed
about 12,000 books in the basement. The repairs cost 3.2 million euros.
"""

FILES = {"ferry.md": FERRY, "council.md": COUNCIL, "library.txt": LIBRARY}

FERRY_WORTH = "The city signed a ferry contract worth 18 million euros with Blue Wave Lines."
COUNCIL_WORTH = (
    "The council put the worth of the ferry contract with Blue Wave Lines at 21 million euros."
)
WORTH = "How much is the ferry contract with Blue Wave Lines worth?"
FERRY_DATE = dt.date(2024, 3, 12)
NOWHERE = "Which astronaut repaired the Hubble telescope?"


def write_home(root: Path, files: dict[str, str] | None = None) -> Home:
    """Make a home that holds the small corpus, or other files."""
    home = make_home(root)
    for name, text in (FILES if files is None else files).items():
        path = home.documents / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return home


def listing(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder with what they hold."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
