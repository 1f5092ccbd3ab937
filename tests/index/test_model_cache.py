"""What is derived from a model is kept, checked, and made again where it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.model_cache import cache_folder, cached


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")


def test_it_is_made_once_and_again_when_a_bit_of_it_flips() -> None:
    made: list[bytes] = []

    def make() -> bytes:
        made.append(b"a graph %d" % len(made))
        return made[-1]

    assert [cached("one", make), cached("one", make)] == [b"a graph 0"] * 2
    assert cached("two", make) == b"a graph 1"
    file = cache_folder() / "one"
    for damaged in (file.read_bytes()[:-1] + b"!", file.read_bytes()[:20], b""):
        file.write_bytes(damaged)
        count = len(made)
        assert cached("one", make) == b"a graph %d" % count
        assert cached("one", make) == b"a graph %d" % count
    assert sorted(path.name for path in cache_folder().iterdir()) == ["one", "two"]


def test_where_nothing_can_be_kept_it_is_made_each_time(tmp_path: Path) -> None:
    (tmp_path / "archive-assistant").write_text("a file where the folder would be")
    assert cached("one", lambda: b"first") == b"first"
    assert cached("one", lambda: b"second") == b"second"
