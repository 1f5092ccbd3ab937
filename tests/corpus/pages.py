"""Pages and articles written for these tests, in the shapes that the web gives them."""

from __future__ import annotations

import textwrap
from pathlib import Path

ARTICLE_TITLE = "Harbour town ends its camera trial"
ARTICLE_BODY = (
    "The town council of Saltmere voted on Monday to end a trial of cameras that compare faces "
    "with a list of wanted people. The trial had cost £42,500 since it began in the spring.",
    "Councillors sent cease-and-desist letters to two suppliers, which had kept pictures longer "
    "than the contract allowed. The newsletter of the residents’ group reached 3 million people.",
    "Officials said tweets from the account were false, and that no cookies were set on the "
    "town’s own pages. Advertising for the system had promised far fewer errors.",
    "The contract runs until 4 May 2022. Pictures and the names of some visitors were leaked.",
)
ARTICLE_FURNITURE = (
    "See What’s New in Ports With the Morning Tide Newsletter",
    "Tweets From @saltmere_news",
    "Nothing to see here - yet",
    "When they Tweet, their Tweets will show up here.",
)
ARTICLE = "\n".join((ARTICLE_TITLE, "2021-03-09", *ARTICLE_BODY, *ARTICLE_FURNITURE))

PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><title>Saltmere ends its trial - The Tide</title>
<meta property="og:site_name" content="The Tide">
<meta property="og:title" content="Saltmere ends its trial">
<meta property="article:published_time" content="2021-03-09T10:00:00Z">
<link rel="canonical" href="https://tide.example/saltmere-trial">
<style>body { color: red }</style><script>var tracker = "follow";</script></head><body>
<nav><ul><li><a href="/">Home page</a></li><li><a href="/sport">Sport pages</a></li></ul></nav>
<article><h1>Saltmere ends its trial</h1>
<p>The town council voted on Monday to end a trial of <b>cameras</b> that compare faces with a
list of <a href="/wanted">wanted people</a>, after a report on 5 * 3 * 2 snake_case_names.</p>
<h2>What was decided</h2>
<p>Seven of nine councillors voted for the end of the trial, and two were away on the day.</p>
<ul><li>The cameras go back to the maker</li><li>The pictures are deleted</li></ul>
<ol><li>First the harbour</li><li>Then the station</li></ol>
<blockquote><p>We are glad that it is over, said the mayor of the town.</p></blockquote>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2019</td><td>£10,000</td></tr></table>
<p>The contract ends in May.</p></article>
<aside><h3>Related articles</h3><a href="/1">Another story about ferries</a></aside>
<footer>© 2021 The Tide. All rights reserved.</footer></body></html>"""

MARKDOWN = """# Saltmere ends its trial

The council **voted** on `Monday`
to *end* the [trial](https://tide.example/x) ![a camera](cam.png) at once.

What was decided
----------------

- The cameras go back
- The pictures
  are deleted
    - also copies

3. first the harbour
4. then the station

> We are glad, said the mayor.

| Year | Cost |
|------|------|
| 2019 | £10,000 |

```
code = "kept  as it is"
```

<div class="banner">Buy now</div>

A line<br>and its end <script>alert(1)</script>with 2 \\* 3 &amp; more.
"""

MARKDOWN_TEXT = """# Saltmere ends its trial

The council voted on Monday to end the trial at once.

## What was decided

- The cameras go back
- The pictures are deleted
  - also copies

3. first the harbour
4. then the station

We are glad, said the mayor.

Year | Cost
2019 | £10,000

code = "kept  as it is"

Buy now

A line
and its end with 2 * 3 & more."""


def wrapped(paragraphs: tuple[str, ...], width: int = 72) -> str:
    """Return paragraphs as a mail program sends them: wrapped, with a blank line between."""
    return "\n\n".join(textwrap.fill(part, width) for part in paragraphs)


def png() -> bytes:
    """Return a real PNG image of one pixel."""
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        checksum = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + checksum

    header = chunk(b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


def write(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path
