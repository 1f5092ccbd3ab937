"""A news article as it is, added and asked with the real model: right quotes, honest refusals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.home import make_home
from assistant.settings import Settings

pytestmark = [pytest.mark.model, pytest.mark.slow]

PARKING = """\
Norvik orders parking sensors from Kerbside Labs
2022-05-17
Kerbside Labs makes small discs that are glued to the road and report whether a car stands above \
them. Its system, sold to towns along the coast, has drawn criticism because every disc also notes \
how long a car stays. The order that the city of Norvik placed with the firm is worth €1,350,000 \
and pays for discs in the old town.
Residents had asked for fewer cars circling the market. According to the city, the discs are meant \
only for "guiding drivers to a free space", and a trial on Mill Street is said to have cut the \
search for one by half.
The purchase, approved on May 3, 2022, covers "sensor licences" and the repair of broken discs; \
other details were kept back. The agreement will run until June 30, 2025. A neighbouring town uses \
the same discs to fine drivers who overstay.
The firm insists that its discs are no surveillance. "A disc knows that metal is above it, and \
nothing else," its founder Maja Ekdal told this paper in a letter.
Insurers including Nordlys, Havblikk and Tryggheim have sent formal complaints to the firm, \
demanding that Kerbside Labs stops selling parking times to advertisers.
A mistake in a database laid open the firm's customer list last winter. Licence plates, account \
names and the number of parking sessions were exposed.
Get the Week in Towns Newsletter
Tweets by @norvikherald
Nothing to see here - yet
When they Tweet, their Tweets will show up here."""

PARKING_QUESTIONS = [
    ("How much was the order worth?", "€1,350,000"),
    ("When does it end?", "June 30, 2025"),
    ("Which insurers sent formal complaints?", "Nordlys, Havblikk and Tryggheim"),
    ("What was exposed?", "Licence plates, account names"),
    ("How many employees does the company have?", None),
    ("What is the capital of France?", None),
]

NEWS = Path(__file__).parents[2].parent / "shared" / "data" / "articles"
NEWS_QUESTIONS = [
    ("How much was the contract worth?", "$224,000"),
    ("When does it end?", "September 4, 2021"),
    ("Which companies sent cease-and-desist letters?", "Google, Microsoft, and Facebook"),
    ("What was leaked?", "Customer names, accounts, and the number of searches"),
    ("How many employees does the company have?", None),
    ("What is the capital of France?", None),
]


def archive_with(folder: Path, article: Path) -> Iterator[Archive]:
    with Archive(make_home(folder), Settings()) as archive:
        changes = archive.add([article])
        assert (len(changes.added), changes.failed, changes.skipped) == (1, (), ())
        yield archive


@pytest.fixture(scope="module")
def parking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("parking")
    article = folder / "000_5b1f0c.txt"
    article.write_text(PARKING, encoding="utf-8")
    yield from archive_with(folder / "home", article)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    articles = sorted(NEWS.glob("*.txt"))
    if not articles:
        pytest.skip(f"there is no article in {NEWS}, which lies beside this checkout")
    yield from archive_with(tmp_path_factory.mktemp("news") / "home", articles[0])


def check_answer(archive: Archive, question: str, quoted: str | None) -> None:
    answer = archive.ask(question)
    if quoted is None:
        assert (answer.abstained, answer.citations) == (True, ())
        assert answer.nearest
        return
    assert not answer.abstained, answer.text
    (entry,) = archive.entries()
    text = archive.document(entry.id).text
    for citation in answer.citations:
        assert text[citation.start : citation.end] == citation.quote
    assert any(quoted in " ".join(one.quote.split()) for one in answer.citations), answer.text


@pytest.mark.parametrize(("question", "quoted"), PARKING_QUESTIONS)
def test_an_article_is_asked(parking: Archive, question: str, quoted: str | None) -> None:
    check_answer(parking, question, quoted)


def test_its_title_and_date_are_found_and_its_furniture_is_not_kept(parking: Archive) -> None:
    (entry,) = parking.entries()
    assert (entry.title, entry.date) == (
        "Norvik orders parking sensors from Kerbside Labs",
        dt.date(2022, 5, 17),
    )
    text = parking.document(entry.id).text
    assert text.startswith("Kerbside Labs makes small discs")
    assert text.endswith("the number of parking sessions were exposed.")
    assert [part.text for part in parking.removed_parts(entry.id)] == PARKING.splitlines()[-4:]


@pytest.mark.parametrize(("question", "quoted"), NEWS_QUESTIONS)
def test_a_real_article_is_asked(news: Archive, question: str, quoted: str | None) -> None:
    check_answer(news, question, quoted)


def test_a_real_articles_title_and_date_are_found_and_its_furniture_is_not_kept(
    news: Archive,
) -> None:
    (entry,) = news.entries()
    assert (entry.title, entry.date) == ("Clearview AI inks deal with ICE", dt.date(2020, 8, 18))
    text = news.document(entry.id).text
    assert text.startswith("AI provides a search engine tool")
    assert text.endswith("the number of searches clients have made were leaked.")
