"""Where a home is moved to: its new folder, and the places of its parts, by the kind of address.

A part that lives elsewhere is a setting (``documents``, and whatever of ``database`` and
``vectors`` this release has), so the new home is the same files with other settings.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.home import Home, home_at, is_untouched
from assistant.settings import Settings
from corpus.errors import UsageError
from corpus.remote import checked_url, is_url
from index.addresses import shown

_PARTS = {"postgresql": "database", "postgres": "database", "http": "vectors", "https": "vectors"}
"""Which setting an address is for; all others are for documents."""
_FIELDS = {field.name for field in dataclasses.fields(Settings)}
_MOVED = "-moved"
_PLACES = ("documents", "database", "vectors")


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of the new home, and the settings that name places out of it."""

    root: Path
    settings: Mapping[str, str]

    @property
    def told(self) -> dict[str, str]:
        """The settings as people may see them: without the password of a database."""
        return {
            key: f"postgresql://{shown(value)}" if key == "database" else value
            for key, value in self.settings.items()
        }

    @property
    def work(self) -> Path:
        """The folder in which the new home is made."""
        return self.root.with_name(f"{self.root.name}.migrating")


def places_of(targets: Sequence[str], home: Home) -> Places:
    """Return where ``--to`` moves a home to; without a folder among them, beside the old one.

    Raises UsageError for two targets of one kind, and for a folder that is not new or empty.
    """
    settings: dict[str, str] = {}
    roots: list[Path] = []
    for target in targets:
        if not is_url(target):
            roots.append(Path(os.path.abspath(target)))
            continue
        part = _PARTS.get(target.partition("://")[0].partition("+")[0], "documents")
        if part not in _FIELDS:
            raise UsageError(f"{target}: this release has no {part} out of the home: leave it out")
        if part in settings:
            raise UsageError(f"two places for the {part}: leave out {settings[part]} or {target}")
        settings[part] = checked_url(target, target) if part == "documents" else target
    if len(roots) > 1:
        raise UsageError(f"two folders, {roots[0]} and {roots[1]}: a home has one")
    root = roots[0] if roots else home.root.with_name(home.root.name + _MOVED)
    if os.path.lexists(root) and not is_untouched(home_at(root)):
        raise UsageError(f"{root} is not empty: name a new folder for the home with --to DIR")
    for inside in (home.documents, home.state):
        if root.is_relative_to(inside):
            raise UsageError(f"{root} is in {inside}, which is what is moved: name another folder")
    return Places(root, settings)


def moved_settings(text: str, places: Places, settings: Settings) -> str:
    """Return the settings file of the new home: ``text``, the old one's, with other places."""
    kept = _without(text, _PLACES)
    lines = [f"{key} = {json.dumps(value)}" for key, value in sorted(places.settings.items())]
    if re.search(r"(?m)^[ \t]*model[ \t]*=", kept) and os.path.isabs(settings.model):
        # A folder that was named from the old home on.
        kept = _without(kept, ("model",))
        lines.append(f"model = {json.dumps(settings.model)}")
    return "".join(f"{line}\n" for line in lines) + kept


def _without(text: str, keys: Sequence[str]) -> str:
    """Leave out settings, which stand before the first table, a line each."""
    head, table, rest = re.match(r"(?s)(.*?)((?:^|(?<=\n))\[|\Z)(.*)", text).groups()  # type: ignore[union-attr]
    names = "|".join(keys)
    return re.sub(rf"(?m)^[ \t]*(?:{names})[ \t]*=.*\n?", "", head) + table + rest
