"""Where a corpus, its settings and its state lie."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.settings import documents_of
from corpus.errors import ShelfError, UsageError
from corpus.remote import is_url

if TYPE_CHECKING:
    from corpus.mirror import Mirror

CHECKOUT = Path(__file__).resolve().parents[1]
"""The folder this program was installed from; a home in itself, with the starter corpus."""

_SETTINGS = """\
# Settings of this home. Every line is optional; what is commented out shows the default.

# model = "all-MiniLM-L6-v2"     # or a folder with any sentence-transformers model
# backend = "auto"               # what runs the model: "openvino", "torch", or the better one
# online = false                 # true: a model's name may be looked up on its hub
# passages = 10                  # passages given with an answer; quotes come from the best 8
# max_quotes = 3                 # sentences in an answer, at most
# documents = ""                 # where they are if not here: a folder, or "s3://bucket/folder"
# max_file_mb = 25               # larger files are refused
# keep_indexes = 1               # of other models or releases, to go back to without a wait
# vectors = "embedded"           # or the address of a Chroma server: docs/scaling-chroma.md
# database = ""                  # "postgresql://...": hosts share one corpus (docs/hosts.md)
# keep_chats = true              # conversations are kept in var/chats.sqlite
# chats_days = 0                 # days after which a conversation is deleted; 0: never
# host = "127.0.0.1"
# port = 7860
# requests_per_minute = 120      # of one person, where people sign in; 0: as many as they like
# examples = ["A question to show on the empty page"]
"""


@dataclass(frozen=True, slots=True)
class Home:
    """The three places: curated documents, the settings file, and derived state."""

    root: Path
    documents: Path
    settings_file: Path
    state: Path


def find_home(option: str | None = None) -> Home:
    """Return the home named by ``--home``, else by ``ASSISTANT_HOME``, else the checkout.

    Raises UsageError when there is no home in that place.
    """
    home = _layout(default_root() if option is None else folder_named(option))
    root = home.root
    place = documents_of(home.settings_file)
    home = placed(home, place)
    if place and not is_url(place) and not home.documents.is_dir():
        raise UsageError(
            f"there is no folder {home.documents}, where {home.settings_file.name} says that the "
            "documents are: make it, or change 'documents' there"
        )
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file, and a home is a folder: name another one")
    if not place and not home.documents.is_dir():
        raise UsageError(
            f"{root} is no home, as it has no documents folder: "
            f"{quoted(f'assistant init {shlex.quote(str(root))}')} makes one"
        )
    return home


def default_root() -> Path:
    """Return the folder of the home that a command without ``--home`` takes."""
    named = os.environ.get("ASSISTANT_HOME")
    return folder_named(named) if named else CHECKOUT


def folder_named(name: str) -> Path:
    """Return the folder that a person named. Raises UsageError for no name at all, which a script
    may have made of a variable that was not set: never is another home meant by that."""
    try:
        if name.strip():
            return Path(name).expanduser().resolve()
    except (RuntimeError, ValueError) as error:  # no such person's home; a NUL
        raise UsageError(f"{name!r} names no folder ({error}): name another one") from None
    raise UsageError("the name of the home's folder is empty: name a folder, as in '--home DIR'")


def quoted(command: str) -> str:
    """Return a command as a message shows it: in quotes, or in backticks where it has some."""
    mark = "`" if "'" in command else "'"
    return f"{mark}{command}{mark}"


def placed(home: Home, place: str) -> Home:
    """Return a home whose settings say that its documents are at ``place``.

    Those on a store have a copy in the state folder, never in ``documents/``: what is there may be
    somebody's own.
    """
    if not place or home.documents != _layout(home.root).documents:
        return home
    folder = home.state / "cache" / "documents" if is_url(place) else home.root / place
    return replace(home, documents=folder)


def mirror_of(home: Home, place: str) -> Mirror | None:
    """Return what keeps the copy of documents that are on a store; None where they are not."""
    if not is_url(place):
        return None
    from corpus.mirror import Mirror
    from corpus.remote import Remote

    return Mirror(home.documents, Remote(place))


def make_home(root: Path) -> Home:
    """Make a new, empty home; one that is there already is left as it is.

    Raises ShelfError when the folder cannot be made, UsageError when something is in its place.
    """
    home = _layout(root.expanduser().resolve())
    try:
        home.documents.mkdir(parents=True, exist_ok=True)
        home.state.mkdir(exist_ok=True)
        if not home.settings_file.exists():
            home.settings_file.write_text(_SETTINGS, encoding="utf-8")
    except (FileExistsError, NotADirectoryError) as error:
        raise UsageError(
            f"{_in_the_way(Path(error.filename))} is a file, so no home can be made there: name "
            "another folder"
        ) from error
    except OSError as error:
        raise ShelfError(
            f"a home at {home.root} could not be made ({error.strerror}): check the folder's rights"
        ) from error
    return home


def home_at(root: Path) -> Home:
    """Return where the parts of a home in ``root`` are or would be, whatever is there now."""
    return _layout(root.expanduser().resolve())


def is_untouched(home: Home) -> bool:
    """Tell whether a home's folder is empty, or holds just what ``make_home`` puts there."""
    try:
        names = {one.name for one in home.root.iterdir()}
        settings = home.settings_file.name
        return (
            names <= {"documents", "var", settings}
            and not any(any(home.root.joinpath(one).iterdir()) for one in names - {settings})
            and (settings not in names or home.settings_file.read_text("utf-8") == _SETTINGS)
        )
    except (OSError, ValueError):
        return False


def _in_the_way(path: Path) -> Path:
    """Return what lies where a folder of ``path`` should be: the system names the last part."""
    above = (one for one in (path, *path.parents) if os.path.lexists(one) and not one.is_dir())
    return next(above, path)


def _layout(root: Path) -> Home:
    documents = root / "corpus" / "documents" if root == CHECKOUT else root / "documents"
    return Home(root, documents, root / "assistant.toml", root / "var")
