"""ZIPs, lists of articles and mailboxes: each part becomes a file, or is named with the reason."""

from __future__ import annotations

import io
import json
import random
import stat
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import UnreadableFile, UnsupportedFormat
from corpus.readers import Stated, read_file
from corpus.readers.json_article import read_article
from corpus.readers.markdown import read_markdown
from corpus.readers.zipcaps import Archive
from corpus.unpack import Unpacked, is_container, unpack
from corpus.unpack_articles import markdown_file

from . import office
from .pages import png, write


def unpacked(tmp_path: Path, name: str, content: str | bytes, **options: int) -> Unpacked:
    return unpack(write(tmp_path, name, content), tmp_path / "into", **options)


def names(tmp_path: Path, result: Unpacked) -> list[str]:
    """Return the files written, from the folder; everything in it must be accounted for."""
    into = tmp_path / "into"
    return [path.relative_to(into).as_posix() for path in result.files]


def on_disk(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


# ---------------------------------------------------------------- ZIP


def test_the_documents_in_a_zip_are_written_and_the_rest_is_named(tmp_path: Path) -> None:
    result = unpacked(
        tmp_path,
        "a.zip",
        office.zipped_parts(
            {
                "2021/marsh.txt": "The trial ended.",
                "2021/marsh.txt.meta.yaml": "title: The trial\n",
                "2021/costs": office.docx(),
                "lonely.meta.yaml": "title: nobody\n",
                "__MACOSX/2021/._marsh.txt": b"\0\1",
                "2021/.DS_Store": b"\0",
                ".hidden.txt": "x",
                "photo.png": png(),
                "more.zip": office.zipped_parts({"b.txt": "words"}),
                "list.jsonl": '{"text": "a"}\n',
                "empty.txt": "",
                "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99),
                "a folder/": "",
            }
        ),
    )
    assert names(tmp_path, result) == ["2021/marsh.txt", "2021/costs"]
    assert on_disk(tmp_path / "into") == [
        "2021/costs",
        "2021/marsh.txt",
        "2021/marsh.txt.meta.yaml",
    ]
    assert result.skipped == (
        (".hidden.txt", "hidden"),
        ("photo.png", "no reader takes this kind of file"),
        ("more.zip", "an archive in an archive: unpack it, and add that"),
        ("list.jsonl", "it holds several documents: add it by itself"),
        ("empty.txt", "it is empty"),
        ("old.doc", "an old Office file: save it as .docx, .xlsx or .pptx"),
    )
    assert result.failed == ()
    assert [read_file(path).text[:9] for path in result.files] == ["The trial", "# Saltmer"]


@pytest.mark.parametrize(
    ("member", "written"),
    [
        ("../../escape.txt", "escape.txt"),
        ("/etc/passwd.txt", "etc/passwd.txt"),
        ("a/../../b.txt", "a/b.txt"),
        ("C:\\Windows\\a.txt", "Windows/a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("\\\\server\\share\\a.txt", "server/share/a.txt"),
        ("a/./b//c.txt", "a/b/c.txt"),
        ("a\n\x1b[31mb?.txt", "a-31mb.txt"),
        ("x" * 300 + ".txt", "x" * 120 + ".txt"),
        ("... /a.txt", "a.txt"),
        ("é" * 3 + ".txt", "é" * 3 + ".txt"),
    ],
)
def test_no_member_leaves_the_folder(tmp_path: Path, member: str, written: str) -> None:
    result = unpacked(tmp_path, "a.zip", office.zipped_parts({member: "words"}))
    assert names(tmp_path, result) == [written]
    assert on_disk(tmp_path) == sorted(["a.zip", f"into/{written}"])


def test_names_that_clash_are_numbered_and_the_later_of_two_copies_counts(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "old")
        archive.writestr("A.txt", "cap")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", "new")
        archive.writestr("b/a?.txt", "one")
        archive.writestr("b/a*.txt", "two")
        archive.writestr("a.txt/below.txt", "below a file")
    result = unpacked(tmp_path, "a.zip", file.getvalue())
    into = tmp_path / "into"
    assert {name: (into / name).read_text() for name in on_disk(into)} == {
        "A.txt": "cap",
        "a-2.txt": "new",
        "b/a.txt": "one",
        "b/a-2.txt": "two",
    } | ({"a.txt/below.txt": "below a file"} if (into / "a.txt").is_dir() else {})
    assert ("a.txt", "a later member has the same name") in result.skipped


def test_links_and_locked_members_are_left_out(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("locked.txt", "secret")
        archive.writestr("open.txt", "words")
    # The flag of a password, in the member's own header and in the directory.
    data = bytearray(file.getvalue())
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        name_at = 30 if at == 6 else 46
        position = next(
            p for p in range(len(data)) if data.startswith(start, p)
            and data.startswith(b"locked.txt", p + name_at)
        )  # fmt: skip
        data[position + at] |= 1
    result = unpacked(tmp_path, "a.zip", bytes(data))
    assert names(tmp_path, result) == ["open.txt"]
    assert result.skipped == (("link.txt", "a link, not a file"),)
    assert result.failed == (
        ("locked.txt", "locked.txt is protected by a password. Unpack it, and add the file."),
    )


def test_a_member_too_large_for_a_document_fails_alone(tmp_path: Path) -> None:
    data = office.zipped_parts({"big.txt": "ab" * 10_000, "small.txt": "words"})
    result = unpacked(tmp_path, "a.zip", data, max_bytes=10_000)
    assert names(tmp_path, result) == ["small.txt"]
    assert [name for name, _ in result.failed] == ["big.txt"]
    assert "would unpack to more than" in result.failed[0][1]


# ---------------------------------------------------------------- bombs


def zeros(count: int, size: int) -> bytes:
    """Return a ZIP of ``count`` members of ``size`` zeros each."""
    return office.zipped_parts({f"{at}.txt": bytes(size) for at in range(count)})


def nested_bomb() -> bytes:
    """Return a ZIP of ZIPs of ZIPs, ten in each, as 42.zip is."""
    data = zeros(1, 900_000)
    for _ in range(3):
        data = office.zipped_parts({f"{at}.zip": data for at in range(10)})
    return data


def overlapping(count: int) -> bytes:
    """Return a ZIP whose directory names the bytes of one member many times."""
    data = office.zipped_parts({"a.txt": "words " * 1_000})
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[at:end]
    tail = bytearray(data[end:])
    tail[8:10] = tail[10:12] = count.to_bytes(2, "little")
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    return data[:at] + entry * count + bytes(tail)


def lying(size: int) -> bytes:
    """Return a ZIP whose directory says that a member of a million bytes has ``size``."""
    data = bytearray(office.zipped_parts({"a.txt": random.Random(1).randbytes(1_000_000)}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = size.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: zeros(1, 20_000_000), "looks like a bomb: 0.txt would grow"),
        (lambda: zeros(400, 900_000), "would unpack to more than 300 MB"),
        (lambda: zeros(10_001, 0), "and 10,000 is the most"),
        (lambda: overlapping(300), "its members overlap"),
        (lambda: office.zipped_parts({f"{at:0999}": "" for at in range(5_000)}), "more files than"),
        (lambda: b"PK\x03\x04" + bytes(400), "is damaged"),
    ],
    ids=["ratio", "total", "members", "overlap", "directory", "no ZIP"],
)
def test_a_bomb_is_refused_whole_by_each_who_opens_zips(tmp_path: Path, made, message: str) -> None:  # type: ignore[no-untyped-def]
    data = made()
    with pytest.raises(UnreadableFile, match=message):
        unpacked(tmp_path, "a.zip", data)
    assert not (tmp_path / "into").exists()
    for name in ("a.docx", "a.pptx", "a.xlsx", "a.odt", "a.epub"):
        with pytest.raises(UnreadableFile, match=message):
            read_file(write(tmp_path, name, data))


def test_a_bomb_of_archives_is_never_opened_below_the_first(tmp_path: Path) -> None:
    result = unpacked(tmp_path, "a.zip", nested_bomb())
    assert result.files == ()
    assert {why for _, why in result.skipped} == {
        "an archive in an archive: unpack it, and add that"
    }


def test_a_size_that_lies_is_found_out_while_inflating(tmp_path: Path) -> None:
    archive = Archive.of(lying(10), name="a.zip")
    with pytest.raises(UnreadableFile, match="is damaged"):
        archive.read("a.txt")
    result = unpacked(tmp_path, "a.zip", lying(10))
    assert result.files == ()
    assert [name for name, _ in result.failed] == ["a.txt"]


# ---------------------------------------------------------------- articles and mails

ARTICLES = [
    {
        "title": "Trial: it *ended*",
        "text": "One.\n\n2. Two",
        "date": "9 March 2021",
        "author": "A B",
    },
    {"headline": "No date", "body": "<h2>Part</h2><p>It <b>ended</b>.<br>Yes</p>", "tags": ["x"]},
    {"title": "Trial: it *ended*", "text": "Another.", "published": "2021-03-09T10:00:00Z"},
]
NAMES = ["2021-03-09-trial-it-ended.md", "no-date.md", "2021-03-09-trial-it-ended-2.md"]
MARKDOWN = (
    '---\ntitle: "Trial: it *ended*"\ndate: "2021-03-09"\nauthor: "A B"\n---\n\n'
    "# Trial: it \\*ended\\*\n\nOne.\n\n2. Two\n"
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", json.dumps(ARTICLES)),
        ("a.json", json.dumps({"count": 3, "articles": ARTICLES})),
        ("a.jsonl", "\n".join(map(json.dumps, ARTICLES))),
        ("a.json", "\ufeff" + "\n\n".join(map(json.dumps, ARTICLES))),
    ],
    ids=["array", "envelope", "lines", "lines named .json"],
)
def test_each_article_becomes_a_markdown_file(tmp_path: Path, name: str, content: str) -> None:
    result = unpacked(tmp_path, name, content)
    assert result == Unpacked(tuple(tmp_path / "into" / name for name in NAMES))
    assert result.files[0].read_text("utf-8") == MARKDOWN
    second = read_file(result.files[1])
    assert second.text == "# No date\n\n## Part\n\nIt ended.\nYes"
    assert second.stated == Stated(title="No date", tags=("x",))


def test_a_bad_line_is_named_and_the_others_are_done(tmp_path: Path) -> None:
    lines = [
        '{"title": "a", "text": "A."}',
        "{broken",
        '{"n": 1}',
        "",
        '{"title": "b", "text": "B."}',
    ]
    lines.append('{"text": "' + "x" * 900 + '"}')
    result = unpacked(tmp_path, "a.jsonl", "\n".join(lines), max_bytes=500)
    assert names(tmp_path, result) == ["a.md", "b.md"]
    assert [name for name, _ in result.failed] == ["line 2", "line 3", "line 6"]
    assert "is not valid JSON" in result.failed[0][1]
    assert result.failed[1][1] == "it holds no article: it needs a 'title' and a 'text'"
    assert "is longer than" in result.failed[2][1]


def test_a_json_file_that_hides_its_list_far_down_is_a_container_too(tmp_path: Path) -> None:
    content = json.dumps({"notes": "x" * 20_000, "articles": ARTICLES})
    path = write(tmp_path, "a.json", content)
    assert is_container(path)
    with pytest.raises(UnsupportedFormat, match="takes them in one by one"):
        read_file(path)


def test_a_mailbox_becomes_mails(tmp_path: Path) -> None:
    box = ""
    for subject in ("First: one", "Second"):
        mail = EmailMessage()
        mail["From"], mail["Subject"] = "Ada <a@x.example>", subject
        mail["Date"] = "Tue, 09 Mar 2021 10:00:00 +0000"
        mail.set_content("Hello.\n\n>From here on it is better.\n")
        box += f"From a@x.example Tue Mar  9 10:00:00 2021\n{mail}\n"
    result = unpacked(tmp_path, "a.mbox", box)
    assert names(tmp_path, result) == ["2021-03-09-first-one.eml", "2021-03-09-second.eml"]
    assert read_file(result.files[0]).text == "Hello.\n\nFrom here on it is better."


def test_a_document_is_no_container(tmp_path: Path) -> None:
    for name, content in (
        ("a.docx", office.docx()),
        ("a.zip", office.docx()),
        ("a.json", '{"title": "x", "text": "y"}'),
        ("a.txt", "words"),
        ("a.png", png()),
    ):
        path = write(tmp_path, name, content)
        assert not is_container(path)
        with pytest.raises(UnsupportedFormat, match="Add it as it is"):
            unpack(path, tmp_path / "into")
    assert not is_container(tmp_path / "none.zip")
    assert not is_container(tmp_path)


SHOWN = st.characters(codec="utf-8", exclude_categories=["C"])
BODIES = st.text(SHOWN | st.sampled_from("\n\n #-*_1.|<`"), max_size=200)


@given(
    st.dictionaries(st.sampled_from(["title", "author", "source"]), st.text(SHOWN, max_size=30)),
    BODIES,
)
def test_an_article_reads_back_from_its_file_as_it_was(facts: dict[str, str], body: str) -> None:
    raw = read_article({**facts, "text": body})
    again = read_markdown(markdown_file(raw.stated, raw.text))
    assert again.stated == raw.stated
    assert again.text.endswith(raw.text)
