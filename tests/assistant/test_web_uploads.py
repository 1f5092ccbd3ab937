from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.home import Home
from assistant.settings import Settings
from assistant.web.listed import Listed
from assistant.web.outcomes import Outcome
from assistant.web.uploads import Upload, file_name, folder_of, take

from ..fakes import BagOfStems

TEXT = "The lighthouse is 93 metres high and was finished in 1911 by the mason Karl Maß.\n"


@pytest.fixture
def archive(home: Home) -> Iterator[Archive]:
    with Archive(home, Settings(max_file_mb=1), embedder=BagOfStems()) as archive:
        archive.sync()
        yield archive


def uploaded(tmp_path: Path, name: str, content: bytes) -> Upload:
    """Put a file where the server would: in a folder of its own, under a cleaned-up name."""
    folder = tmp_path / "cache" / str(abs(hash(name)))
    folder.mkdir(parents=True)
    path = folder / "upload.bin"
    path.write_bytes(content)
    return Upload(path, name)


def test_uploads_are_taken_one_after_the_other_under_their_own_names(
    archive: Archive, home: Home, tmp_path: Path
):
    good = uploaded(tmp_path, "Größe & Maß.md", TEXT.encode())
    odd = uploaded(tmp_path, "letter.xyz", b"hello")
    binary = uploaded(tmp_path, "binary.txt", bytes(range(256)) * 4)
    first, *_, last = take(archive, [good, odd, binary])

    assert first == tuple(Outcome(one.name, "waiting") for one in (good, odd, binary))
    assert [(one.name, one.state) for one in last] == [
        ("Größe & Maß.md", "added"),
        ("letter.xyz", "failed"),
        ("binary.txt", "failed"),
    ]
    assert (home.documents / "Größe & Maß.md").read_text(encoding="utf-8") == TEXT
    assert not [one for one in last if tempfile.gettempdir() in one.detail]
    assert list((tmp_path / "cache").iterdir()) == []


def test_progress_is_told_while_a_file_is_taken_in(archive: Archive, tmp_path: Path):
    tower = uploaded(tmp_path, "tower.txt", TEXT.encode())
    steps = [outcome for (outcome,) in take(archive, [tower])]
    assert [step.state for step in steps if step.state != "working"] == ["waiting", "added"]
    stages = {step.detail for step in steps if step.state == "working"}
    assert stages
    assert stages <= {"reading", "embedding", "indexing"}


def test_a_name_longer_than_a_disk_takes_is_shortened(archive: Archive, home: Home, tmp_path: Path):
    tower = uploaded(tmp_path, "塔" * 150 + ".txt", TEXT.encode())
    *_, (outcome,) = take(archive, [tower])
    assert (outcome.name, outcome.state) == (tower.name, "added")
    assert (home.documents / ("塔" * 40 + ".txt")).read_text(encoding="utf-8") == TEXT


def test_the_same_file_again_is_unchanged(archive: Archive, tmp_path: Path):
    *_, first = take(archive, [uploaded(tmp_path, "tower.txt", TEXT.encode())])
    *_, again = take(archive, [uploaded(tmp_path, "tower.txt", TEXT.encode())])
    assert [one.state for one in (*first, *again)] == ["added", "unchanged"]


def test_a_file_over_the_limit_is_refused(archive: Archive, tmp_path: Path):
    *_, (outcome,) = take(archive, [uploaded(tmp_path, "large.txt", b"a" * 1_000_001)])
    assert outcome == Outcome("large.txt", "failed", "It is larger than 1 MB. Split it up.")
    assert list((tmp_path / "cache").iterdir()) == []


@pytest.mark.parametrize(
    ("original", "kept"),
    [
        ("report.md", "report.md"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\report.md", "report.md"),
        ("..", "fallback.txt"),
        (".hidden.md", "hidden.md"),
        ("new\nline\x00.md", "newline.md"),
        ("", "fallback.txt"),
        (None, "fallback.txt"),
    ],
)
def test_a_file_keeps_its_name_but_no_folder(original: str | None, kept: str):
    assert file_name(original, Path("/cache/fallback.txt")) == kept


def test_files_of_a_folder_keep_their_folders_and_the_table_sees_them(
    archive: Archive, home: Home, tmp_path: Path
):
    listed = Listed(archive)
    before = len(listed.now().entries)
    files = []
    for number, place in enumerate(("letters/2021/tower.txt", "letters/2022/tower.txt")):
        content = TEXT.replace("93", f"{number + 2}3").encode()
        one = uploaded(tmp_path / str(number), "tower.txt", content)
        files.append(Upload(one.path, one.name, folder_of(place)))
    *_, last = take(archive, files)
    assert [(one.name, one.state) for one in last] == [
        ("letters/2021/tower.txt", "added"),
        ("letters/2022/tower.txt", "added"),
    ]
    assert "93" not in (home.documents / "letters/2021/tower.txt").read_text("utf-8")
    assert len(listed.now().entries) == before + 2
    archive.remove(["letters/2021/tower"])
    assert len(listed.now().entries) == before + 1


@pytest.mark.parametrize("name", ["../../etc/x.txt", "/etc/../x.txt", "..\\..\\etc\\x.txt"])
def test_a_folder_never_leads_out(name: str):
    assert [one for one in folder_of(name) if set(one) <= {".", "/", "\\"}] == []
    assert not Path(*folder_of(name)).is_absolute()
