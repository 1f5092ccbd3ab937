"""One case of a report as HTML: question, answer, expected evidence, and what was found."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from assistant.contract import AskJson, HitJson
from assistant.web.told import translated
from assistant.web.wording import number, say
from evals.html_parts import stage_text
from evals.results import Result

_HITS = 5
_LONG = 900


def case_block(result: Result) -> str:
    """Return a case that opens when it is clicked; quotes are marked where they stand."""
    stage = str(result.stage) if result.stage else "passed"
    kind = "stage bad" if result.stage else "stage"
    kept = say("evals.case.cached")
    cached = f'<span class="stage kept">{kept}</span>' if result.cached else ""
    return (
        f'<details class="case" data-stage="{escape(stage)}"><summary>'
        f'<span class="q">{escape(result.case.question)}</span>'
        f'{cached}<span class="{kind}">{stage_text(result.stage)}</span></summary>'
        f'<div class="in">{"".join(_inside(result))}</div></details>'
    )


def _inside(result: Result) -> Iterator[str]:
    case, answer = result.case, result.answer
    tags = f" · {', '.join(case.tags)}" if case.tags else ""
    yield f'<p class="quiet">{escape(case.id + tags)}</p>'
    if result.error:
        yield f"<h4>{say('evals.case.error')}</h4><p>{escape(translated(result.error))}</p>"
    for turn in case.history:
        yield f"<h4>{say('evals.case.before')}</h4>"
        yield f"<p>{escape(turn.question)}<br>{escape(turn.answer)}</p>"
    yield f"<h4>{say('evals.case.accepted')}</h4>"
    yield f"<p>{escape(' | '.join(case.answers)) or say('evals.case.nothing')}</p>"
    if case.evidence:
        items = "".join(
            f"<li>{escape(one.quote)}<small>{escape(one.document)}</small></li>"
            for one in case.evidence
        )
        yield f"<h4>{say('evals.case.expected')}</h4><ol>{items}</ol>"
    if answer:
        yield from _answered(answer)
    if result.scores:
        scores = " · ".join(f"{name} {number(score, 2)}" for name, score in result.scores.items())
        yield f"<h4>{say('evals.case.scores')}</h4><p>{escape(scores)}</p>"


def _answered(answer: AskJson) -> Iterator[str]:
    declined, confidence = answer["abstained"], number(answer["confidence"], 2)
    key = "declined" if declined else "answer"
    heading = say(f"evals.case.{key}", confidence=confidence)
    yield f"<h4>{heading}</h4>"
    said = translated(answer["answer"]) if declined else answer["answer"]
    yield f"<p>{escape(said)}</p>"
    if answer["searched"] != answer["question"]:
        searched = say("evals.case.searched", words=escape(answer["searched"]))
        yield f'<p class="quiet">{searched}</p>'
    hits = (answer["hits"] or answer["nearest"])[:_HITS]
    if hits:
        items = "".join(_hit(hit, answer) for hit in hits)
        yield f"<h4>{say('evals.case.found')}</h4><ol>{items}</ol>"


def _hit(hit: HitJson, answer: AskJson) -> str:
    where = f"{hit['document_id']} · {number(hit['score'], 3)}"
    return f"<li>{_marked(hit, answer)}<small>{escape(where)}</small></li>"


def _marked(hit: HitJson, answer: AskJson) -> str:
    """Return a passage with the quotes that were taken from it marked."""
    spans = sorted(
        (max(one["start"], hit["start"]), min(one["end"], hit["end"]))
        for one in answer["citations"]
        if one["document_id"] == hit["document_id"]
    )
    parts, at = [], hit["start"]
    for start, end in spans:
        if start >= at and start < end:
            parts.append(escape(hit["text"][at - hit["start"] : start - hit["start"]]))
            quote = hit["text"][start - hit["start"] : end - hit["start"]]
            parts.append(f"<mark>{escape(quote)}</mark>")
            at = end
    rest = hit["text"][at - hit["start"] :]
    shortened = rest if len(rest) <= _LONG else rest[:_LONG] + " …"
    return "".join(parts) + escape(shortened)
