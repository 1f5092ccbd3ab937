"""Whatever people do to the folder, in whatever order, the index says what the folder says."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from corpus.ids import Ids
from index.entries import Changes

from .homes import Home, chroma_numbers, passage_numbers, texts

NAMES = ("a.txt", "a.md", "A.txt", "a-2.txt", "b/a.txt", "b/c.md")
WORDS = ("zebra", "quokka", "walrus", "heron")

names, words = st.sampled_from(NAMES), st.sampled_from(WORDS)


class Folder(RuleBasedStateMachine):
    """The model is the folder itself: which name has which word."""

    def __init__(self) -> None:
        super().__init__()
        self.home = Home(Path(tempfile.mkdtemp()))
        self.home.shelf.folder.mkdir()
        self.index = self.home.open()
        self.files: dict[str, str] = {}
        self.synced = True

    @rule(name=names, word=words)
    def write(self, name: str, word: str) -> None:
        self.home.write(name, f"The {word} crossed the street.\n")
        self.files[name] = word
        self.synced = False

    @rule(name=names)
    def delete(self, name: str) -> None:
        if self.files.pop(name, None):
            (self.home.shelf.folder / name).unlink()
            self.synced = False

    @rule(old=names, new=names)
    def rename(self, old: str, new: str) -> None:
        if old in self.files and old != new:
            (self.home.shelf.folder / new).parent.mkdir(exist_ok=True)
            (self.home.shelf.folder / old).replace(self.home.shelf.folder / new)
            self.files[new] = self.files.pop(old)
            self.synced = False

    @rule(name=st.sampled_from(("a.txt", "a.md", "A.txt", "a-2.txt")), word=words)
    def add(self, name: str, word: str) -> None:
        self.sync()
        source = self.home.outside(name, f"The {word} crossed the street.\n")
        changes = self.index.add([source])
        assert changes.failed == ()
        # Another file may be told of too, when this one took its id.
        if str(source) not in {one.path for one in changes.skipped}:
            self.files[name] = word
            self.synced = False  # what it replaced may have had a copy, which is none now
        else:
            assert word in self.files.values()

    @rule(name=names)
    def remove(self, name: str) -> None:
        self.sync()
        for entry in self.index.catalogue.entries():
            if entry.path == name:
                assert self.index.remove([entry.id]) == Changes(removed=(entry.id,))
                del self.files[name]
                self.synced = False  # another file may take its id, or have been its copy

    @rule()
    def sync(self) -> None:
        self.index.sync()
        self.synced = True

    @rule()
    def open_again(self) -> None:
        self.index.close()
        self.index = self.home.open()

    @rule()
    def rebuild(self) -> None:
        self.index.sync(rebuild=True)
        self.synced = True

    @invariant()
    def the_index_is_whole(self) -> None:
        assert chroma_numbers(self.index) == passage_numbers(self.index)
        states = self.index._database.rows("SELECT DISTINCT state FROM documents")
        assert states in ([], [("active",)])

    @invariant()
    def a_synced_index_holds_each_text_of_the_folder_once_under_a_file_that_has_it(self) -> None:
        if not self.synced:
            return
        folder = self.home.shelf.folder
        ids = Ids(folder, [folder / name for name in self.files]).by_id()
        for document_id, text in texts(self.index).items():
            name = ids[document_id].relative_to(folder).as_posix()
            assert text == f"The {self.files[name]} crossed the street."
            assert self.index.catalogue.entry(document_id).path == name
        held = sorted(texts(self.index).values())
        assert held == [
            f"The {word} crossed the street." for word in sorted(set(self.files.values()))
        ]

    def teardown(self) -> None:
        self.index.close()
        with contextlib.suppress(OSError):
            shutil.rmtree(self.home.folder)


@pytest.mark.slow
class TestFolder(Folder.TestCase):
    settings = settings(
        max_examples=15,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
