"""The formats that can be added, as people call them; rarer spellings are taken too."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.web.wording import say
from corpus.readers import SUFFIXES

_NAMES = (
    ("Text", ".txt"),
    ("Markdown", ".md"),
    ("HTML", ".html"),
    ("PDF", ".pdf"),
    ("Word", ".docx"),
    ("PowerPoint", ".pptx"),
    ("Excel", ".xlsx"),
    ("CSV", ".csv"),
    ("EPUB", ".epub"),
    ("RTF", ".rtf"),
    ("ODT", ".odt"),
    ("e-mail", ".eml"),
    ("JSON", ".json"),
)


def format_names(suffixes: Sequence[str] = SUFFIXES) -> tuple[str, ...]:
    """Return the names of the formats whose usual suffix is among those given."""
    return tuple(name for name, usual in _NAMES if usual in suffixes)


def unfold_html() -> str:
    """Return the button that shows the adding area where it is folded."""
    said = say("adding.upload")
    return f'<button type="button" aria-expanded="false" aria-controls="adding">{said}</button>'


def hint_html(max_file_mb: int) -> str:
    """Return the button for a whole folder, and what may be dropped, in one line."""
    kinds = ", ".join(format_names())
    said = say("adding.hint", kinds=kinds, mb=max_file_mb)
    button = f'<button type="button" class="folder">{say("adding.folder")}</button>'
    named = f'aria-live="polite" aria-label="{say("adding.refused")}"'
    return (
        f'{button}<p class="hint">{said}</p><ul class="log" data-mb="{max_file_mb}" {named}></ul>'
    )
