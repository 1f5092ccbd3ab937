"""What requests may say, as pydantic models: checked, and described in the OpenAPI schema."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from assistant.answers import Turn
from assistant.ask import LONGEST_QUESTION
from corpus.documents import Overrides
from corpus.errors import BadFilter
from index.passages import Filters

_LONGEST_NAME = 500
_LONGEST_HISTORY = 50
"""Earlier turns that a question may lean on."""
_LONGEST_ANSWER = 100_000


def _iso(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            raise ValueError("there is no such day") from None
    if value is None or isinstance(value, dt.date):
        return value
    raise ValueError("write the date as 2020-08-18")


Date = Annotated[dt.date, BeforeValidator(_iso)]
Name = Annotated[str, Field(min_length=1, max_length=_LONGEST_NAME)]
Names = Annotated[list[Name], Field(max_length=100)]


class Body(BaseModel):
    """A body; a key that does not exist is told, as it may be a slip of the pen."""

    model_config = ConfigDict(extra="forbid")


class FiltersBody(Body):
    """Which documents may answer; without any, all."""

    since: Date | None = Field(default=None, description="Dated so or after.")
    until: Date | None = Field(default=None, description="Dated so or before.")
    sources: Names = Field(default=[], description="Of one of these outlets.")
    tags: Names = Field(default=[], description="With one of these tags.")
    documents: Names = Field(default=[], description="One of these, by id or file name.")

    def filters(self) -> Filters:
        """Return them as the index takes them. Raises BadFilter."""
        if self.since and self.until and self.since > self.until:
            raise BadFilter(f"since {self.since} is after until {self.until}: none can be both")
        return Filters(
            since=self.since,
            until=self.until,
            sources=tuple(self.sources),
            tags=tuple(self.tags),
            documents=tuple(self.documents),
        )


class TurnBody(Body):
    """An earlier question with the text of its answer, and what helps to complete what follows."""

    question: str = Field(max_length=LONGEST_QUESTION)
    answer: str = Field(default="", max_length=_LONGEST_ANSWER)
    documents: Names = Field(default=[], description="The ids of those that the answer cites.")
    searched: str = Field(
        default="", max_length=LONGEST_QUESTION, description="What was searched for, as it said."
    )

    def turn(self) -> Turn:
        """Return it as questions take it."""
        return Turn(self.question, self.answer, tuple(self.documents), self.searched)


class AskBody(Body):
    """A question."""

    question: str = Field(description=f"At most {LONGEST_QUESTION:,} characters.")
    history: list[TurnBody] = Field(
        default=[],
        max_length=_LONGEST_HISTORY,
        description="What was asked and answered before it.",
    )
    filters: FiltersBody = FiltersBody()
    llm: Name | None = Field(default=None, description="Which LLM answers; none only quotes.")
    explain: bool = Field(default=False, description="Say why each passage stands there.")
    why_not: Name | None = Field(default=None, description="Say why this one was not chosen.")
    places: bool = Field(default=False, description="Look up where quotes of PDFs stand.")
    stream: bool = Field(default=False, description="Answer with server-sent events.")

    def turns(self) -> tuple[Turn, ...]:
        """Return the earlier turns as questions take them."""
        return tuple(one.turn() for one in self.history)


class SearchBody(Body):
    """A search."""

    query: str = Field(description=f"At most {LONGEST_QUESTION:,} characters.")
    k: int = Field(default=10, ge=1, le=1000, description="Passages, at most.")
    filters: FiltersBody = FiltersBody()
    explain: bool = Field(default=False, description="Say why each passage stands there.")
    why_not: Name | None = Field(default=None, description="Say why this one was not chosen.")


class SearchAddress(Body):
    """A search in an address, which repeats a name for each of several values."""

    q: str = Field(description=f"At most {LONGEST_QUESTION:,} characters.")
    k: int = Field(default=10, ge=1, le=1000, description="Passages, at most.")
    since: Date | None = Field(default=None, description="Dated so or after.")
    until: Date | None = Field(default=None, description="Dated so or before.")
    source: Names = Field(default=[], description="Of one of these outlets.")
    tag: Names = Field(default=[], description="With one of these tags.")
    document: Names = Field(default=[], description="One of these, by id or file name.")
    explain: bool = Field(default=False, description="Say why each passage stands there.")
    why_not: Name | None = Field(default=None, description="Say why this one was not chosen.")

    def body(self) -> SearchBody:
        """Return it as a search in a body."""
        filters = FiltersBody(
            since=self.since,
            until=self.until,
            sources=self.source,
            tags=self.tag,
            documents=self.document,
        )
        return SearchBody(
            query=self.q, k=self.k, filters=filters, explain=self.explain, why_not=self.why_not
        )


class AboutBody(Body):
    """What is known of documents better than they tell themselves."""

    title: Name | None = None
    author: Name | None = None
    date: Date | None = None
    source: Name | None = None
    tags: Names = []

    def overrides(self) -> Overrides:
        """Return it as the corpus takes it."""
        return Overrides(self.title, self.date, self.source, tuple(self.tags), author=self.author)


class AddBody(AboutBody):
    """Web pages, feeds or sitemaps to add."""

    urls: list[Annotated[str, Field(max_length=2000, pattern=r"^https?://")]] = Field(
        min_length=1, max_length=20
    )
    limit: int = Field(default=20, ge=1, le=1000, description="Pages of a feed, at most.")
    match: Name | None = Field(default=None, description="Only addresses with this.")


class PartBody(BaseModel):
    """A part of a chat message; only text is read."""

    model_config = ConfigDict(extra="allow")
    type: str
    text: str = ""


class MessageBody(BaseModel):
    """A message of a chat in OpenAI's form."""

    model_config = ConfigDict(extra="allow")
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[PartBody] | None = None

    def text(self) -> str:
        """Return its text."""
        if isinstance(self.content, list):
            return "\n".join(one.text for one in self.content if one.type == "text")
        return self.content or ""


class CompletionBody(BaseModel):
    """A chat in OpenAI's form; settings that an answer from documents has no use for are let be."""

    model_config = ConfigDict(extra="allow")
    model: Name
    messages: list[MessageBody] = Field(min_length=1, max_length=2000)
    stream: bool | None = False
    n: int | None = Field(default=1, ge=1, le=1)
    response_format: dict[str, Any] | None = None
