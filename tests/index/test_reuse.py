"""What is embedded, and what is not embedded again."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from index.entries import Changes
from index.index import Index
from index.reuse import passage_key

from .homes import Home, chroma_numbers, found, passage_numbers

BAN = "# The ban\n\nThe city banned the cameras.\n\nThe police may not use them.\n"
LEAK = "# The leak\n\nA list of customers was leaked.\n"


@pytest.fixture
def filled(home: Home, index: Index) -> Index:
    home.write("ban.md", BAN)
    home.write("leak.md", LEAK)
    index.sync()
    home.embedder.embedded.clear()
    return index


def test_a_renamed_file_is_not_embedded_again(home: Home, filled: Index) -> None:
    before = filled.search(filled.prepare("banned cameras"))
    home.embedder.embedded.clear()
    (home.shelf.folder / "ban.md").rename(home.shelf.folder / "town.md")
    assert filled.sync() == Changes(added=("town",), removed=("ban",), unchanged=1)
    assert home.embedder.embedded == []
    after = filled.search(filled.prepare("banned cameras"))
    assert [(hit.text, hit.score) for hit in after] == [(hit.text, hit.score) for hit in before]
    assert found(filled, "banned cameras")[0] == "town"
    assert chroma_numbers(filled) == passage_numbers(filled)


def test_a_moved_folder_is_not_embedded_again(home: Home, filled: Index) -> None:
    (home.shelf.folder / "2020").mkdir()
    for name in ("ban.md", "leak.md"):
        shutil.move(home.shelf.folder / name, home.shelf.folder / "2020" / name)
    assert filled.sync() == Changes(added=("2020/ban", "2020/leak"), removed=("ban", "leak"))
    assert home.embedder.embedded == []


def test_only_what_changed_in_a_document_is_embedded(home: Home, filled: Index) -> None:
    home.write("ban.md", BAN.replace("may not use", "must sell"))
    assert filled.sync() == Changes(updated=("ban",), unchanged=1)
    assert home.embedder.embedded == ["The police must sell them.", "The ban"]


def test_a_new_title_is_embedded_and_no_sentence_is(home: Home, filled: Index) -> None:
    home.write("ban.md.meta.yaml", "title: Cameras in the city\n")
    assert filled.sync() == Changes(updated=("ban",), unchanged=1)
    assert home.embedder.embedded == ["Cameras in the city"]


def test_a_passage_is_the_mean_of_its_sentences_and_its_head(home: Home, index: Index) -> None:
    text = "The ban\n\nThe city banned the cameras.\n\n## Police\n\nThey sold them. All of them.\n"
    home.write("ban.md", f"# {text}")
    index.sync()
    expected = (
        ("The ban", "The city banned the cameras."),
        ("The ban\nPolice", "They sold them.", "All of them."),
    )
    ((_, vectors),) = index.catalogue.all_vectors()
    for vector, parts in zip(vectors, expected, strict=True):
        total = home.embedder.embed(parts).sum(axis=0)
        assert vector == pytest.approx(total / np.linalg.norm(total), abs=1e-6)


def test_a_passage_cut_into_other_sentences_is_another_passage() -> None:
    one = passage_key("A title", ["He ran.", "She ran."])
    assert one != passage_key("A title", ["He ran. She ran."])
    assert one != passage_key("A title", ["He ran.", "She sat."])
    assert one == passage_key("A title", ["He ran.", "She ran."])


def test_new_tags_are_not_embedded(home: Home, filled: Index) -> None:
    home.write("ban.md.meta.yaml", "tags: [us]\nauthor: A. Writer\n")
    assert filled.sync() == Changes(updated=("ban",), unchanged=1)
    assert home.embedder.embedded == []
    entry = filled.catalogue.entry("ban")
    assert (entry.tags, entry.author) == (("us",), "A. Writer")
    assert filled.catalogue.document("ban").author == "A. Writer"


def test_one_sentence_in_many_documents_is_embedded_once(home: Home, index: Index) -> None:
    for number in range(5):
        home.write(f"d{number}.txt", f"Case {number}\n\nIt was said again.\n\nNumber {number}.\n")
    index.sync()
    assert home.embedder.embedded.count("It was said again.") == 1
    assert len(home.embedder.embedded) == len(set(home.embedder.embedded))
