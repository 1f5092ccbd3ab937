"""What people say of answers, beside which a judge is set: a line of JSON for each answer.

    {"question": "...", "answers": ["accepted"], "answer": "as it was given",
     "sources": ["a passage that it cites"], "faithful": true, "correct": false}

``faithful`` says whether all of the answer is in its sources, ``correct`` whether it gives an
accepted answer; null, or left out, where nobody has said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypedDict

from corpus.errors import BadSuite, UsageError
from evals.cases import text_lines
from evals.fields import Fields
from evals.files import read_json
from evals.judge import Judge, sources_of
from evals.metrics.kappa import agreement, cohens_kappa
from evals.suite_file import to_line


@dataclass(frozen=True, slots=True)
class Label:
    """One answer, and what a person said of it."""

    question: str
    answers: tuple[str, ...]
    answer: str
    sources: tuple[str, ...]
    faithful: bool | None = None
    correct: bool | None = None


class TaskJson(TypedDict):
    """How far a judge agrees with people: ``labels`` are those that both gave an opinion on,
    ``silent`` those that the judge gave none on. ``people`` and ``judge`` count their yes."""

    labels: int
    silent: int
    agreement: float | None
    kappa: float | None
    people: int
    judge: int


class AgreementJson(TypedDict):
    """What ``evals judge-agreement --json`` writes."""

    model: str
    prompt: str
    tasks: dict[str, TaskJson]


def read_labels(path: Path) -> list[Label]:
    """Read a file of labels. Raises BadSuite naming the line."""
    labels = [
        _label(line, f"{path}, line {number}")
        for number, line in enumerate(text_lines(path), 1)
        if line.strip()
    ]
    if not any(one.faithful is not None or one.correct is not None for one in labels):
        raise BadSuite(f"{path} says nothing of any answer: set faithful or correct in its lines")
    return labels


def agreement_of(labels: Sequence[Label], judge: Judge) -> AgreementJson:
    """Ask a judge about every answer that a person said something of, and compare."""
    tasks: dict[str, TaskJson] = {
        "faithfulness": _task(
            [(one, one.faithful) for one in labels],
            lambda one: judge.faithful(one.answer, one.sources),
        ),
        "correctness": _task(
            [(one, one.correct) for one in labels],
            lambda one: judge.correct(one.question, one.answers, one.answer),
        ),
    }
    pin = judge.part.pin
    return {"model": pin.model, "prompt": pin.prompt, "tasks": tasks}


def lines_to_label(report: Path) -> str:
    """Return the answers of a report of ``evals run --json`` as lines that a person fills in."""
    value = read_json(report)
    runs = value if isinstance(value, list) else [value]
    try:
        return "".join(to_line(asdict(one)) for run in runs for one in _answered(run["results"]))
    except (KeyError, TypeError):
        raise UsageError(f"{report} is not a report: name one of 'evals run --json F'") from None


def _answered(results: Sequence[Mapping[str, Any]]) -> Iterator[Label]:
    for one in results:
        answer = one["answer"]
        if answer and not answer["abstained"]:
            accepted = tuple(one["accepted"])
            sources = tuple(sources_of(answer))
            yield Label(one["question"], accepted, answer["answer"], sources)


def _task(
    labels: Sequence[tuple[Label, bool | None]], ask: Callable[[Label], bool | None]
) -> TaskJson:
    people: list[bool] = []
    judged: list[bool] = []
    silent = 0
    for label, said in labels:
        if said is None:
            continue
        opinion = ask(label)
        if opinion is None:
            silent += 1
            continue
        people.append(said)
        judged.append(opinion)
    return {
        "labels": len(people),
        "silent": silent,
        "agreement": agreement(people, judged),
        "kappa": cohens_kappa(people, judged),
        "people": sum(people),
        "judge": sum(judged),
    }


def _label(line: str, where: str) -> Label:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadSuite(f"{where}: not valid JSON ({error}); write one object on the line") from None
    said = {name: value.pop(name, None) for name in _SAID} if isinstance(value, dict) else {}
    for name, one in said.items():
        if one is not None and not isinstance(one, bool):
            raise BadSuite(f"{where}: {name} must be true, false or null")
    fields = Fields(value, where)
    label = Label(
        fields.text("question"), fields.texts("answers"), fields.text("answer"),
        fields.texts("sources"), **said,
    )  # fmt: skip
    fields.close()
    return label


_SAID = ("faithful", "correct")
