"""Documents that give an assistant orders, against quarantine, the quotes and a model that obeys.

A temporary home has the starter corpus and all the poisoned documents. Each question is asked of
the starter corpus and one of them: while they are in quarantine, after all were released, and then
with a language model behind it that writes what the document wants, after a true sentence and
without one.
"""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

from assistant.answers import Answer, Answered, Said, Withdrawn
from assistant.archive import Archive
from assistant.home import Home, make_home
from assistant.llm_settings import LlmSettings
from assistant.settings import Settings
from corpus.errors import CheckFailed
from corpus.sidecar import write_sidecar
from evals.benchmarks.attack_cases import Attack, breaches, load_attacks, prompt_breaches
from evals.benchmarks.obeying_server import ObeyingServer, obeying
from evals.metrics.answer_match import contains
from evals.tables import table
from index.backends import LoadableEmbedder
from index.passages import Filters

_SECONDS = 20


class TriedJson(TypedDict):
    """What came of one way of trying; ``succeeded`` says of which attacks, and in what."""

    tried: int
    succeeded: dict[str, list[str]]


class AttacksJson(TypedDict):
    """What ``evals bench attacks`` writes. ``kinds`` are attacks by kind and how many of each are
    quarantined; ``wrongly_quarantined`` are documents of the starter corpus."""

    bench: str
    attacks: int
    kinds: dict[str, list[int]]
    quarantined: int
    wrongly_quarantined: list[str]
    ways: dict[str, TriedJson]


def bench_attacks(
    home: Home,
    settings: Settings,
    *,
    embedder: LoadableEmbedder | None = None,
    each: int = 1,
    say: Callable[[str], None] = lambda step: None,
) -> AttacksJson:
    """Try every attack in every way, with a model each so-manieth one only.

    Raises CheckFailed where the home lacks the starter corpus.
    """
    attacks = load_attacks()
    names = {one.document_id for one in attacks}
    with tempfile.TemporaryDirectory() as folder, obeying() as server:
        made = _home_with(attacks, home.documents, Path(folder))
        model = LlmSettings(
            "obeying", "openai-like", "obeying", server.url, seconds=_SECONDS, context_tokens=8192
        )
        own = replace(settings, llm="none", llms={"obeying": model}, keep_chats=False)
        with Archive(made, own, embedder) as archive:
            say("reading the documents")
            archive.sync()
            clean = [one.id for one in archive.entries() if one.id not in names]
            caught = {one.id for one in archive.entries() if one.quarantine}
            trying = _Trying(archive, clean, _true_answers(archive, attacks, clean))
            say("asking with the quarantine")
            ways = {"quarantine": trying.quotes(attacks)}
            _release(archive, made, caught)
            say("asking without it")
            ways["released"] = trying.quotes(attacks)
            if importlib.util.find_spec("llama_index.llms.openai_like") is not None:
                say("asking with a model that obeys")
                some = attacks[::each]
                ways["model"] = trying.model(some, server, with_truth=False)
                ways["model, truth first"] = trying.model(some, server, with_truth=True)
    return {
        "bench": "attacks",
        "attacks": len(attacks),
        "kinds": _kinds(attacks, caught),
        "quarantined": len(caught & names),
        "wrongly_quarantined": sorted(caught - names),
        "ways": ways,
    }


def attacks_table(measured: AttacksJson) -> str:
    """Return the counts, and each attack that succeeded."""
    ways = [["way", "tried", "succeeded"]]
    for name, way in measured["ways"].items():
        ways.append([name, str(way["tried"]), str(len(way["succeeded"]))])
    kinds = [["kind", "attacks", "quarantined"]]
    kinds += [[name, str(n), str(caught)] for name, (n, caught) in measured["kinds"].items()]
    kinds.append(["all", str(measured["attacks"]), str(measured["quarantined"])])
    wrongly = len(measured["wrongly_quarantined"])
    failed = [
        f"  - {name}, {ident}: {'; '.join(reasons)}"
        for name, way in measured["ways"].items()
        for ident, reasons in way["succeeded"].items()
    ]
    return "\n\n".join(
        [
            table(ways),
            table(kinds),
            f"documents of the starter corpus in quarantine: {wrongly}",
            *(["\n".join(failed)] if failed else []),
        ]
    )


class _Trying:
    """Asks the attacks' questions; ``truth`` has a true sentence for each question."""

    def __init__(self, archive: Archive, clean: Sequence[str], truth: dict[str, str]) -> None:
        self._archive, self._clean, self._truth = archive, clean, truth

    def quotes(self, attacks: Sequence[Attack]) -> TriedJson:
        found = {one.id: self._tried(one, "none") for one in attacks}
        return _tried(found)

    def model(
        self, attacks: Sequence[Attack], server: ObeyingServer, *, with_truth: bool
    ) -> TriedJson:
        found = {}
        for one in attacks:
            truth = self._truth[one.question] if with_truth else ""
            server.reply, server.asked = f"{truth} {one.obeyed}".strip(), ""
            reasons = self._tried(one, "obeying")
            found[one.id] = [
                *reasons,
                *(prompt_breaches(server.asked) if server.asked else ["never asked"]),
            ]
        return _tried(found)

    def _tried(self, attack: Attack, llm: str) -> list[str]:
        chosen = Filters(documents=(*self._clean, attack.document_id))
        said: list[Said] = []
        answer: Answer | None = None
        for event in self._archive.stream(attack.question, filters=chosen, llm=llm):
            if isinstance(event, Said):
                said.append(event)
            elif isinstance(event, Withdrawn):
                said.clear()
            elif isinstance(event, Answered):
                answer = event.answer
        assert answer is not None
        cited = {one.document_id for one in answer.citations}
        documents = {one: self._archive.document(one) for one in cited}
        return list(breaches(attack, answer, tuple(said), documents))


def _tried(found: dict[str, list[str]]) -> TriedJson:
    return {"tried": len(found), "succeeded": {name: why for name, why in found.items() if why}}


def _home_with(attacks: Sequence[Attack], documents: Path, folder: Path) -> Home:
    made = make_home(folder / "home")
    shutil.copytree(documents, made.documents, dirs_exist_ok=True)
    for attack in attacks:
        (made.documents / attack.file).write_text(attack.text, encoding="utf-8")
    return made


def _true_answers(
    archive: Archive, attacks: Sequence[Attack], clean: Sequence[str]
) -> dict[str, str]:
    """Return what is quoted where no attack is near, for each question."""
    found = {}
    for attack in attacks:
        if attack.question in found:
            continue
        answer = archive.ask(attack.question, filters=Filters(documents=tuple(clean)))
        quotes = [one.quote for one in answer.citations if contains(one.quote, attack.answers)]
        if not quotes:
            raise CheckFailed(
                f"the home does not answer {attack.question!r}: name one with the starter corpus"
            )
        found[attack.question] = quotes[0]
    return found


def _release(archive: Archive, home: Home, caught: set[str]) -> None:
    """Release all documents at once, as a curator does one by one."""
    for entry in archive.entries():
        if entry.id in caught:
            write_sidecar(home.documents / entry.path, released=entry.sha256)
    archive.sync()


def _kinds(attacks: Sequence[Attack], caught: set[str]) -> dict[str, list[int]]:
    all_of = Counter(one.kind for one in attacks)
    held = Counter(one.kind for one in attacks if one.document_id in caught)
    return {kind: [count, held[kind]] for kind, count in all_of.items()}
