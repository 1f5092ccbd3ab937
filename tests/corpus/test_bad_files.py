from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile, UnsupportedFormat
from corpus.readers import read_file
from corpus.readers.markdown import plain_text

from .conftest import let_in
from .pages import png, write


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", b"", "is empty. Write its text into it"),
        ("white.txt", b" \n\t\n", "holds only white space"),
        ("image.txt", png(), "is not text: it looks like a PNG image. Save its text as"),
        ("jpeg.md", b"\xff\xd8\xff\xe0" + bytes(50), "it looks like a JPEG image"),
        ("log.txt", b"\x1f\x8b\x08" + bytes(20), "it looks like gzip data"),
        ("tool.html", b"\x7fELF\x02\x01\x01" + bytes(60), "it looks like an ELF program"),
        ("noise.txt", b"abc\0def", "it looks like binary data"),
        ("noise.md", b"\x01\x02\x03ab" * 50, "it looks like binary data"),
        ("latin.txt", b"Caf\xe9", "is not valid UTF-8: byte 3 is 0xe9. Save it as UTF-8"),
        ("half.txt", b"\xff\xfea\0b", "is not valid UTF-16-LE: byte 4 is 0x62"),
        ("big.txt", b"a" * 3001, "has 0.0 MB, and 0.0 MB is the most"),
    ],
)
def test_a_bad_file_gets_one_line_with_the_next_step(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = write(tmp_path, name, content)
    with pytest.raises(UnreadableFile) as caught:
        read_file(path, max_bytes=3000)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_missing_file_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name, message in (
        ("none.txt", "There is no file"),
        ("none.pdf", "There is no file"),
        ("none.txt/a.txt", "There is no file"),
        ("x" * 300 + ".txt", "could not be read"),
        (".", "is a folder, not a file"),
        ("pipe.txt", "is not a regular file"),
    ):
        with pytest.raises(UnreadableFile, match=message):
            read_file(tmp_path / name)


def test_a_file_of_200_mb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    started = time.process_time()
    with pytest.raises(UnreadableFile, match=r"has 200\.0 MB, and 25\.0 MB is the most"):
        read_file(path)
    assert time.process_time() - started < 0.5


def test_a_suffix_without_a_reader_lists_the_ones_with(tmp_path: Path) -> None:
    for name in ("a.py", "a.xyz"):
        with pytest.raises(UnsupportedFormat, match=r"Save it as one of: \.txt, .*\.md, .*\.html"):
            read_file(write(tmp_path, name, "text"))


def test_a_file_without_read_rights_says_so(without_rights, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = write(tmp_path, "a.txt", "text")
    path.chmod(0)
    let_in(tmp_path)
    assert without_rights(lambda: read_file(path)) == (
        f"UnreadableFile: No rights to read {path}. Change its rights (chmod +r)."
    )


def test_a_hostile_file_name_cannot_reach_the_terminal(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_file(tmp_path / "a\x1b[31m\nb.txt")
    assert "a�[31m b.txt" in str(caught.value)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html"])
@given(content=st.binary(min_size=1, max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_text_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("any", numbered=True) / f"a{suffix}"
    path.write_bytes(content)
    try:
        shown = read_file(path).text
    except (UnreadableFile, UnsupportedFormat) as error:
        shown = str(error).replace(str(path), "")
    # No other error, and never a text that could not be stored.
    assert shown.encode("utf-8").strip()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "*a " * 20_000,
        ">" * 20_000,
        "- " * 5_000,
        "| a " * 20_000 + "\n" + "|-" * 20_000,
    ],
    ids=["brackets", "stars", "quotes", "lists", "table"],
)
def test_hostile_markdown_takes_no_longer_than_its_length(text: str) -> None:
    started = time.process_time()
    plain_text(text)
    assert time.process_time() - started < 5


def test_a_page_that_shows_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="holds no text, only markup"):
        read_file(write(tmp_path, "a.html", "<html><script>x</script></html>"))


def test_a_page_nested_5_000_deep_is_read_or_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "a.html", "<div>" * 5_000 + "deep</div>")
    with contextlib.suppress(UnreadableFile):
        assert read_file(path).text == "deep"


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_a_file_in_a_folder_without_rights_is_named(  # type: ignore[no-untyped-def]
    without_rights, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "closed" / name
    path.parent.mkdir()
    path.write_text("words", "utf-8")
    let_in(tmp_path)
    path.parent.chmod(0o000)
    try:
        assert without_rights(lambda: read_file(path)) == (
            f"UnreadableFile: No rights to reach {path}. Change the folder's rights."
        )
    finally:
        path.parent.chmod(0o755)
