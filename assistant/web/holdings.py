"""What a home holds, for the Settings tab: how much, where, and its backups."""

from __future__ import annotations

from pathlib import Path

from assistant.home import Home
from assistant.settings import Settings
from assistant.vector_server import EMBEDDED
from assistant.web.downloads import BACKUPS, is_backup
from assistant.web.markup import html_text
from assistant.web.wording import number, say
from index.addresses import shown

_UNITS = ("B", "KB", "MB", "GB", "TB")


def storage_html(home: Home) -> str:
    """Return how much is used for what."""
    kinds = (
        (say("storage.documents"), home.documents),
        (say("storage.index"), home.state / "index"),
        (say("storage.conversations"), home.state / "chats.sqlite"),
        (say("storage.evaluations"), home.state / "evals"),
        (say("storage.backups"), home.root / BACKUPS),
    )
    rows = [f"<dt>{name}</dt><dd>{size_text(_size(path))}</dd>" for name, path in kinds]
    return section_html(say("storage.heading"), "", f"<dl data-storage>{''.join(rows)}</dl>")


def backups_html(home: Home) -> str:
    """Return the last backups, each with its link for whoever looks after the archive."""
    files = sorted((home.root / BACKUPS).glob("*.zip"), reverse=True)[:5]
    get = say("settings.download")
    rows = "".join(
        f'<dt>{html_text(one.name)}</dt><dd>{size_text(_size(one))} <a class="get" '
        f'href="backups/{html_text(one.name)}" download>{get}'
        f'<span class="vh"> {html_text(one.name)}</span></a></dd>'
        for one in files
        if is_backup(one.name)
    )
    return f"<dl data-backups>{rows}</dl>"


def places_html(home: Home, settings: Settings) -> str:
    """Return where documents, vectors and the rest are: for whoever looks after the archive, and
    without passwords."""
    here = say("settings.in_index")
    shared = shown(settings.database) if settings.database else say("settings.nobody")
    places = (
        (say("storage.documents"), settings.documents or str(home.documents)),
        (say("settings.vectors"), here if settings.vectors == EMBEDDED else settings.vectors),
        (say("settings.shared_with"), shared),
        (say("settings.rest"), str(home.root)),
    )
    rows = "".join(f"<dt>{name}</dt><dd>{html_text(place)}</dd>" for name, place in places)
    return section_html(say("settings.places"), "", f'<dl class="places">{rows}</dl>')


def size_text(size: float) -> str:
    """Return a size as people read it: ``12.3 MB``."""
    unit = 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{number(size, 1 if unit else 0)} {_UNITS[unit]}"


def section_html(title: str, about: str, inside: str) -> str:
    """Return a part of the tab under its heading."""
    said = f'<p class="hint">{html_text(about)}</p>' if about else ""
    return f'<section><h3>{title}</h3>{said}<div class="rows">{inside}</div></section>'


def _size(path: Path) -> int:
    """Return the bytes of a file with its companions (``-wal``), or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else path.parent.glob(f"{path.name}*")
    total = 0
    for one in files:
        try:
            total += one.stat().st_size if one.is_file() else 0
        except OSError:
            continue  # Gone meanwhile, or not to be read.
    return total
