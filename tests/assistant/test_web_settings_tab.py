from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.llm_settings import LlmSettings
from assistant.settings import Settings
from assistant.web.holdings import places_html, size_text
from assistant.web.settings_tab import SettingsTab
from assistant.web.wishes import Wishes, wishes_from
from corpus.errors import BadFilter

from ..fakes import BagOfStems
from .llm_server import serving
from .small_corpus import WORTH, write_home

LOCAL = LlmSettings("<b>local", "openai-like", "m", "http://127.0.0.1:9/v1")
SETTINGS = Settings(llms={LOCAL.name: LOCAL}, max_quotes=2)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(write_home(tmp_path / "home"), SETTINGS, embedder=BagOfStems()) as opened:
        opened.sync()
        yield opened


def test_what_a_reader_chose_comes_along_with_the_filters() -> None:
    sent = '{"tags": ["a"], "llm": "<b>local", "quotes": 1}'
    assert wishes_from(sent, SETTINGS) == Wishes("<b>local", 1)
    for nothing in ("", None, "{}", '{"llm": "", "quotes": ""}', "[", "[1]"):
        assert wishes_from(nothing, SETTINGS) == Wishes()


@pytest.mark.parametrize(
    "sent",
    [
        '{"llm": "openai-like:m@http://10.0.0.1/v1"}',
        '{"llm": ["none"]}',
        '{"quotes": 11}',
        '{"quotes": true}',
        '{"quotes": "2"}',
    ],
)
def test_no_other_server_and_no_other_number_can_be_chosen(sent: str) -> None:
    with pytest.raises(BadFilter, match="Settings tab"):
        wishes_from(sent, SETTINGS)


def test_the_tab_shows_what_can_be_chosen_and_what_the_home_holds(archive: Archive) -> None:
    shown = SettingsTab(archive).answer({"act": "look"}, "")
    assert 'data-name="none">Quotes only (as this home is set)' in shown
    assert 'data-name="&lt;b&gt;local">&lt;b&gt;local</option>' in shown
    assert "2 (as this home is set)" in shown
    size = sum(one.stat().st_size for one in archive.home.documents.rglob("*"))
    assert f"<dt>Documents</dt><dd>{size_text(size)}</dd>" in shown


def test_a_backup_is_made_and_listed(archive: Archive) -> None:
    tab = SettingsTab(archive)
    said = tab.answer({"act": "backup"}, "")
    (file,) = (archive.home.root / "backups").iterdir()
    assert said.startswith(f'<span class="good">Made: backups/{file.name}, ')
    assert f"<dt>{file.name}</dt><dd>{size_text(file.stat().st_size)} <a" in tab.answer({}, "")


def test_a_model_that_does_not_answer_is_told_of(archive: Archive) -> None:
    pytest.importorskip("openai")
    said = SettingsTab(archive).answer({"act": "try", "llm": LOCAL.name}, "")
    assert said.startswith('<span class="bad">')
    assert "Quotes need no" in SettingsTab(archive).answer({"act": "try", "llm": "none"}, "")
    assert "choose another" in SettingsTab(archive).answer({"act": "try", "llm": "http://x"}, "")


def test_a_model_that_answers_says_what(tmp_path: Path) -> None:
    pytest.importorskip("openai")
    with serving("<i>ready</i>") as server:
        model = LlmSettings("m", "openai-like", "m", server.url)
        home = write_home(tmp_path / "home")
        with Archive(home, Settings(llms={"m": model}), embedder=BagOfStems()) as archive:
            said = SettingsTab(archive).answer({"act": "try", "llm": "m"}, "")
    assert "“&lt;i&gt;ready&lt;/i&gt;”" in said


def test_fewer_sentences_are_quoted_where_a_reader_wants_so(fast: None, archive: Archive) -> None:
    from assistant.web.chat import frames

    *_, last = frames(archive, WORTH, (), '{"quotes": 1}')
    assert last.answer is not None
    assert len(last.answer.citations) == 1
    *_, last = frames(archive, WORTH, (), '{"quotes": 99}')
    assert "Settings tab" in last.markdown


def test_sizes_are_told_as_people_read_them() -> None:
    assert [size_text(one) for one in (0, 999, 1000, 12_345_678)] == [
        "0 B",
        "999 B",
        "1.0 KB",
        "12.3 MB",
    ]


def test_places_are_shown_without_passwords(archive: Archive) -> None:
    settings = Settings(
        documents="s3://bucket/folder",
        vectors="https://vectors.example:8000",
        database="postgresql://ann:secret@db.example/archive?password=secret",
    )
    shown = places_html(archive.home, settings)
    for one in ("s3://bucket/folder", "https://vectors.example:8000", "db.example/archive"):
        assert f"<dd>{one}</dd>" in shown
    assert "secret" not in shown
    assert f"<dd>{archive.home.documents}</dd>" in SettingsTab(archive).answer(
        {"act": "places"}, ""
    )
