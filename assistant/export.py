"""A kept conversation as one file for people, whose quotes ``assistant verify`` can check later.

What a reader sees is what is checked: each quote stands in the file once, as text, beside its
document, the hash of that document's text, and the place in it.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from importlib import metadata

from assistant.contract_chats import ConversationJson
from assistant.export_html import html_file
from assistant.export_markdown import markdown_file
from assistant.export_parts import Exported, exported_parts

_WRITERS: Mapping[str, Callable[[Exported], str]] = {"html": html_file, "markdown": markdown_file}
FORMATS = tuple(_WRITERS)
SUFFIXES = {"html": ".html", "markdown": ".md"}
MEDIA_TYPES = {"html": "text/html; charset=utf-8", "markdown": "text/markdown; charset=utf-8"}


def exported_text(conversation: ConversationJson, form: str, now: dt.datetime | None = None) -> str:
    """Return a conversation as a file's text, in one of ``FORMATS``."""
    moment = (now or dt.datetime.now(dt.UTC)).isoformat(timespec="seconds")
    program = f"archive-assistant {metadata.version('archive-assistant')}"
    return _WRITERS[form](exported_parts(conversation, moment, program))


def file_name(title: str, form: str) -> str:
    """Return a name for the file that any system takes: ``what-did-the-ruling-say.html``."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].rstrip("-")
    return f"{words or 'conversation'}{SUFFIXES[form]}"
