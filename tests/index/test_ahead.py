"""The model is loaded beside what comes before the question, and the program waits for it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from corpus.errors import ModelUnavailable
from index import nearest
from index.ahead import Ahead
from index.index import Index

from ..fakes import BagOfStems
from .homes import Home


class Slow(BagOfStems):
    """It takes until somebody says so to load it."""

    loaded = False

    def __init__(self) -> None:
        super().__init__()
        self.go_on, self.loads = threading.Event(), 0
        self.error: ModelUnavailable | None = None

    def load(self) -> None:
        assert self.go_on.wait(30)
        self.loads += 1
        if self.error:
            raise self.error
        self.loaded = True


def test_it_is_loaded_once_while_others_go_on_and_waited_for() -> None:
    model = Slow()
    ahead = Ahead(model)
    ahead.begin()
    ahead.begin()
    assert not model.loaded
    model.go_on.set()
    ahead.end()
    assert (model.loaded, model.loads) == (True, 1)
    Ahead(BagOfStems()).begin()
    Ahead(model).end()


def test_an_error_is_left_to_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    model = Slow()
    model.error = ModelUnavailable("it is not there")
    model.go_on.set()
    ahead = Ahead(model)
    ahead.begin()
    ahead.end()
    assert model.loads == 1
    assert capsys.readouterr() == ("", "")


def test_a_question_that_is_expected_has_model_and_vectors_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "SMALL", 0)
    home = Home(tmp_path)
    home.write("tram.txt", "The tram\n\nThe tram was seen in the town on Monday.\n")
    index = home.open()
    index.sync()
    index.close()
    model = Slow()
    index = Index(home.state, home.shelf, model)
    with index.view() as store:
        store.expect_question()
        assert store.vectors._ahead is not None
        store.vectors._ahead.join()
        assert store.vectors._held is not None
    model.go_on.set()
    index.close()
    assert model.loaded
