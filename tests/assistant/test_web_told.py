"""What the program says, in the languages of the page: held to the code that says it."""

from __future__ import annotations

import ast
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from assistant.asking import ALONE
from assistant.declined import NOTHING_PASSES
from assistant.doubts import BESIDE, DOUBTS, UNFOUND
from assistant.generate import failure_note
from assistant.vector_server import WITHOUT
from assistant.web.told import PROGRAM, cut, translated, translated_to
from assistant.web.wording import FIRST, languages, speaking
from corpus import errors
from corpus.errors import LlmFailed
from corpus.findings import Kind
from evals.cases import Case
from evals.gates import Gate, judge
from evals.paired import Change, Comparison
from evals.results import Result, RunReport
from evals.stages import Stage
from evals.tab_run import BROKEN

ROOT = Path(__file__).parents[2]
ERROR, STALE = Stage.ERROR, Stage.STALE
OTHERS = [code for code in languages() if code != FIRST]
# What whoever adds documents or asks a question on the page may meet.
MET = (
    *(errors.BadQuestion, errors.UnreadableFile, errors.UnsupportedFormat, errors.FetchRefused),
    *(errors.UnknownDocument, errors.AlreadyOnShelf, errors.DatabaseAway, errors.StoreAway),
    *(errors.RequestRefused, errors.LlmFailed, errors.DocumentsElsewhere),
)
# Files whose errors only commands and programs meet.
UNSEEN = ("export_read.py", "told_before.py", "completions.py", "llamaindex.py", "documents.py")
UNSEEN_TOO = ("limits.py", "mirror.py", "bodies.py", "followup_llm.py")


# Words of the operating system.
OF_THE_SYSTEM = {"Permission denied", "No space left on device", "Connection refused"}


def stands_in(said: str, part: str) -> bool:
    """Tell whether a text of the code is this, or a few that are put together are."""
    for _ in range(5):
        size = next((one for one in range(len(part), 0, -1) if part[:one] in said), 0)
        part = part[size:]
        if not size or not part:
            break
    return not part


def said_in(path: Path) -> Iterator[tuple[ast.AST, str]]:
    """Yield each text of a file, with {} for what differs, and each text put together of two."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if text := text_of(node):
            yield node, text


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            getattr(one, "value", "{}") if isinstance(one, ast.Constant) else "{}"
            for one in node.values
        )
    return ""


@cache
def sources() -> tuple[Path, ...]:
    found = [
        one for room in ("corpus", "index", "assistant") for one in (ROOT / room).rglob("*.py")
    ]
    return tuple(one for one in sorted(found) if one.parent.name != "web" or "corpus" in one.parts)


@cache
def everything_said() -> str:
    paths = (*sources(), *sorted((ROOT / "evals").glob("*.py")))
    return "\n".join(text for path in paths for _, text in said_in(path))


@pytest.mark.parametrize("code", OTHERS)
def test_each_sentence_is_one_that_the_program_says(code: str) -> None:
    said, odd = everything_said(), []
    for sentence, put in tomllib.loads((PROGRAM / f"{code}.toml").read_text("utf-8")).items():
        fixed, names = cut(sentence)
        if sentence not in OF_THE_SYSTEM and not all(stands_in(said, part) for part in fixed):
            odd.append(sentence)
        if {name for _, name, _, _ in Formatter().parse(put) if name} - {*names}:
            odd.append(put)
    assert odd == []


@pytest.mark.parametrize("code", OTHERS)
def test_what_readers_and_curators_meet_is_said_in_each_language(code: str) -> None:
    missing = [
        (path.name, message)
        for path in sources()
        if path.name not in (*UNSEEN, *UNSEEN_TOO)
        for message in raised_in(path)
        if translated_to(code, message) == message
    ]
    assert missing == []


def raised_in(path: Path, met: tuple[type[errors.ArchiveError], ...] = MET) -> Iterator[str]:
    """Yield the messages of errors that people meet, as they would be with something in them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(node, ast.Call) and node.args):
            continue
        made = getattr(errors, getattr(node.func, "id", ""), None)
        text = text_of(node.args[0])
        if isinstance(made, type) and issubclass(made, met) and len(text.replace("{}", "")) > 9:
            yield text.replace("{}", "x1")


@pytest.mark.parametrize("code", OTHERS)
def test_what_the_evals_tab_says_of_a_suite_or_a_run_is_said_in_each_language(code: str) -> None:
    said = [*raised_in(ROOT / "evals" / "tab.py", (errors.BadSuite,)), BROKEN]
    for name in ("cases.py", "fields.py"):
        for text in raised_in(ROOT / "evals" / name, (errors.BadSuite,)):
            # Where it stands in the file comes first.
            said.append(f"a.jsonl, line 3{text[2:]}" if text.startswith("x1: ") else text)
    ended = (Result(Case(str(one), "Why?"), None, {}, one, None, 0.0) for one in (ERROR, STALE))
    gate = Gate(cases=99, minimum={"hit@5": 1.0, "hit@1": 1.0}, maximum={"mrr@10": 0.1, "map": 1})
    report = RunReport("harbour", tuple(ended), {"hit@5": 0.5, "mrr@10": 0.5}, {}, {})
    change = Change("hit@5", 0.9, 0.5, 0.001, 0.1)
    said += judge(report, gate, Comparison(40, (change,), ("a", "b"), (), (), ())).reasons
    assert len(said) > 18
    assert [one for one in said if translated_to(code, one) == one] == []


def left_out_in(path: Path) -> Iterator[str]:
    """Yield why a file in a ZIP is left out."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Return):
            yield from (text for one in ast.walk(node) if " " in (text := text_of(one).strip(" .")))
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "skip":
            yield from filter(None, (text_of(node.args[1]),))


@pytest.mark.parametrize("code", OTHERS)
def test_notes_kinds_and_doubts_are_said_in_each_language(code: str) -> None:
    said = [ALONE, WITHOUT, NOTHING_PASSES, UNFOUND, BESIDE, *DOUBTS.values(), *Kind.__args__]
    said += left_out_in(ROOT / "corpus" / "unpack_zip.py")
    assert [one for one in said if translated_to(code, one) == one] == []


def test_a_sentence_in_a_sentence_is_said_too_and_a_name_never() -> None:
    why = LlmFailed("it could not be reached at 127.0.0.1:9")
    both = f"{failure_note('menu', why)} {WITHOUT}"
    with speaking("de"):
        said = translated(both)
        assert translated("it has the same text as menu") == "es hat denselben Text wie menu"
    assert said.startswith(
        "Das Sprachmodell menu war nicht zu gebrauchen: es war unter 127.0.0.1:9"
    )
    assert "Der Vektorserver ist gerade nicht" in said
    assert translated(both) == both


def test_what_nobody_translated_stays_as_it_is() -> None:
    odd = "A title. With a full stop; and more. it has only 4 words"
    assert translated_to("de", odd) == "A title. With a full stop; and more. es hat nur 4 Wörter"
    assert translated_to("de", "") == ""


def test_a_long_message_of_a_hostile_file_costs_little() -> None:
    hostile = " is empty. Check the address. could not be read: (" * 70
    began = time.process_time()
    translated_to("de", hostile[:3900])
    assert time.process_time() - began < 1
