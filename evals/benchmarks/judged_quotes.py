"""What the quotes for one question are worth, by what its set tells of the answer."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.extract import Quote
from evals.benchmarks.asked_sets import STARTER, AskedQuestion
from evals.metrics.answer_match import contains
from evals.metrics.quoted_evidence import quoted_characters, quoted_sentences

ANSWER_QUOTED = "answer_quoted"
EVIDENCE_F1 = "evidence_f1"


def judge_quotes(asked: AskedQuestion, chosen: Sequence[Quote]) -> dict[str, float]:
    """Return whether an accepted answer is quoted (SQuAD 2, the starter suite), or how much of the
    quotes is evidence and of the evidence quoted: by sentences (CLAPNQ) or by characters."""
    if asked.set_name in ("squad2", STARTER):
        quoted = " ".join(one.text for one in chosen)
        return {ANSWER_QUOTED: contains(quoted, asked.question.answers)}
    spans = [(one.start, one.end) for one in chosen if one.document_id == asked.document_id]
    others = [one for one in chosen if one.document_id != asked.document_id]
    if asked.set_name == "clapnq":
        scores = quoted_sentences(spans, len(others), asked.question.evidence)
        names = ("sentence_precision", "sentence_recall", "sentence_f1")
    else:
        elsewhere = sum(one.end - one.start for one in others)
        scores = quoted_characters(spans, elsewhere, asked.question.evidence)
        names = ("evidence_precision", "evidence_recall", EVIDENCE_F1)
    return dict(zip(names, scores, strict=True))
