"""Books, RTF, mails, tables and JSON articles."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Removed
from corpus.errors import UnreadableFile, UnsupportedFormat
from corpus.readers import RawText, Stated, read_file
from corpus.readers.csv_table import read_csv
from corpus.readers.eml import read_eml
from corpus.readers.epub import read_epub
from corpus.readers.json_article import read_json
from corpus.readers.rtf import read_rtf

from . import office
from .pages import write

CHAPTER = "Boats & ropes – all day.\n\n- one\n- two"


def test_a_book_is_read_in_its_order_without_cover_and_contents() -> None:
    assert read_epub(office.epub(), name="a.epub") == RawText(
        f"# Morning\n\n{CHAPTER}\n\n# Evening\n\n{CHAPTER}",
        "application/epub+zip",
        Stated(
            title="The Harbour Book",
            date="2021-03-09",
            source="Tide Press",
            language="en",
            author="Ada Marsh, Ben Tide",
        ),
    )


def test_a_sloppy_chapter_is_read_and_a_locked_book_is_refused() -> None:
    sloppy = "<html><body><p>One<br>two<p>Three &nbsp;four</body>"
    raw = read_epub(office.epub(**{"OEBPS/text/two.xhtml": sloppy}), name="a.epub")
    assert raw.text.endswith(f"{CHAPTER}\n\nOne\ntwo\n\nThree four")
    with pytest.raises(UnreadableFile, match="is locked by its shop"):
        read_epub(office.epub(**{"META-INF/rights.xml": "<x/>"}), name="a.epub")


NOTES = """<html xmlns:e="http://www.idpf.org/2007/ops"><body><h1>Notes</h1><p>A fine.<a
 href="#n">1</a></p><aside e:type="footnote" id="n"><p>1. Of £5.</p></aside>
<p style="display:none">Unseen words</p><footer><p>The end.</p></footer></body></html>"""


def test_a_book_keeps_its_notes_and_tells_what_it_does_not_show() -> None:
    raw = read_epub(office.epub(**{"OEBPS/text/one a.xhtml": NOTES}), name="a.epub")
    assert raw.text.startswith("# Notes\n\nA fine.1\n\n1. Of £5.\n\nThe end.\n\n# Evening")
    assert raw.dropped == (Removed(7, "Unseen words", "hidden text"),)
    after = read_epub(office.epub(**{"OEBPS/text/two.xhtml": NOTES}), name="a.epub")
    assert after.text.split("\n")[after.dropped[0].line - 1] == "The end."


def test_a_book_with_encrypted_chapters_is_refused_and_one_with_encrypted_fonts_is_not() -> None:
    locked = "<encryption><EncryptedData><CipherData><CipherReference URI='%s'/></CipherData>"
    locked += "</EncryptedData></encryption>"
    member = "META-INF/encryption.xml"
    with pytest.raises(UnreadableFile, match="is locked by its shop"):
        read_epub(office.epub(**{member: locked % "OEBPS/text/one%20a.xhtml"}), name="a.epub")
    fonts = read_epub(office.epub(**{member: locked % "OEBPS/a.otf"}), name="a.epub")
    assert fonts == read_epub(office.epub(), name="a.epub")


def test_rtf_keeps_headings_lists_tables_notes_and_every_letter() -> None:
    assert read_rtf(office.RTF, name="a.rtf") == RawText(
        "# What was decided\n\nCafé council – voted on Monday[1].\nThen it ended. Привет 😀\n\n"
        "- The cameras go back\n- The pictures are deleted\n\n1. First the harbour\n\n"
        "Year | Cost\n2019 | £10,000\n\nA link end.\n\n[1] Seven to two.",
        "application/rtf",
        Stated(title="Saltmere ends its trial", made="2021-03-09", author="Ada Marsh"),
        (Removed(3, "and paid the mayor", "hidden text"),),
    )


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"{\rtf1 One\bin5 }}}}} two\par}after", "One two"),
        (rb"{\rtf1\uc2 \u8364\'80\'80 and {\uc0\u8364} done}", "€ and € done"),
        (
            rb"{\rtf1{\*\unknown secret}{\object{\result gone}}Shown\~here \{x\}\_y}",
            "Shown here {x}-y",
        ),
        (b"{\\rtf1{\\deleted gone}One\\\nTwo\\tab three}", "One\n\nTwo three"),
        (rb"{\rtf1 never closed {\b bold", "never closed bold"),
    ],
    ids=["binary", "fallbacks", "destinations", "paragraph sign", "cut short"],
)
def test_the_corners_of_rtf(source: bytes, text: str) -> None:
    assert read_rtf(source, name="a.rtf").text == text


def test_the_headers_and_footers_of_rtf_are_told_once() -> None:
    heads = rb"{\header The Tide\par}{\headerf The Tide\par}"
    source = rb"{\rtf1" + heads + rb"{\footer Page {\field 1}\par}One.\par}"
    assert read_rtf(source, name="a.rtf").dropped == (
        Removed(1, "The Tide", "page header"),
        Removed(2, "Page 1", "page footer"),
    )


def test_rtf_of_100_000_groups_or_a_megabyte_of_picture_ends() -> None:
    deep = b"{\\rtf1 " + b"{" * 100_000 + b"deep"
    assert read_rtf(deep, name="a.rtf").text == "deep"
    picture = b"{\\rtf1 {\\pict " + b"89504e47" * 250_000 + b"}shown}"
    assert read_rtf(picture, name="a.rtf").text == "shown"


def mail(**parts: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"] = "The trial: ended", "Ada Marsh <ada@tide.example>"
    message["Date"] = "Tue, 09 Mar 2021 10:00:00 +0000"
    message["Message-ID"] = "<1@tide.example>"
    if "plain" in parts:
        message.set_content(parts["plain"])
    if "html" in parts:
        (message.add_alternative if "plain" in parts else message.set_content)(
            parts["html"], subtype="html"
        )
    return message


PLAIN = (
    "Dear all,\n\nthe trial – at last – ended.\n\n> When will it end?\n\n-- \nAda Marsh\nThe Tide\n"
)


def test_a_mail_gives_its_text_its_facts_and_the_names_of_its_attachments() -> None:
    message = mail(plain=PLAIN, html="<p>Other</p>")
    message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="a plan.pdf")
    assert read_eml(message.as_bytes(), name="a.eml") == RawText(
        "Dear all,\n\nthe trial – at last – ended.\n\n> When will it end?",
        "message/rfc822",
        Stated(
            title="The trial: ended",
            date="2021-03-09",
            author="Ada Marsh",
            problems=("attachment a plan.pdf was not read: add it by itself",),
        ),
        (Removed(6, "Ada Marsh The Tide", "signature"),),
    )


def test_a_mail_of_html_alone_is_read_as_html() -> None:
    message = mail(html="<h2>News</h2><p>It <b>ended</b>.</p><script>x</script>")
    assert read_eml(message.as_bytes(), name="a.eml").text == "## News\n\nIt ended."


def test_the_tables_that_lay_out_a_mail_are_no_tables_and_hidden_lines_are_told() -> None:
    message = mail(
        html="<table><tr><td><table><tr><td>Left</td><td>Right</td></tr></table></td></tr><tr><td>"
        "<h1>News</h1><p>It ended.</p></td></tr></table><table><tr><th>Year</th><th>Cost</th></tr>"
        "<tr><td>2019</td><td>5</td></tr></table><div style='display:none'>Unseen words</div>"
    )
    raw = read_eml(message.as_bytes(), name="a.eml")
    assert raw.text == "Left\n\nRight\n\n# News\n\nIt ended.\n\nYear | Cost\n2019 | 5"
    assert raw.dropped == (Removed(12, "Unseen words", "hidden text"),)


@pytest.mark.parametrize(
    "body",
    ["Ein Café in Köln.".encode(), "Ein Café in Köln.".encode("latin-1")],
    ids=["UTF-8", "Latin-1"],
)
@pytest.mark.parametrize("head", [b"", b"Content-Type: text/plain; charset=us-ascii\r\n"])
def test_a_mail_that_states_no_charset_or_a_false_one_keeps_its_letters(
    head: bytes, body: bytes
) -> None:
    data = b"From: a@tide.example\r\nMessage-ID: <1@x>\r\n" + head + b"\r\n" + body
    assert read_eml(data, name="a.eml").text == "Ein Café in Köln."


def test_a_rule_of_two_dashes_before_much_text_is_no_signature() -> None:
    message = mail(plain="One.\n\n-- \n" + "More text.\n\n" * 20)
    raw = read_eml(message.as_bytes(), name="a.eml")
    assert raw.text.count("More text.") == 20
    assert raw.dropped == ()


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ('Name,Year\n"Marsh, Ada",2019\nTide,\n', "Name: Marsh, Ada; Year: 2019\nName: Tide"),
        ("Name;Cost\nA;1,5\nB;2,5\n", "Name: A; Cost: 1,5\nName: B; Cost: 2,5"),
        ("1,2,3\n4,5,6\n", "1 | 2 | 3\n4 | 5 | 6"),
        ('a,b\n"two\nlines","say ""hi"""\n', 'a: two lines; b: say "hi"'),
        ("a,b\n1,2,3\n", "a: 1; b: 2; 3"),
        ("a,b\r1,2\r3,4", "a: 1; b: 2\na: 3; b: 4"),
        ("Only,A,Header\n", "Only | A | Header"),
        ("One column\nof words\n", "One column: of words"),
        ("Country,2019,2020\nSaltmere,5,6\n", "Country: Saltmere; 2019: 5; 2020: 6"),
    ],
    ids=[
        "quoted",
        "semicolon",
        "bare",
        "breaks",
        "ragged",
        "old line ends",
        "header",
        "column",
        "years",
    ],
)
def test_each_row_of_a_table_names_its_columns(table: str, text: str) -> None:
    assert read_csv(table, name="a.csv") == RawText(text, "text/csv")


def test_a_long_table_is_cut_into_blocks_and_read_up_to_the_cap() -> None:
    table = "n\tword\n" + "".join(f"{number}\tw{number}\n" for number in range(50))
    raw = read_csv(table, name="a.tsv", tabs=True, most_rows=45)
    blocks = raw.text.split("\n\n")
    assert [block.count("\n") + 1 for block in blocks] == [20, 20, 5]
    assert blocks[0].startswith("n: 0; word: w0\nn: 1; word: w1\n")
    assert raw.media_type == "text/tab-separated-values"
    assert raw.stated.problems == ("only the first 45 rows were read: split the table",)


WORDS = st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,9}", fullmatch=True)


@given(st.lists(st.lists(WORDS, min_size=2, max_size=5), min_size=2, max_size=9))
def test_no_cell_of_a_table_is_lost(rows: list[list[str]]) -> None:
    import csv
    import io

    file = io.StringIO()
    csv.writer(file).writerows(rows)
    text = read_csv(file.getvalue(), name="a.csv").text
    for row in rows[1:]:
        assert all(cell in text for cell in row)


NEWS = """{"@context": "https://schema.org", "@graph": [
{"@type": "Organization", "name": "The Tide"},
{"@type": "NewsArticle", "headline": "The <i>trial</i> ended", "datePublished": "2021-03-09T10:00Z",
 "author": [{"@type": "Person", "name": "Ada Marsh"}, {"name": "Ben Tide"}],
 "publisher": {"name": "The Tide"}, "mainEntityOfPage": {"@id": "https://tide.example/a"},
 "keywords": "cameras, privacy", "inLanguage": "en",
 "articleBody": "<p>It ended.</p><ul><li>one</li></ul>"}]}"""


def test_an_article_in_json_ld_gives_its_text_and_its_facts() -> None:
    assert read_json(NEWS, name="a.json") == RawText(
        "It ended.\n\n- one",
        "application/json",
        Stated(
            title="The trial ended",
            date="2021-03-09",
            source="The Tide",
            url="https://tide.example/a",
            language="en",
            author="Ada Marsh, Ben Tide",
            tags=("cameras", "privacy"),
        ),
    )


def test_a_plain_article_and_one_in_an_envelope_are_read() -> None:
    plain = '{"title": "T", "body": "One.\\n\\nTwo.", "source": "S", "tags": ["x", "y"]}'
    enveloped = f'{{"response": {{"status": 1, "content": {plain}}}}}'
    expected = RawText(
        "One.\n\nTwo.", "application/json", Stated(title="T", source="S", tags=("x", "y"))
    )
    assert read_json(plain, name="a.json") == expected
    assert read_json(enveloped, name="a.json") == expected


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ('{"name": "pkg", "version": 1}', UnsupportedFormat, "holds no article. It needs a 'title"),
        ('{"title": "x",\n "text": }', UnreadableFile, r"not valid JSON: .* \(line 2\)"),
        ("[" * 100_000, UnreadableFile, "nested too deeply"),
        ('{"a":' * 100_000, UnreadableFile, "nested too deeply"),
        ('{"text": ' + "1" * 10_000 + "}", UnreadableFile, "a number is too long"),
        ('{"items": [{"text": "a"}, {"text": "b"}]}', UnsupportedFormat, "one by one"),
    ],
)
def test_json_without_one_article_says_what_to_do(
    text: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read_json(text, name="a.json")


def test_a_table_over_the_size_cap_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "billion.csv"
    with path.open("wb") as file:
        file.truncate(6_000_000_000)
    with pytest.raises(UnreadableFile, match=r"has 6,000\.0 MB, and 25\.0 MB is the most"):
        read_file(path)


def test_a_book_cannot_name_the_same_chapter_many_times_or_reach_outside() -> None:
    many = office.PACKAGE.replace("</spine>", '<itemref idref="c1"/>' * 5_000 + "</spine>")
    book = read_epub(office.epub(**{"OEBPS/book.opf": many}), name="a.epub")
    assert book.text.count("# Morning") == 1
    outside = office.PACKAGE.replace("text/two.xhtml", "../../../../etc/passwd")
    with pytest.raises(UnreadableFile, match="could not be read as an EPUB book"):
        read_epub(office.epub(**{"OEBPS/book.opf": outside}), name="a.epub")


def test_a_text_with_json_in_it_stays_a_text(tmp_path: Path) -> None:
    assert read_file(write(tmp_path, "a.txt", '{"title": 1}')).media_type == "text/plain"
