"""Questions for the chat's empty page, made of what the documents say, and tried before.

A sentence with one sure value (``assistant.questions``) gives a question. It is kept only where the
assistant answers it by quoting that very sentence first. They are made in a thread, a few a
document, and kept in the state folder for the documents of now.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import re
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import chain, islice, zip_longest
from types import TracebackType
from typing import TYPE_CHECKING, Self

from assistant.llm_settings import NONE
from assistant.question_clauses import names_in
from assistant.questions import questions_of
from corpus.atomic import write_all
from corpus.errors import ArchiveError
from index.entries import Entry
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from assistant.archive import Archive

FILE = "examples.json"
MOST = 24
"""Questions that are kept: eight draws of three."""
_LOOKED_AT = 120
"""Documents that are looked at, at most; each is read whole."""
_A_DOCUMENT = 4
"""Questions about one document that are tried; one is kept."""
_NAMES = 2
_SECONDS = 20.0
_LONGEST = 110
"""Characters of a question that is read at a glance."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Example:
    """A question that ``document`` answers with ``quote``; ``kind`` is what it asks for."""

    question: str
    document: str
    source: str
    kind: str
    quote: str


def examples_of(archive: Archive) -> tuple[str, ...]:
    """Return questions for the empty page: the home's own first, then those made of the documents;
    while there are none of these, some made of titles."""
    own, entries = archive.settings.examples, archive.entries()
    there = {entry.id for entry in entries if not entry.quarantine}
    made = tuple(one.question for one in kept_examples(archive)[1] if one.document in there)
    titles = (entry.title for entry in entries[:3])
    return (*own, *made) or tuple(f"What is known about “{one}”?" for one in titles)


def kept_examples(archive: Archive) -> tuple[str, tuple[Example, ...]]:
    """Return what was made last, and of which documents (see ``corpus_key``)."""
    try:
        kept = json.loads((archive.home.state / FILE).read_text("utf-8"))
        return str(kept["of"]), tuple(Example(**one) for one in kept["examples"])
    except (OSError, ValueError, TypeError, KeyError):
        return "", ()


def corpus_key(archive: Archive) -> str:
    """Return what differs as soon as the documents, or the model that searches them, do."""
    told = "\n".join(sorted(f"{one.id} {one.sha256}" for one in archive.entries()))
    return hashlib.sha256(f"1 {archive.settings.model}\n{told}".encode()).hexdigest()


def make_examples(archive: Archive, stop: threading.Event) -> tuple[Example, ...]:
    """Make questions and try them; fewer where ``stop`` is set meanwhile. For the same documents
    they are the same."""
    found: list[Example] = []
    for entry in islice(_spread(archive.entries()), _LOOKED_AT):
        if stop.is_set() or len(found) >= MOST:
            break
        found += islice(_answered(archive, entry, stop), 1)
    return tuple(_mixed(found))


def _spread(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield documents, one of each source in turn; which come first depends on all of them."""
    by_source = defaultdict(list)
    for entry in sorted(entries, key=lambda one: one.id):
        if not entry.quarantine and not entry.version_of:
            by_source[entry.source or ""].append(entry)
    told = " ".join(sorted(entry.sha256 for entry in entries))
    draw = random.Random(told)  # noqa: S311  (no secret)
    groups = [draw.sample(group, len(group)) for _, group in sorted(by_source.items())]
    draw.shuffle(groups)
    return (entry for entry in chain(*zip_longest(*groups)) if entry)


def _answered(archive: Archive, entry: Entry, stop: threading.Event) -> Iterator[Example]:
    """Yield those of a document's questions whose answer quotes what they are made of first."""
    text = archive.document(entry.id).text
    candidates = [one for one in _candidates(text) if len(one[0]) <= _LONGEST]
    random.Random(entry.sha256).shuffle(candidates)  # noqa: S311  (no secret)
    # A question with one name may lean on what its document was about.
    candidates.sort(key=lambda one: names_in(one[0]) < _NAMES)
    for question, value, kind, quote in candidates[:_A_DOCUMENT]:
        if stop.is_set():
            return
        answer = archive.ask(question, llm=NONE)
        first = answer.citations[0] if answer.citations else None
        if (
            first
            and first.document_id == entry.id
            and value in first.quote
            and quote in first.quote
        ):
            yield Example(question, entry.id, entry.source or "", kind, quote)


def _candidates(text: str) -> Iterator[tuple[str, str, str, str]]:
    for line in re.finditer(r"[^\n]+", text):
        if line[0].startswith("#"):
            continue
        for start, end in sentence_spans(text, line.start(), line.end()):
            quote = text[start:end].strip().removeprefix("- ")
            for asked in islice(questions_of(quote, text), 1):
                yield asked.question, asked.answer, asked.kind.value, quote


def _mixed(found: Sequence[Example]) -> Iterator[Example]:
    """Yield all, each unlike those just before it: another source, another kind."""
    left, before = list(found), list[Example]()
    while left:
        near = before[-2:]
        best = min(
            left,
            key=lambda one: (
                sum(one.kind == other.kind for other in near)
                + sum(one.source == other.source for other in near)
            ),
        )
        left.remove(best)
        before.append(best)
        yield best


class ExampleMaker:
    """Keeps the examples up to date in a thread, while it is entered."""

    def __init__(self, archive: Archive, seconds: float = _SECONDS) -> None:
        self._archive, self._seconds = archive, seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="examples")

    def __enter__(self) -> Self:
        """Begin."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, after the question that is being tried."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if self._archive.ready():
                    self._keep_up()
            except (ArchiveError, OSError) as error:
                _log.warning("no example questions could be made: %s", error)
            except Exception:
                _log.exception("no example questions could be made")
            self._stop.wait(self._seconds if self._archive.ready() else 1)

    def _keep_up(self) -> None:
        key = corpus_key(self._archive)
        if kept_examples(self._archive)[0] == key:
            return
        made = make_examples(self._archive, self._stop)
        if self._stop.is_set():
            return
        told = {"of": key, "examples": [asdict(one) for one in made]}
        text = json.dumps(told, ensure_ascii=False, indent=1)
        write_all({self._archive.home.state / FILE: text.encode()})
