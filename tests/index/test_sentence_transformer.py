from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelUnavailable
from corpus.read import read_document
from corpus.shelf import Shelf
from index.reuse import passage_text
from index.sentence_transformer import SentenceTransformerEmbedder
from index.split import split

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"


@pytest.fixture(scope="module")
def model() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.mark.model
def test_vectors_are_of_length_one_and_the_same_every_time(
    model: SentenceTransformerEmbedder,
) -> None:
    vectors = model.embed(["The city banned cameras.", "", "人脸识别"])
    assert vectors.shape == (3, model.dimensions) == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    again = model.embed_question("The city banned cameras.")
    assert np.allclose(again, vectors[0], atol=1e-5)


@pytest.mark.model
def test_near_meanings_are_nearer_than_far_ones(model: SentenceTransformerEmbedder) -> None:
    question = model.embed_question("Which town outlawed the technology?")
    near, far = model.embed(["The city banned facial recognition.", "The soup was too salty."])
    assert question @ near > question @ far + 0.2


@pytest.mark.model
def test_nothing_to_embed_gives_no_vectors(model: SentenceTransformerEmbedder) -> None:
    assert model.embed([]).shape == (0, 384)
    assert model.count_tokens([]) == []


@pytest.mark.model
def test_word_pieces_are_counted_past_what_the_model_reads(
    model: SentenceTransformerEmbedder,
) -> None:
    assert model.count_tokens(["the city", "the " * 1000]) == [2, 1000]


@pytest.mark.model
@pytest.mark.parametrize("path", Shelf(DOCUMENTS).paths(), ids=lambda path: path.stem)
def test_the_model_reads_each_passage_of_the_starter_corpus_whole(
    model: SentenceTransformerEmbedder, path: Path
) -> None:
    document = read_document(path, folder=DOCUMENTS).document
    passages = split(document, model.count_tokens)
    whole = model.count_tokens(
        [
            passage_text(document.title, one.heading, document.text[one.start : one.end])
            for one in passages
        ]
    )
    assert max(whole) <= model.max_tokens - 2  # two are for the marks at both ends


@pytest.mark.model
def test_a_model_that_is_not_on_this_machine_is_refused_without_a_network() -> None:
    with pytest.raises(ModelUnavailable, match=r"'model' in assistant\.toml"):
        SentenceTransformerEmbedder("no/such-model").load()


def test_a_folder_without_weights_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"no readable model\.safetensors"):
        _ = SentenceTransformerEmbedder(str(tmp_path)).fingerprint


def test_the_fingerprint_of_a_folder_changes_with_its_weights(tmp_path: Path) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"one")
    first = SentenceTransformerEmbedder(str(tmp_path)).fingerprint
    weights.write_bytes(b"two")
    assert SentenceTransformerEmbedder(str(tmp_path)).fingerprint != first


@pytest.mark.model
def test_a_question_is_embedded_between_the_parts_of_a_long_document(
    model: SentenceTransformerEmbedder,
) -> None:
    texts = [f"Sentence {number} about the harbour and its ferry." for number in range(400)]
    with ThreadPoolExecutor(1) as pool:
        document = pool.submit(model.embed, texts)
        while not model._running.locked():
            time.sleep(0.001)
        question = model.embed_question("Which ferry?")
        assert not document.done()
        vectors = document.result()
    assert np.allclose(question, model.embed_question("Which ferry?"), atol=1e-5)
    assert np.allclose(vectors[7], model.embed([texts[7]])[0], atol=1e-5)
