"""Where the best way of running the model is refused, the next one is taken, and said so."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import BackendRefused, ModelUnavailable
from index.fallback import FirstThatWorks
from index.graph_embedder import _FEW
from index.model_files import DEFAULT_MODEL, BertFiles, bert_files, model_folder
from index.openvino_embedder import OpenVinoEmbedder

pytestmark = pytest.mark.model

TEXTS = [f"The city banned {number} cameras." for number in range(_FEW + 1)]


@pytest.fixture(scope="module")
def files() -> BertFiles:
    folder = model_folder(DEFAULT_MODEL)
    assert folder is not None
    found = bert_files(folder)
    assert found is not None
    return found


@pytest.fixture
def wrong(files: BertFiles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> BertFiles:
    """Return the model with a layer less, whose vectors are others."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return dataclasses.replace(files, config={**files.config, "num_hidden_layers": 5})


def ways(*files: BertFiles) -> FirstThatWorks:
    return FirstThatWorks(
        {str(place): lambda one=one: OpenVinoEmbedder(one, DEFAULT_MODEL) for place, one in
         enumerate(files)}
    )  # fmt: skip


@pytest.mark.parametrize(
    "use",
    [
        lambda model: model.load() or model.embed_question("Which city?"),
        lambda model: model.embed_question("Which city?"),
        lambda model: model.embed(TEXTS),
    ],
    ids=["loaded", "a question", "many texts"],
)
def test_where_the_first_is_refused_the_next_is_taken(
    files: BertFiles,
    wrong: BertFiles,
    use: Callable[[Any], Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    model = ways(wrong, files)
    assert (model.backend, model.remark, model.loaded) == ("0", "", False)
    with caplog.at_level(logging.WARNING):
        found = use(model)
    assert (model.backend, model.loaded) == ("1", True)
    assert np.array_equal(found, use(OpenVinoEmbedder(files, DEFAULT_MODEL)))
    assert model.remark.startswith("0 is not used, as it gives other vectors through OpenVINO than")
    assert "0 is not used, and 1 is tried" in caplog.text


def test_where_all_are_refused_the_last_ones_error_is_raised(wrong: BertFiles) -> None:
    model = ways(wrong, wrong)
    with pytest.raises(BackendRefused, match=r'gives other vectors .*: set backend = "torch"'):
        model.load()
    assert model.backend == "1"


def test_weights_that_are_cut_short_are_no_reason_to_try_another(
    files: BertFiles, tmp_path: Path
) -> None:
    for path in files.folder.iterdir():
        if path.is_file():
            data = path.read_bytes()
            (tmp_path / path.name).write_bytes(data[: 1000 if "safetensors" in path.name else None])
    cut = dataclasses.replace(files, folder=tmp_path)
    model = FirstThatWorks(
        {name: lambda: OpenVinoEmbedder(cut, str(tmp_path)) for name in ("one", "other")}
    )
    with pytest.raises(ModelUnavailable, match=r"copy its model.safetensors anew"):
        model.load()
    assert (model.backend, model.remark) == ("one", "")


def test_what_was_found_sound_is_not_compared_again_and_what_was_not_is(
    files: BertFiles, wrong: BertFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    check = OpenVinoEmbedder._vectors

    def seen(self: Any, engine: Any, texts: Any, many: bool) -> Any:
        compared.append(many)
        return check(self, engine, texts, many)

    monkeypatch.setattr(OpenVinoEmbedder, "_vectors", seen)
    for one, other in ((files, wrong), (files, wrong)):
        OpenVinoEmbedder(one, DEFAULT_MODEL).load()
        with pytest.raises(BackendRefused):
            OpenVinoEmbedder(other, DEFAULT_MODEL).load()
    assert compared == [False, False, False]
    OpenVinoEmbedder(files, DEFAULT_MODEL).embed(TEXTS)
    assert compared == [False, False, False, True, True]
