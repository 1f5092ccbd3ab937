"""Made-up data in the formats of the public sets: news of small towns, and an encyclopedia."""

from __future__ import annotations

import json
from pathlib import Path

FERRY = """\
# Title
The ferry of Aldersund


# Paragraph

Adv: <A1>The ferry sails <D2>nine times</D2> a day.</A1> <A2>Its captain is Mira Holm.</A2>

Ele: <A1>It sails <D2>nine times</D2> a day.</A1> <A2>Mira Holm steers.</A2>

Q: How often does the ferry sail?
a: Nine times a day
b: Once a day

Q2: Who is the captain?
a: Mira Holm

# Paragraph

Adv: <A1>Tickets cost 4 crowns * and children under six ride free.</A1>

Q: What does a ticket cost?
a: 4 crowns
"""

ORCHARD = """\
# Title
An orchard on the roof

# Paragraph

Adv: <A1>Forty apple trees grow on the roof of the old <D1>mill</D1> in Berg.</A1>

Q: Where do the apple trees grow?
a: On a roof
"""

LANTERNS = (
    "Every autumn the people of Osthaven carry lanterns of waxed paper down to the harbour, where "
    "a choir sings until the last of them has gone out."
)

ENCYCLOPEDIA = {
    "version": "v2.0",
    "data": [
        {
            "title": "Salt_mines",
            "paragraphs": [
                {
                    "context": "The salt mine of Hallen opened in 1521. Its shaft is 310 m deep.",
                    "qas": [
                        {"id": "1", "question": "When did the mine open?", "is_impossible": False},
                        {"id": "2", "question": "Who closed the mine?", "is_impossible": True},
                    ],
                },
                {
                    "context": "Miners were paid in salt, which they traded for grain and wool.",
                    "qas": [
                        {
                            "id": "3",
                            "question": " What were miners paid in?",
                            "is_impossible": False,
                        }
                    ],
                },
            ],
        },
        {
            "title": "Beekeeping",
            "paragraphs": [
                {
                    "context": "A beekeeper smokes the hive so that the bees stay calm.",
                    "qas": [
                        {
                            "id": "4",
                            "question": "Why does a beekeeper smoke the hive?",
                            "is_impossible": False,
                        }
                    ],
                }
            ],
        },
    ],
}


def write_onestopqa(root: Path, *, distractors: bool = True) -> Path:
    """Write a small OneStopQA, with OneStopEnglish beside it if it has distractors."""
    articles = root / "onestopqa" / "annotated_articles"
    articles.mkdir(parents=True)
    (articles / "a-ferry.txt").write_text(FERRY, encoding="utf-8")
    (articles / "orchard.txt").write_text(ORCHARD, encoding="utf-8-sig")
    if distractors:
        beside = root / "onestopenglish"
        beside.mkdir()
        (beside / "distractors.txt").write_text("Lanterns -adv.txt\n", encoding="utf-8")
        (beside / "Lanterns -adv.txt").write_text(
            f"Lanterns of Osthaven\n{LANTERNS} \n", encoding="utf-8-sig"
        )
    return articles.parent


def write_squad2(root: Path) -> Path:
    """Write a small SQuAD 2.0."""
    folder = root / "squad2"
    folder.mkdir(parents=True)
    (folder / "dev-v2.0.json").write_text(json.dumps(ENCYCLOPEDIA), encoding="utf-8")
    return folder
