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
                        {
                            "id": "1",
                            "question": "When did the mine open?",
                            "is_impossible": False,
                            "answers": [{"text": "1521", "answer_start": 34}],
                        },
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
                            "answers": [{"text": "salt", "answer_start": 20}],
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
                            "answers": [{"text": "so that the bees stay calm", "answer_start": 28}],
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


def write_clapnq(root: Path) -> Path:
    """Write a small CLAPNQ: one answerable question, and an unanswerable one with its passage."""
    folder = root / "clapnq"
    folder.mkdir(parents=True)
    for kind, question, title, text in (
        ("answerable", "which tides are highest", "Tides", "Spring tides are  the highest. "),
        ("unanswerable", "who eats kelp", "Kelp", "Kelp grows 60 cm a day."),
    ):
        record = {
            "id": "1",
            "input": question,
            "passages": [{"title": title, "text": text}],
            "output": [{"selected_sentences": [text]}],
        }
        path = folder / f"clapnq_dev_{kind}.jsonl"
        path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return folder


def write_beir(root: Path) -> Path:
    """Write a small set in BEIR's format; a judged document is missing, and so is a query."""
    folder = root / "beir"
    (folder / "qrels").mkdir(parents=True)
    corpus = [
        {"_id": "d1", "title": "Tides", "text": "Spring tides are the highest."},
        {"_id": "d2", "title": "", "text": "Kelp grows 60 cm a day."},
        {"_id": "d3", "title": "", "text": " "},
        {"_id": "d4", "title": "Only a title", "text": ""},
    ]
    queries = [
        {"_id": "q1", "text": "When are tides high?"},
        {"_id": "q2", "text": "Nothing is relevant to this."},
        {"_id": "q3", "text": "How fast does kelp grow?"},
    ]
    for name, records in (("corpus", corpus), ("queries", queries)):
        lines = "".join(json.dumps(one) + "\n" for one in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    judged = ["q1\td1\t2", "q1\td2\t0", "q2\td2\t0", "q3\td2\t1", "q3\td9\t1", "q9\td1\t1"]
    (folder / "qrels" / "test.tsv").write_text(
        "\n".join(["query-id\tcorpus-id\tscore", *judged]) + "\n", encoding="utf-8"
    )
    return folder
