"""A conversation as Markdown, and the quotes read back out of such a file.

Text that is not ours is escaped so that Markdown shows it as it is, and so that it can be read
back to the letter (``plain`` is the inverse of ``escaped``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.export_parts import FORMAT_VERSION, Exported, Part, Source, day

FIRST_LINE = re.compile(
    r"\A\ufeff?<!-- archive-assistant: conversation (?P<version>\d+), quotes (?P<quotes>\d+), "
    r"exported (?P<exported>\S+) -->\r?\n"
)
_MARKS = re.compile(
    r"[\\`*_\[\]<>&|~$]|:(?=//)|(?<=www)\.|@|^[#+=-]|^(?<!\d)(?P<list>\d+)[.)]", re.M
)
# White space of any kind: readers of Markdown take it off the ends of lines.
_EDGES = re.compile(r"^[^\S\n]+|[^\S\n]+$", re.M)
_ESCAPED = re.compile(r"\\\n|\\([!-/:-@\[-`{-~])|&#(\d+);")
_SOURCE = re.compile(
    r"(?P<quote>(?:^>[^\n]*\n)+)\n"
    r"\*\*\\\[(?P<marker>\d+)\\\]\*\* [^\n]*\n"
    r"`(?P<document>[^`\n]+)`, characters (?P<start>\d+)-(?P<end>\d+), "
    r"SHA-256 `(?P<sha>[0-9a-f]{64})`$",
    re.M,
)
_ADDRESS = re.compile(r"https?://[!-;=?-~]+")
"""A web address that stands between angle brackets as it is."""
_HEADING = re.compile(r"^## (?P<turn>\d+)\. ", re.M)
_TITLE = re.compile(r"^# (?P<title>[^\n]*)$", re.M)


def markdown_file(exported: Exported) -> str:
    """Return a conversation as a Markdown file."""
    blocks = [
        f"<!-- archive-assistant: conversation {FORMAT_VERSION}, quotes {exported.quotes}, "
        f"exported {exported.exported} -->\n# {_line(exported.title)}",
        f"Exported on {day(exported.exported)} by {exported.program}. Every quote stands below its "
        "answer with its document, its place and the hash of that document's text; "
        "`assistant verify FILE` checks them against an archive.",
    ]
    for part in exported.parts:
        blocks += _part(part)
    if exported.recipes:
        blocks += ["## What the answers were found with", *_recipes(exported)]
    return "\n\n".join(blocks) + "\n"


def quotes_in(text: str) -> Iterator[Source]:
    """Yield the quotes of a file that ``markdown_file`` wrote, wherever it was since."""
    text = text.replace("\r\n", "\n")
    headings = [(found.start(), int(found["turn"])) for found in _HEADING.finditer(text)]
    for found in _SOURCE.finditer(text):
        lines = [line[1:].removeprefix(" ") for line in found["quote"].split("\n")[:-1]]
        turn = max((number for start, number in headings if start < found.start()), default=0)
        yield Source(
            turn,
            int(found["marker"]),
            plain("\n".join(lines)),
            found["document"],
            found["sha"],
            int(found["start"]),
            int(found["end"]),
            "",
            "",
            None,
        )


def title_in(text: str) -> str:
    """Return the title of such a file."""
    found = _TITLE.search(text)
    return plain(found["title"].strip()) if found else ""


def escaped(text: str) -> str:
    """Escape text for Markdown; its lines stay lines."""
    marked = _MARKS.sub(_mark, text)
    kept = _EDGES.sub(lambda edge: "".join(f"&#{ord(one)};" for one in edge[0]), marked)
    # A line within a paragraph ends in a backslash, which shows it as a line.
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", "\\\\\n", kept)


def plain(markdown: str) -> str:
    """Return the text that ``escaped`` was given."""
    return _ESCAPED.sub(_unmarked, markdown)


def _mark(found: re.Match[str]) -> str:
    if found["list"] is not None:
        return f"{found['list']}\\{found[0][-1]}"
    return f"\\{found[0]}"


def _unmarked(found: re.Match[str]) -> str:
    if found[2]:
        return chr(int(found[2]))
    return found[1] or "\n"


def _part(part: Part) -> Iterator[str]:
    yield f"## {part.number}. {_line(part.question)}"
    yield f"*Asked on {day(part.asked)}*"
    for line in part.lines:
        yield f"*{_line(line)}*"
    yield escaped(part.answer)
    for source in part.sources:
        yield _source(source)


def _source(source: Source) -> str:
    quote = "\n".join(f"> {line}" if line else ">" for line in escaped(source.quote).split("\n"))
    about = ", ".join(_line(one) for one in (source.title, source.byline) if one)
    if source.url and _ADDRESS.fullmatch(source.url):
        about += f", <{source.url}>"
    return (
        f"{quote}\n\n**\\[{source.marker}\\]** {about}\\\n"
        f"`{source.document_id}`, characters {source.start}-{source.end}, "
        f"SHA-256 `{source.sha256}`"
    )


def _recipes(exported: Exported) -> Iterator[str]:
    for recipe, made_with in exported.recipes.items():
        numbers = [str(part.number) for part in exported.parts if part.recipe == recipe]
        lines = "\n".join(f"- {_line(name)}: {_line(value)}" for name, value in made_with.items())
        yield f"Index recipe `{recipe}` (answers {', '.join(numbers)}):\n\n{lines}"


def _line(text: str) -> str:
    return escaped(" ".join(text.split()))
