"""What a worker of a cluster does with files: it reads them, cuts them and embeds their texts.

Files come as bytes, so a worker needs no disk that it shares with the home. They are read by the
same child process with the same limits as everywhere (``corpus.sandbox``).
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.documents import Reading
from corpus.errors import CorpusError
from corpus.sandbox import Readers
from index.embed import Embedder, Vectors
from index.grouping import Item, to_embed
from index.passages import Passage
from index.recipe import Ingredients, ingredients
from index.split import passage_tokens, split

MakeEmbedder = Callable[[], Embedder]

_REMEMBERED = 4_000
"""Texts whose vectors a worker keeps (7 MB), since many come again: a masthead, a notice, a byline.
The owner sees a group of 64 documents at once; a worker, with a few at a time, embedded 1.2 times
as many texts of made-up articles."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on its way to a worker: ``files`` are its bytes and those of what belongs to it, by
    their paths in its folder."""

    name: str
    files: Mapping[str, bytes]
    document_id: str | None
    max_bytes: int
    seconds: float | None = None

    @property
    def size(self) -> int:
        """Bytes in all."""
        return sum(map(len, self.files.values()))


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of a file: its reading, passages and the vectors of ``texts``; or why there is
    none. ``folder`` is where the worker had it, which stands in the error."""

    outcome: Reading | CorpusError
    folder: str
    passages: tuple[Passage, ...] | None = None
    texts: tuple[str, ...] = ()
    vectors: Vectors | None = None


class Worker:
    """Works on one batch of files at a time, with one thread of its model."""

    def __init__(self, make: MakeEmbedder, number: int) -> None:
        """``number`` tells the workers of one machine apart. Raises ModelUnavailable."""
        self._readers = Readers(size=1)
        with on_one_core(number):
            self._embedder = make()
            self._embedder.embed(["Loaded.", "Now."] * 10)
        self._known: OrderedDict[str, Vectors] = OrderedDict()

    def made_with(self) -> Ingredients:
        """Return what it makes passages and vectors with."""
        return ingredients(self._embedder)

    def pid(self) -> int:
        """Return the number of its process."""
        return os.getpid()

    def work(self, batch: Sequence[Sent]) -> list[Worked]:
        """Read, cut and embed; what cannot be read costs nothing but itself."""
        read = [self._read(one) for one in batch]
        cut = [self._cut(outcome) for outcome, _ in read]
        vectors = self._vectors(
            {text: None for item in cut if item is not None for text in to_embed(item, known={})}
        )
        return [
            _worked(outcome, folder, item, vectors)
            for (outcome, folder), item in zip(read, cut, strict=True)
        ]

    def _vectors(self, texts: Collection[str]) -> Mapping[str, Vectors]:
        """Return the vectors of some texts; those that it does not remember are embedded."""
        # The longest first, and so texts of about one length together.
        new = sorted((text for text in texts if text not in self._known), key=len, reverse=True)
        made = dict(zip(new, self._embedder.embed(new), strict=True)) if new else {}
        vectors = {text: made[text] if text in made else self._known[text] for text in texts}
        for text, vector in vectors.items():
            # A row alone would keep all of its batch in memory.
            self._known[text] = vector.copy() if text in made else vector
            self._known.move_to_end(text)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return vectors

    def _read(self, sent: Sent) -> tuple[Reading | CorpusError, str]:
        with tempfile.TemporaryDirectory(prefix="archive-worker-") as folder:
            try:
                for name, data in sent.files.items():
                    path = Path(folder) / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
                return self._readers.read(
                    Path(folder) / sent.name,
                    folder=Path(folder),
                    document_id=sent.document_id,
                    max_bytes=sent.max_bytes,
                    seconds=sent.seconds,
                ), folder
            except CorpusError as error:
                return error, folder

    def _cut(self, outcome: Reading | CorpusError) -> Item | None:
        if not isinstance(outcome, Reading) or outcome.quarantine:
            return None
        aim = passage_tokens(self._embedder.max_tokens)
        try:
            passages = split(outcome.document, self._embedder.count_tokens, aim)
        except RecursionError:  # whoever gets the reading says so
            return None
        return Item(outcome, Path(outcome.document.path), "", passages, was_known=False)


def _worked(
    outcome: Reading | CorpusError,
    folder: str,
    item: Item | None,
    vectors: Mapping[str, Vectors],
) -> Worked:
    if item is None:
        return Worked(outcome, folder)
    texts = tuple(dict.fromkeys(to_embed(item, known={})))
    rows = np.stack([vectors[text] for text in texts]) if texts else None
    return Worked(outcome, folder, item.passages, texts, rows)


@contextlib.contextmanager
def on_one_core(number: int) -> Iterator[None]:
    """Let what is loaded inside believe that there is one core, so that the workers of a machine do
    not each start a thread for every core; afterwards any core may run them."""
    try:
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[number % len(cores)]})
    except (AttributeError, OSError):  # not on this system
        yield
        return
    try:
        yield
    finally:
        for thread in os.listdir("/proc/self/task"):
            with contextlib.suppress(OSError):  # it is gone
                os.sched_setaffinity(int(thread), cores)
