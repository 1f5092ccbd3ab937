"""Files are read in processes of their own: what a bad one may cost, and what it may not."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import places, unpack
from corpus.documents import Reading
from corpus.errors import CorpusError, ReaderStopped, UnreadableFile, UnsupportedFormat
from corpus.read import read_document
from corpus.sandbox import Readers, ReadJob, usual_seconds
from evals.benchmarks.made_articles import make_article
from evals.benchmarks.made_documents import MAKERS, make_zip

ROOT = Path(__file__).parents[2]
STARTER = ROOT / "corpus" / "documents"
MISBEHAVING = "tests.corpus.misbehaving"
GOOD = "The council met on Tuesday and decided to keep the library open.\n"


def in_process(path: Path, folder: Path) -> Reading | str:
    try:
        return read_document(path, folder=folder)
    except CorpusError as error:
        return f"{type(error).__name__}: {error}"


def in_sandbox(readers: Readers, path: Path, folder: Path) -> Reading | str:
    try:
        return readers.read(path, folder=folder)
    except CorpusError as error:
        return f"{type(error).__name__}: {error}"


def test_the_starter_corpus_reads_as_it_does_in_process(readers: Readers) -> None:
    paths = sorted(path for path in STARTER.rglob("*") if path.is_file())
    assert len(paths) > 10
    expected = [in_process(path, STARTER) for path in paths]
    assert [in_sandbox(readers, path, STARTER) for path in paths] == expected


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("empty.txt", b"", UnreadableFile),
        ("binary.txt", b"\0\1\2", UnreadableFile),
        ("what.xyz", b"text", UnsupportedFormat),
        ("gone.txt", None, UnreadableFile),
        ("spaces.md", b" \n \n", UnreadableFile),
    ],
)
def test_an_error_arrives_as_it_was_raised(
    readers: Readers, tmp_path: Path, name: str, data: bytes | None, kind: type[CorpusError]
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(CorpusError) as expected:
        read_document(path, folder=tmp_path)
    with pytest.raises(CorpusError) as raised:
        readers.read(path, folder=tmp_path)
    assert (type(raised.value), str(raised.value)) == (kind, str(expected.value))
    assert len(readers.pids()) == 1


def test_the_id_and_the_size_that_were_asked_for_are_passed_on(
    readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    path = made("a.txt")
    assert readers.read(path, folder=tmp_path, document_id="b/c-2").document.id == "b/c-2"
    with pytest.raises(UnreadableFile, match="is the most"):
        readers.read(path, folder=tmp_path, max_bytes=10)


def test_places_and_pictures_of_pages_come_through(readers: Readers, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(MAKERS["pdf"](make_article(1, words=60)))
    quote = make_article(1, words=60).paragraphs[0][:40]
    expected = places.find_place(path, quote, page=1)
    assert len(expected) == 1
    assert readers.find_place(path, quote, page=1) == expected
    image = readers.page_image(path, 1, width_px=200)
    assert image == places.page_image(path, 1, width_px=200)
    assert image.startswith(b"\x89PNG")


def test_containers_are_taken_apart_in_the_sandbox(
    readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(make_zip({"a.txt": GOOD.encode(), "in/b.txt": GOOD.encode(), "c": b"\0"}))
    assert [readers.is_container(one) for one in (path, made("a.txt"))] == [True, False]
    unpacked = readers.unpack(path, tmp_path / "out")
    expected = unpack.unpack(path, tmp_path / "expected")
    assert [one.relative_to(tmp_path / "out") for one in unpacked.files] == [
        one.relative_to(tmp_path / "expected") for one in expected.files
    ]
    assert len(unpacked.files) == 2
    assert (unpacked.skipped, unpacked.failed) == (expected.skipped, expected.failed)
    with pytest.raises(UnsupportedFormat):
        readers.unpack(made("a.txt"), tmp_path / "none")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("loops", "PATH took longer than 2 s to read. Split it, or save it in another format."),
        ("sleeps", "PATH took longer than 2 s to read. Split it, or save it in another format."),
        (
            "allocates",
            "PATH needed more than 300 MB to read. Split it, or save it in another format.",
        ),
        (
            "allocates_and_hides_it",
            "PATH needed more than 300 MB to read. Split it, or save it in another format.",
        ),
        (
            "segfaults",
            "PATH could not be read: its reader died (SIGSEGV). "
            "It may be damaged: save it again, or in another format.",
        ),
        (
            "aborts",
            "PATH could not be read: its reader gave up, as it does where a file needs more memory "
            "than it may have. Split it, or save it in another format.",
        ),
        (
            "exits",
            "PATH could not be read: its reader died (exit code 7). "
            "It may be damaged: save it again, or in another format.",
        ),
        (
            "fails",
            "PATH could not be read: its reader failed (KeyError). "
            "It may be damaged: save it again, or in another format.",
        ),
        ("recurses", "PATH is nested too deeply. Save it in another format."),
        ("writes_without_end", "PATH could not be read: File too large. Save it again."),
        ("opens_without_end", "PATH could not be read: Too many open files. Save it again."),
        (
            "answers_nonsense",
            "PATH could not be read: what its reader sent back makes no sense. "
            "Save it again, or in another format.",
        ),
        (
            "answers_for_another",
            "PATH could not be read: what its reader sent back makes no sense. "
            "Save it again, or in another format.",
        ),
        (
            "raises_a_foreign_error",
            "PATH could not be read: its reader died (an error that is none of ours). "
            "It may be damaged: save it again, or in another format.",
        ),
        ("answers_too_much", "PATH holds too much text for one document. Split it."),
    ],
)
def test_a_file_that_harms_its_reader_costs_only_itself(
    bad_readers: Readers, made: Callable[[str], Path], tmp_path: Path, name: str, message: str
) -> None:
    path = made(f"{name}.txt")
    with pytest.raises(ReaderStopped) as stopped:
        bad_readers.read(path, folder=tmp_path, seconds=2 if "2 s" in message else 60)
    assert str(stopped.value) == message.replace("PATH", str(path))
    good = made("good.txt")
    assert bad_readers.read(good, folder=tmp_path) == read_document(good, folder=tmp_path)
    assert len(bad_readers.pids()) == 1


def test_many_small_allocations_are_refused_too(
    made: Callable[[str], Path], tmp_path: Path
) -> None:
    readers = Readers(memory=100_000_000, worker=MISBEHAVING)
    with pytest.raises(ReaderStopped, match="needed more than 100 MB"):
        readers.read(made("allocates_small_things.txt"), folder=tmp_path)
    readers.close()


def test_a_large_file_and_a_scan_have_more_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"a.txt": 10, "b.txt": 3_500_000, "c.txt": 2 * 10**9, "d.pdf": 10}
    for name, size in sizes.items():
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    names = [*sizes, "gone.txt", "\0"]
    assert [usual_seconds(tmp_path / name) for name in names] == [60, 90, 300, 60, 60, 60]
    (programs / "tesseract").write_text("#!/bin/sh\n")
    (programs / "tesseract").chmod(0o755)
    assert usual_seconds(tmp_path / "d.pdf") == 300


def test_what_a_reader_prints_does_not_get_into_its_answer(
    bad_readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFile) as error:
        bad_readers.read(made("prints.txt"), folder=tmp_path)
    assert str(error.value) == "It printed, and read all of stdin."


def test_a_reader_knows_no_secret_and_imports_nothing_from_where_the_user_is(
    bad_readers: Readers,
    made: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    (tmp_path / "corpus.py").write_text("raise SystemExit(9)")
    path = made("tells_its_environment.txt")
    with pytest.raises(UnreadableFile) as told:
        bad_readers.read(path, folder=tmp_path)
    assert "'PATH'" in str(told.value)
    assert "OPENAI" not in str(told.value)
    assert str(tmp_path) not in str(told.value)


def test_a_relative_path_is_read_from_the_folder_of_now(
    readers: Readers,
    made: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "in").mkdir()
    for folder in (tmp_path, tmp_path / "in"):
        monkeypatch.chdir(folder)
        Path("a.txt").write_text(f"{folder} is where this text stands.\n")
        reading = readers.read(Path("a.txt"), folder=Path())
        assert reading == read_document(Path("a.txt"), folder=Path())
    with pytest.raises(UnreadableFile, match=r"There is no file b\.txt"):
        readers.read(Path("b.txt"), folder=Path())
    assert len(readers.pids()) == 1


def test_a_name_that_is_not_utf8_is_refused_as_it_is_in_process(
    readers: Readers, tmp_path: Path
) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.txt")
    path.write_text(GOOD)
    expected = in_process(path, tmp_path)
    assert isinstance(expected, str)
    assert in_sandbox(readers, path, tmp_path) == expected


def test_many_files_come_in_their_order_with_the_bad_ones_among_them(
    bad_readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    names = [f"{number:02}" for number in range(20)]
    names[3], names[4], names[11] = "exits", "sleeps", "fails"
    jobs = [
        ReadJob(made(f"{name}.txt"), tmp_path, seconds=2 if name == "sleeps" else 60)
        for name in names
    ]
    found = list(bad_readers.read_many(iter(jobs)))
    assert [job for job, _ in found] == jobs
    assert [
        reading.document.title if isinstance(reading, Reading) else type(reading).__name__
        for _, reading in found
    ] == [
        "ReaderStopped" if name in ("exits", "sleeps", "fails") else f"Notes of {name}"
        for name in names
    ]


def test_only_a_few_jobs_are_taken_before_their_readings_are(
    readers: Readers, made: Callable[[str], Path], tmp_path: Path
) -> None:
    path = made("a.txt")
    taken = itertools.count()
    jobs = (ReadJob(path, tmp_path, document_id=str(next(taken))) for _ in range(1000))
    found = readers.read_many(jobs, ahead=3)
    assert [job.document_id for job, _ in itertools.islice(found, 5)] == list("01234")
    assert next(taken) == 8
    found.close()  # type: ignore[attr-defined]
