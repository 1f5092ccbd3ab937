from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.metrics.citation_support import citation_support

Tables = tuple[Sequence[Collection[int]], Sequence[dict[frozenset[int], bool]]]


def scored(statements: Sequence[Collection[int]], *supporting: set[frozenset[int]]) -> object:
    """Score statements; ``supporting`` names, for each, the sets of citations that support it."""
    return citation_support(statements, lambda place, cited: cited in supporting[place])


ONE, TWO, BOTH = frozenset({1}), frozenset({2}), frozenset({1, 2})


@pytest.mark.parametrize(
    ("statements", "supporting", "precision", "recall"),
    [
        ([[1]], [{ONE}], 1.0, 1.0),
        ([[1]], [set()], 0.0, 0.0),
        ([[1, 2]], [{ONE, BOTH}], 1 / 2, 1.0),
        ([[1, 2]], [{BOTH}], 1.0, 1.0),
        ([[1, 2]], [{ONE, TWO, BOTH}], 1.0, 1.0),
        ([[1, 2]], [{ONE}], 0.0, 0.0),
        ([[1], []], [{ONE}, set()], 1.0, 1 / 2),
        ([[1], [1, 2]], [{ONE}, set()], 1 / 3, 1 / 2),
        ([[]], [set()], 0.0, 0.0),
        ([], [], 0.0, 0.0),
    ],
    ids=[
        "supported",
        "not supported",
        "the second is irrelevant",
        "both are needed",
        "each would do",
        "together they contradict",
        "a statement without a citation",
        "citations of an unsupported statement are wrong",
        "nothing cited",
        "nothing said",
    ],
)
def test_precision_and_recall_are_those_of_alce(
    statements: Sequence[Collection[int]],
    supporting: Sequence[set[frozenset[int]]],
    precision: float,
    recall: float,
) -> None:
    assert scored(statements, *supporting) == (precision, recall)


@st.composite
def answers(draw: st.DrawFn) -> Tables:
    """Statements of up to four citations, and for each whether any set of them supports it."""
    statements, tables = [], []
    for _ in range(draw(st.integers(0, 4))):
        cited = sorted(draw(st.sets(st.integers(1, 6), max_size=4)))
        statements.append(cited)
        table = {}
        for bits in range(1, 2 ** len(cited)):
            chosen = frozenset(one for place, one in enumerate(cited) if bits >> place & 1)
            table[chosen] = draw(st.booleans())
        tables.append(table)
    return statements, tables


def by_the_paper(statements: Sequence[Collection[int]], tables: Sequence[dict]) -> object:  # type: ignore[type-arg]
    """Sections 3.2 and 3.3 word for word: the marks of each statement, then of each citation."""
    recalls, precise, total = [], 0, 0
    for cited, entails in zip(statements, tables, strict=True):
        total += len(cited)
        recall = 1 if cited and entails[frozenset(cited)] else 0
        recalls.append(recall)
        if recall and len(cited) > 1:
            for one in cited:
                if entails[frozenset({one})] or not entails[frozenset(cited) - {one}]:
                    precise += 1
        else:
            precise += recall
    return (
        precise / total if total else 0.0,
        sum(recalls) / len(recalls) if recalls else 0.0,
    )


@settings(deadline=None)  # a busy machine takes longer than a test is given
@given(answers())
def test_it_agrees_with_the_definition_taken_step_by_step(case: Tables) -> None:
    statements, tables = case
    ours = citation_support(statements, lambda place, cited: tables[place][cited])
    assert ours == pytest.approx(by_the_paper(statements, tables), abs=1e-12)
