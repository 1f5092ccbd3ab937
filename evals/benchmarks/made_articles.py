"""Articles made up for measuring.

The words are drawn from short lists, so that the same number gives the same article everywhere.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

_WHO = (
    "The council|A regional court|The ministry|Two researchers|The ferry company|A local group|"
    "The inspectors|Several residents|The museum|An independent panel"
).split("|")
_DID = (
    "published|questioned|approved|delayed|measured|defended|rejected|compared|reopened|described"
).split("|")
_WHAT = (
    "a plan for the harbour|the records of the police|a survey of old bridges|the new timetable|"
    "a report on river water|the rules for cameras|an archive of letters|the costs of the tunnel|"
    "a list of protected trees|the figures for last winter"
).split("|")
_HOW = (
    "after a long meeting on Tuesday|although the budget had been cut|for the third time since "
    "2019|in a hearing that was open to the public|without giving further reasons|because earlier "
    "numbers had been wrong|with the help of 240 volunteers|before the summer began"
).split("|")
_PARAGRAPH = 6


@dataclass(frozen=True, slots=True)
class Article:
    """An article before it is put into a format."""

    title: str
    author: str
    date: dt.date
    paragraphs: tuple[str, ...]


def make_article(number: int, *, words: int = 800) -> Article:
    """Make article ``number``, of about ``words`` words."""
    draw = random.Random(number)  # noqa: S311 (not for secrets)
    sentences: list[str] = []
    count = 0
    while count < words:
        parts = [draw.choice(part) for part in (_WHO, _DID, _WHAT, _HOW)]
        sentences.append(" ".join(parts) + ".")
        count += sentences[-1].count(" ") + 1
    return Article(
        f"Report number {number} of the county",
        "Ada Writer",
        dt.date(2020, 1, 1) + dt.timedelta(days=number % 1000),
        tuple(
            " ".join(sentences[at : at + _PARAGRAPH]) for at in range(0, len(sentences), _PARAGRAPH)
        ),
    )
