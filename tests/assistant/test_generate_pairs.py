"""The minimal pairs of ``support_pairs`` against six passages found, as a model is judged."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from assistant.about import Aim
from assistant.archive import Archive
from assistant.generate_checked import Checked
from assistant.generate_text import Piece
from assistant.home import make_home
from assistant.settings import Settings

from .support_pairs import CORPUS, claims

SAMPLE = 60


@pytest.mark.model
@pytest.mark.slow
def test_lies_are_caught_among_six_passages(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    for path in CORPUS.glob("*.md"):
        shutil.copy(path, home.documents)
    made = claims()
    random.Random(1).shuffle(made)
    made = [one for one in made if not one.faithful][:SAMPLE] + [
        one for one in made if one.faithful
    ][:SAMPLE]
    missed = alarms = 0
    with Archive(home, Settings()) as archive:
        archive.sync()
        documents = {one.id: archive.document(one.id) for one in archive.entries()}
        for one in made:
            hits = archive.search(one.text, k=6)
            answer = Checked(documents, archive.index.embedder.embed, Aim(one.text), hits)
            supported = bool(answer._supporting(Piece(one.text, (1,), one.text))[0])
            missed += supported and not one.faithful
            alarms += one.faithful and not supported
    print(f"lies missed {missed} of {SAMPLE}, false alarms {alarms} of {SAMPLE}")
    assert missed <= 0.05 * SAMPLE
    assert alarms <= 0.05 * SAMPLE
