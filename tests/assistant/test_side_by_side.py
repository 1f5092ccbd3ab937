"""A comparison answered from two documents, and what stands in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.abstain import fitted_model
from assistant.answers import Answer, ShortValue
from assistant.archive import Archive
from assistant.contract_answer import short_json
from assistant.settings import Settings

from ..fakes import BagOfStems
from .small_corpus import write_home

FILES = {
    "dutch.md": "# The Dutch fine\n\nThe Dutch imposed a fine of 30 million euros on Acme.",
    "italy.md": "# The Italian fine\n\nIn Italy a fine of 20 million euros was imposed on Acme.",
    "greece.md": "# The Greek fine\n\nGreece may impose a fine of 9 million euros on Acme.",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    home = write_home(Path(tmp_path_factory.mktemp("fines")), FILES)
    with Archive(home, Settings(), BagOfStems()) as opened:
        opened.sync()
        yield opened


def compare(archive: Archive, question: str) -> Answer:
    answer = archive.ask(question)
    assert not answer.abstained
    assert len(answer.citations) == 2
    return answer


def test_what_two_values_come_to_stands_in_front_and_they_stand_in_the_quotes(
    archive: Archive,
) -> None:
    answer = compare(archive, "Was the Dutch fine on Acme larger than the Italian fine on Acme?")
    assert answer.short is not None
    assert answer.short.text == "Yes: 30 million euros against 20 million euros"
    assert answer.short.kind == "comparison"
    assert [(one.text, one.marker) for one in answer.short.values] == [
        ("30 million euros", 1),
        ("20 million euros", 2),
    ]
    for value in answer.short.values:
        cited = answer.citations[value.marker - 1]
        text = archive.document(cited.document_id).text
        assert cited.start <= value.start < value.end <= cited.end
        assert text[value.start : value.end] == value.text
    first = answer.short.values[0]
    assert (answer.short.marker, answer.short.start, answer.short.end) == (
        first.marker,
        first.start,
        first.end,
    )
    told = short_json(answer.short)
    assert told is not None
    assert [ShortValue(**one) for one in told["values"]] == list(answer.short.values)


def test_what_may_be_is_not_weighed(archive: Archive) -> None:
    answer = compare(archive, "Was the Dutch fine on Acme larger than the Greek fine on Acme?")
    assert answer.short is None


@pytest.mark.parametrize(("share", "is_quoted"), [(0.8, True), (0.7, False)])
def test_sides_that_are_named_where_they_are_told_of_may_be_a_little_less_sure(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, share: float, is_quoted: bool
) -> None:
    question = "How do the Dutch fine and the Italian fine on Acme differ?"
    assert len(compare(archive, question).citations) == 2
    sure = share * fitted_model().threshold
    for module in ("side_by_side", "ask"):
        monkeypatch.setattr(f"assistant.{module}.confidence", lambda _: sure)
    assert archive.ask(question).abstained is not is_quoted
