"""What is fitted on data, printed and, where asked for, written into the program."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.home import Home
from evals.files import write_json

if TYPE_CHECKING:
    from evals.calibrate import Observation


def fit_confidence(suites: Sequence[str], home: Home, data: Path | None, *, write: bool) -> None:
    """Fit the confidence on some suites and, with ``data``, on the tuning half of SQuAD 2.

    Raises UsageError where they have too few cases, or where ``data`` is another folder.
    """
    from assistant.abstain import MODEL_FILE
    from assistant.connect import own
    from evals.calibrate import calibrate, calibration_table, model_json, observe
    from evals.cases import Suite, load_suite

    loaded = [load_suite(suite) for suite in suites]
    together = Suite(
        " ".join(one.name for one in loaded), tuple(case for one in loaded for case in one.cases)
    )
    with own(home, command="evals calibrate") as (archive, _):
        archive.sync()
        observed = list(observe(archive, together))
    if data is not None:
        observed += _of_squad2(data, home)
    calibration = calibrate(together.name, observed)
    print(calibration_table(calibration))
    if write:
        write_json(MODEL_FILE, model_json(calibration.model))


def _of_squad2(data: Path, home: Home) -> Iterator[Observation]:
    """Yield what is seen of SQuAD 2's questions, answerable or not, about its even articles."""
    from assistant.settings import load_settings
    from evals.benchmarks.answerable import ask_doubted
    from evals.calibrate import Observation

    _say("squad2: indexing and asking")
    settings = load_settings(home.settings_file)
    for one in ask_doubted("squad2", data / "squad2", settings, None, only_tuning=True):
        group = f"squad2 article {one.article}"
        yield Observation(group, one.answerable, False, one.features, public=True)


def fit_ranker(data: Path, home: Home, *, write: bool) -> None:
    """Fit the weights that rank passages. Raises UsageError for another folder."""
    from assistant.settings import load_settings
    from evals.benchmarks.learn_ranker import learn_ranker, ranker_json, ranker_table
    from index.ranker import RANKER_FILE

    fitted = learn_ranker(data, load_settings(home.settings_file), None, _say)
    print(ranker_table(fitted))
    if write:
        write_json(RANKER_FILE, ranker_json(fitted))


def fit_quotes(data: Path, home: Home, *, write: bool) -> None:
    """Fit which sentences are quoted. Raises UsageError for another folder, and CheckFailed where
    the home lacks the starter corpus."""
    from assistant.quote_ranker import QUOTES_FILE
    from assistant.settings import load_settings
    from evals.benchmarks.learn_quotes import learn_quotes, quotes_json, quotes_table

    fitted = learn_quotes(data, home, load_settings(home.settings_file), None, _say)
    print(quotes_table(fitted))
    if write:
        write_json(QUOTES_FILE, quotes_json(fitted))


def _say(step: str) -> None:
    print(step, file=sys.stderr, flush=True)
