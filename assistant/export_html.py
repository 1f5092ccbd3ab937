"""A conversation as one HTML file without scripts or links to anything it needs, and the quotes
read back out of such a file."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from importlib import resources

from assistant.export_parts import FORMAT_VERSION, Exported, Part, Source, day

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_META = "archive-assistant"


def html_file(exported: Exported) -> str:
    """Return a conversation as an HTML file."""
    title = _text(exported.title)
    style = resources.files("assistant").joinpath("export.css").read_text("utf-8")
    about = f"conversation {FORMAT_VERSION}; quotes {exported.quotes}; exported {exported.exported}"
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta name="{_META}" content="{_text(about)}">',
            f"<title>{title}</title>\n<style>\n{style}</style>\n</head>\n<body>\n<main>",
            f"<header><h1>{title}</h1>",
            f"<p>Exported on {day(exported.exported)} by {_text(exported.program)}. Every quote "
            "stands below its answer with its document, its place and the hash of that document’s "
            "text; <code>assistant verify FILE</code> checks them against an archive.</p></header>",
            *(_part(part) for part in exported.parts),
            *_recipes(exported),
            "</main>\n</body>\n</html>\n",
        )
    )


class Reading(HTMLParser):
    """What a file of ``html_file`` says about itself, and its quotes."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.about = ""
        self.title = ""
        self.quotes: list[Source] = []
        self._place: dict[str, str] | None = None
        self._inside = ""
        self._said: list[str] = []
        self.feed(text.replace("\r\n", "\n"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a quote begins."""
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("name") == _META:
            self.about = given.get("content", "")
        if tag == "title" or (tag == "blockquote" and "data-sha256" in given):
            self._inside, self._place, self._said = tag, given, []

    def handle_data(self, data: str) -> None:
        """Collect the text of a quote."""
        if self._inside:
            self._said.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Take a quote whose end this is."""
        if tag != self._inside or self._place is None:
            return
        said, place = "".join(self._said), self._place
        self._inside = ""
        if tag == "title":
            self.title = said
            return
        numbers = [place.get(f"data-{name}", "") for name in ("turn", "marker", "start", "end")]
        if all(one.isascii() and one.isdigit() for one in numbers):
            turn, marker, start, end = (int(one) for one in numbers)
            document, sha256 = place.get("data-document", ""), place["data-sha256"]
            self.quotes.append(
                Source(turn, marker, said, document, sha256, start, end, "", "", None)
            )


def _part(part: Part) -> str:
    lines = "".join(f'<p class="note">{_text(line)}</p>' for line in part.lines)
    paragraphs = "".join(f"<p>{_text(one)}</p>" for one in part.answer.split("\n\n") if one)
    sources = "".join(_source(one) for one in part.sources)
    return (
        f'<section id="question-{part.number}">\n<h2>{part.number}. {_text(part.question)}</h2>'
        f'<p class="note">Asked on {day(part.asked)}</p>{lines}\n'
        f'<div class="answer">{paragraphs}</div>\n{sources}</section>'
    )


def _source(source: Source) -> str:
    title = _text(source.title)
    if source.url and source.url.startswith(("http://", "https://")):
        title = f'<a href="{_text(source.url)}" rel="noopener noreferrer">{title}</a>'
    byline = f" · {_text(source.byline)}" if source.byline else ""
    return (
        f'<figure>\n<blockquote data-turn="{source.turn}" data-marker="{source.marker}" '
        f'data-document="{_text(source.document_id)}" data-sha256="{_text(source.sha256)}" '
        f'data-start="{source.start}" data-end="{source.end}">{_text(source.quote)}</blockquote>\n'
        f'<figcaption><b class="number">{source.marker}</b> {title}{byline}<br><small>'
        f"<code>{_text(source.document_id)}</code>, characters {source.start:,} to "
        f"{source.end:,} of the text with SHA-256 <code>{_text(source.sha256)}</code></small>"
        "</figcaption>\n</figure>\n"
    )


def _recipes(exported: Exported) -> Iterator[str]:
    for recipe, made_with in exported.recipes.items():
        numbers = [str(part.number) for part in exported.parts if part.recipe == recipe]
        rows = "".join(_row(name, value) for name, value in made_with.items())
        yield (
            f"<details><summary>Index recipe <code>{_text(recipe)}</code> of answer"
            f"{'' if len(numbers) == 1 else 's'} {_listed(numbers)}</summary>"
            f"<dl>{rows}</dl></details>"
        )


def _row(name: str, value: str) -> str:
    return f"<dt>{_text(name)}</dt><dd>{_text(value)}</dd>"


def _listed(numbers: Iterable[str]) -> str:
    return ", ".join(numbers)


def _text(text: str) -> str:
    # A carriage return in a document's address or title would be read back as a line's end.
    return html.escape(text, quote=True).replace("\r", "&#13;")
