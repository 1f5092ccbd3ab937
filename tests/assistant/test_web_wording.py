"""The files of texts, what uses them, and that nothing is said past them."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import evals
from assistant.users import User
from assistant.web import wording
from assistant.web.personal import personal, rights
from assistant.web.theme import ASSETS
from assistant.web.wording import (
    FIRST,
    counted,
    day,
    languages,
    marking,
    number,
    say,
    speaking,
    spoken,
    texts,
    with_texts,
)

WEB = ASSETS.parent
EVALS = Path(evals.__file__).parent
# What the Evals tab shows; some of it is in reports too.
TAB = [
    EVALS / f"{name}.py"
    for name in ("tab_html", "tab_inbox", "html_parts", "html_case", "html_plots", "plots")
]
OTHERS = [code for code in languages() if code != FIRST]
NAMED = re.compile(r"\bsay(\.count)?\(\s*'([\w.]+)'")
# Names of formats, fonts and keys, words for a language model, and answers to other programs.
ALLOWED = {
    *("Text", "Markdown", "Word", "PowerPoint", "Excel", "E-mail", "e-mail"),
    *("IBM Plex Sans", "IBM Plex Mono", "Enter", "Shift Enter", "Esc", "Tab", "Escape", "Home"),
    *("End", "ArrowUp", "ArrowDown", "[ and ]", "and ", "N", "C"),
    *("You answer with one word.", "Answer with the word: ready"),
    *(
        "evals inbox accept {}",
        "/news/",
        ": not used",
        "Result",
        "False",
        "; Secure",
        "input, select, button",
    ),
    *(
        "(prefers-color-scheme: dark)",
        "(hover: none) and (pointer: coarse)",
        "{}: there is nothing at this address",
    ),
}
WORDS = re.compile(r"[A-Za-z’']{2,}[,;:]? [a-z]{2,}|^\W*[A-Z][a-z]+\W*$")
SPOKEN = re.compile(r"""\b(?:aria-label|title|placeholder|alt|data-busy)=["']([^"'{%$]+)""")
# Selectors, styles, names of classes and of attributes.
CODE = re.compile(r"[#\[\]=]|[.:]\w|--|^\s*[\w-]+( [\w-]+)*\s*$")
# Calls whose words no reader sees.
UNSEEN = {
    "compile",
    "error",
    "exception",
    "warning",
    "debug",
    "info",
    "fullmatch",
    "ValueError",
    "set",
}


def used_keys() -> Iterator[tuple[str, str]]:
    """Yield each key that is used, as a pattern, and where."""
    for path in (*sorted(WEB.glob("*.py")), WEB.parent / "serve" / "sign_in.py", *TAB):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name not in ("say", "counted", "everywhere", "_bold"):
                continue
            for key in keys_of(node.args[0]):
                yield from (
                    (key + end, path.name) for end in endings(name in ("counted", "_bold"), key)
                )
    for path in sorted(ASSETS.glob("*.js")):
        for counts, key in NAMED.findall(path.read_text("utf-8")):
            yield from ((re.escape(key) + end, path.name) for end in endings(bool(counts), key))
    for path in (*sorted(ASSETS.glob("*.html")), EVALS / "tab.js"):
        for key in re.findall(r"%%([\w.]+)%%", path.read_text("utf-8")):
            yield re.escape(key), path.name


def endings(counts: bool, key: str) -> tuple[str, ...]:
    return (r"\.one", r"\.other") if counts else ("",)


def keys_of(argument: ast.expr) -> Iterator[str]:
    """Yield the keys that an argument may be, as patterns; a parameter's name is none."""
    if isinstance(argument, ast.Constant):
        yield re.escape(str(argument.value))
    elif isinstance(argument, ast.IfExp):
        yield from keys_of(argument.body)
        yield from keys_of(argument.orelse)
    elif isinstance(argument, ast.JoinedStr):
        fixed = [isinstance(one, ast.Constant) for one in argument.values]
        text = [str(getattr(one, "value", "")) for one in argument.values]
        both = list(zip(text, fixed, strict=True))
        if any(one.strip(".") for one, is_fixed in both if is_fixed):
            yield "".join(re.escape(one) if is_fixed else r"\w+" for one, is_fixed in both)


def test_every_text_that_is_used_is_there_and_every_text_is_used() -> None:
    known, seen = texts(FIRST), set()
    missing = []
    for key, where in used_keys():
        found = [one for one in known if re.fullmatch(key, one)]
        seen |= set(found)
        if not found:
            missing.append((key, where))
    assert missing == []
    general = {one for one in known if one.startswith(("language.", "format.", "months."))}
    assert sorted(set(known) - seen - general) == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_says_the_same_with_the_same_in_it(code: str) -> None:
    assert sorted(texts(code)) == sorted(texts(FIRST))
    filled = {
        key: ({*_fields(text)}, {*_fields(texts(FIRST)[key])}) for key, text in texts(code).items()
    }
    assert {key: both for key, both in filled.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize("code", languages())
def test_no_text_can_end_what_it_stands_in(code: str) -> None:
    bad = {key: text for key, text in texts(code).items() if re.search(r'[<>&"\\`%\n]', text)}
    assert bad == {}


def _fields(text: str) -> Iterator[str]:
    return (name for _, name, _, _ in Formatter().parse(text) if name)


def test_nothing_is_said_past_the_texts() -> None:
    found = [one for path in (*sorted(WEB.glob("*.py")), *TAB) for one in said_in_python(path)]
    scripts = (*sorted(ASSETS.glob("*.js")), EVALS / "tab.js")
    found += [one for path in scripts for one in said_in_script(path)]
    found += [one for path in sorted(ASSETS.glob("*.html")) for one in said_in_html(path)]
    # Gradio's own button, whatever the page's language.
    assert [one for one in found if one != ("asking.js", "Close")] == []


def said_in_python(path: Path) -> Iterator[tuple[str, str]]:
    tree = ast.parse(path.read_text("utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)  # a docstring
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in UNSEEN or name in ("say", "counted"):
                skipped |= {*node.args}
        if isinstance(node, ast.JoinedStr):
            skipped |= {*node.values}
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = "".join(str(getattr(one, "value", "{}")) for one in plain(node))
        else:
            continue
        yield from ((path.name, one) for one in spoken_in(text))


def plain(node: ast.JoinedStr) -> Iterator[ast.Constant]:
    for one in node.values:
        yield one if isinstance(one, ast.Constant) else ast.Constant("{}")


def said_in_script(path: Path) -> Iterator[tuple[str, str]]:
    code = re.sub(r"(?m)(^|\s)//.*$|/\*.*?\*/", " ", path.read_text("utf-8"))
    for _, text in re.findall(r"(['`])((?:(?!\1)[^\\\n]|\\.)*)\1", code):
        yield from ((path.name, one) for one in spoken_in(re.sub(r"\$\{[^{}]*\}", "{}", text)))


def said_in_html(path: Path) -> Iterator[tuple[str, str]]:
    yield from ((path.name, one) for one in spoken_in(path.read_text("utf-8")))


def spoken_in(text: str) -> Iterator[str]:
    """Yield what of a string a reader would see: not its tags, selectors and styles."""
    named = [one for one in SPOKEN.findall(text) if re.search("[A-Za-z]{2}", one)]
    yield from (one for one in named if one not in ALLOWED)
    shown = re.sub(r"<[^<>]*>|<[^<>]*$|^[^<>]*[\"'][^<>]*>", "\n", text)
    if CODE.search(shown) and not re.search(r"[.!?…]\s*$|^[A-Z]", shown.strip()):
        return
    lines = (line.strip() for line in shown.splitlines())
    yield from (line for line in lines if WORDS.search(line) and line not in ALLOWED)


def test_what_a_language_lacks_is_said_in_the_first_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en.toml").write_text('[a]\nb = "both"\nc = "only {n} here"\n', "utf-8")
    (tmp_path / "xx.toml").write_text('[a]\nb = "beide"\n', "utf-8")
    monkeypatch.setattr(wording, "TEXTS", tmp_path)
    texts.cache_clear()
    try:
        with speaking("xx"):
            assert (say("a.b"), say("a.c", n=3), say("a.d")) == ("beide", "only 3 here", "a.d")
    finally:
        texts.cache_clear()


def test_numbers_and_dates_are_written_as_the_language_writes_them() -> None:
    import datetime as dt

    date = dt.date(2020, 2, 27)
    assert (number(12345.67, 1), day(date)) == ("12,345.7", "27 February 2020")
    with speaking("de"):
        assert (number(12345.67, 1), day(date)) == ("12.345,7", "27. Februar 2020")
        assert counted("corpus.documents", 1) == "1 Dokument"
        assert counted("corpus.documents", 1200) == "1.200 Dokumente"


def test_a_browser_gets_a_language_that_there_is() -> None:
    sent: list[dict[str, str]] = [{}, {"archive-language": "de"}, {"archive-language": "../de"}]
    assert [spoken(one) for one in sent] == ["en", "de", "en"]


def test_the_page_is_made_of_marks_and_gets_its_texts_where_it_leaves() -> None:
    with marking():
        made = say("chat.stopped") + "|" + say("adding.hint", kinds="Text, PDF", mb=25)
    # As the page's configuration is written into it: nothing of a mark is written otherwise.
    assert json.dumps(made) == f'"{made}"'
    assert not set("&<>'\"\\") & set(made)
    assert with_texts(made, "de").startswith("Angehalten.|Text, PDF oder ein ZIP davon, je bis 25")
    # A document's title is on the page too, and may look like a mark.
    hostile = "%%adding.hint?kinds=%3Cscript%3E~mb=%22%%"
    assert with_texts(hostile, "de") == hostile


def test_the_page_says_its_language_and_whose_it_is() -> None:
    page = '<!doctype html><html\n lang="en" data-x><head><title>%%page.title%%</title></head>'
    german = personal(page, "de")
    assert german.startswith('<!doctype html><html lang="de" data-x><head><script>')
    assert "<title>Archiv</title>" in german
    known = json.loads(re.findall(r"archiveTexts=(.*);\n", german)[0])
    assert (known["corpus.remove"], known["evidence.quotes.one"]) == ("Entfernen", "{n} Zitat")
    assert "chat.stopped" not in known
    hers = rights(User('a"b', "reader"), leaves=True)
    assert '<html lang="en" data-user="a&quot;b" data-leaves data-x>' in personal(page, "en", hers)
    assert rights(User("cora", "curator"), leaves=False) == ' data-user="cora" data-curates'
