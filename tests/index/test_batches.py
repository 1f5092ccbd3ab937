"""Texts of about one length share a batch, so that little of it is padding."""

from __future__ import annotations

from index.batches import PaddedBatch, in_batches


def test_a_text_that_is_much_shorter_begins_another_batch() -> None:
    assert in_batches([256, 250, 40, 36, 30, 3], [5, 2, 3, 0, 1, 4]) == [[5, 2], [3, 0, 1], [4]]


def test_a_batch_has_eight_texts_at_most() -> None:
    batches = in_batches([30] * 20, list(range(20)))
    assert batches == [list(range(8)), list(range(8, 16)), list(range(16, 20))]
    assert in_batches([], []) == []


def test_padding_is_masked_and_lengths_are_rounded_up() -> None:
    batch = PaddedBatch([[101, 7, 102], [101] * 9], [4, 2])
    assert batch.places == [4, 2]
    assert batch.ids.shape == batch.mask.shape == (2, 16)
    assert batch.ids[0].tolist() == [101, 7, 102] + [0] * 13
    assert batch.mask.sum(axis=1).tolist() == [3, 9]
