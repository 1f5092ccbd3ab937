from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.duplicates import BANDS, LEAST_SHARED, bands, shared, signature, similarity

FOLDER = Path(__file__).parents[2] / "corpus" / "documents"
ARTICLES = {
    path.name: path.read_text("utf-8").split("---\n", 2)[2].strip()
    for path in sorted(FOLDER.glob("*.md"))
}
WIRE = {"2025-05-10-google-texas-settlement.md", "2025-05-11-google-texas-settlement-wire.md"}
"""One agency's story in two outlets."""
NOTES = 120
"""Articles of fewer words have to agree in more, and little remains of one that is cut."""
HEAD = "THE MORNING TIDE\n\nHome | News | Sport\n\nAnother headline for the same story\n\n"
FOOT = "\n\nRead more about ports in our newsletter. Share this story. All rights reserved, 2024."
UPDATE = (
    "UPDATE, 17:40: This article was changed to include a statement by the ministry, which said "
    "on Thursday that it was looking into the matter and would report before the end of the year."
)


def cut(text: str, share: float) -> str:
    return text[: int(len(text) * share)].rsplit(" ", 1)[0]


def retold(text: str) -> str:
    """Change a word in every few, as an editor does."""
    changes = {"said": "told reporters", "had": "has", "because": "as", "company": "firm"}
    return re.sub(r"\b(said|had|because|company)\b", lambda word: changes[word[0]], text)


COPIES = {
    "other furniture": lambda text: HEAD + text + FOOT,
    "cut short": lambda text: cut(text, 0.45),
    "cut at both ends": lambda text: cut(text, 0.8)[len(text) // 5 :],
    "with an update": lambda text: UPDATE + "\n\n" + text,
    "in capitals and wrapped": lambda text: text.upper().replace(". ", ".\n"),
    "retold in places": retold,
    "all of it": lambda text: HEAD + UPDATE + "\n\n" + retold(cut(text, 0.7)) + FOOT,
}


@pytest.mark.parametrize("change", COPIES)
def test_a_syndicated_copy_is_a_version_and_shares_keys(change: str) -> None:
    long = {name: text for name, text in ARTICLES.items() if len(text.split()) > NOTES}
    assert len(long) >= 40
    for name, text in long.items():
        copy = COPIES[change](text)
        assert shared(text, copy) > LEAST_SHARED, name
        first, second = signature(text), signature(copy)
        assert similarity(first, second) > LEAST_SHARED - 0.15, name
        assert set(bands(first)) & set(bands(second)), name


def test_other_articles_on_the_same_subject_are_no_versions() -> None:
    names = list(ARTICLES)
    assert len(names) >= 12
    for at, one in enumerate(names):
        for other in names[:at]:
            if {one, other} == WIRE:
                continue
            assert shared(ARTICLES[one], ARTICLES[other]) == 0.0, (one, other)
            assert similarity(signature(ARTICLES[one]), signature(ARTICLES[other])) == 0.0


def test_one_story_in_two_outlets_is_two_versions() -> None:
    one, other = (ARTICLES[name] for name in sorted(WIRE))
    assert shared(one, other) > 0.9
    assert similarity(signature(one), signature(other)) > LEAST_SHARED
    assert set(bands(signature(one))) & set(bands(signature(other)))


def weather(day: str, low: int, high: int, wind: int, filler: str = "") -> str:
    return (
        f"Weather report {day}. The day begins with fog in the harbour, which lifts by {low} "
        f"o'clock. Temperatures reach {high} degrees on the coast and {high - low} inland. "
        f"The wind comes from the west at {wind} knots. {filler}Small boats should stay in port "
        "until the evening, when the sea calms down. The ferry to the island runs as planned, and "
        "passengers should be at the pier a quarter of an hour before it leaves."
    )


def test_short_notes_of_one_form_are_no_versions() -> None:
    short = [f"Weather report {day}: fog, then {at} degrees." for at, day in enumerate("MTW", 7)]
    assert [signature(note) for note in short] == [b""] * 3
    assert shared(short[0], short[0]) == 0.0
    assert shared(weather("Monday", 8, 17, 12), weather("Tuesday", 9, 22, 31)) == 0.0
    assert shared(weather("Monday", 8, 17, 12), weather("Monday", 8, 17, 12)) == 1.0


def test_a_longer_form_filled_in_with_other_numbers_is_no_version() -> None:
    filler = (
        "Fishing is allowed in the outer bay and not in the inner one until further notice. " * 2
    )
    filler += "The harbour master can be reached at the office by the lock during the whole day. "
    one, other = (weather("Monday", 8, 17, 12, filler), weather("Friday", 6, 24, 35, filler))
    assert shared(one, other) == 0.0


def test_little_of_a_long_text_is_no_version_of_it() -> None:
    whole = "\n\n".join(ARTICLES.values())
    assert shared(next(iter(ARTICLES.values())), whole) == 0.0


def test_a_signature_has_one_size_and_sixty_four_keys() -> None:
    for text in ARTICLES.values():
        assert len(signature(text)) == 4 + 4 * 128
        assert len(set(bands(signature(text)))) == BANDS
        assert all(-(2**63) <= key < 2**63 for key in bands(signature(text)))
    assert (signature(""), bands(b""), similarity(b"", signature(ARTICLES[name_of(0)]))) == (
        b"",
        (),
        0.0,
    )


def name_of(number: int) -> str:
    return list(ARTICLES)[number]


def test_a_signature_is_the_same_in_every_release() -> None:
    text = " ".join(f"word{number}" for number in range(60))
    # It is stored: another value here needs a new recipe of the index.
    assert bands(signature(text))[:2] == (1002478023247052385, 8301715541669405627)


@given(st.lists(st.sampled_from("harbour council camera vote trial 12 7 a the".split())))
def test_a_text_of_fifty_words_is_a_version_of_itself(words: list[str]) -> None:
    text = " ".join(words)
    assert shared(text, text) == (1.0 if len(words) >= 50 else 0.0)


def test_scripts_without_spaces_are_compared_by_their_characters() -> None:
    text = "市议会周一投票决定结束港口摄像头的试验该试验自春天以来花费了四万二千五百英镑" * 2
    text += "议员们向两家供应商发出了停止函因为它们保存照片的时间超过了合同允许的期限"
    assert shared(text, text + "照片和一些游客的名字被泄露") > 0.9


def levels(path: Path) -> dict[str, str]:
    """Return an article of OneStopQA in its three reading levels, without marks."""
    lines = path.read_text("utf-8").splitlines()
    return {
        level: re.sub(
            r"</?[AD]\d?>",
            "",
            "\n\n".join(x[4:].strip() for x in lines if x.startswith(f"{level}:")),
        )
        for level in ("Adv", "Int", "Ele")
    }


@pytest.mark.slow
def test_versions_in_two_collections_are_told_from_all_other_articles(shared_data: Path) -> None:
    folder = shared_data / "onestopenglish"
    articles = [
        levels(path)["Adv"]
        for path in sorted((shared_data / "onestopqa" / "annotated_articles").glob("*.txt"))
    ]
    known = [signature(text) for text in articles]

    def nearest(name: str) -> tuple[float, float]:
        text = (folder / name).read_text("utf-8-sig")
        own = signature(text)
        return (
            max(shared(text, other) for other in articles),
            max(similarity(own, other) for other in known),
        )

    def named(file: str) -> list[str]:
        return [line for line in (folder / file).read_text("utf-8").splitlines() if line.strip()]

    assert [name for name in named("distractors.txt") if max(nearest(name)) > 0] == []
    # Ten of the thirty are versions of articles that are not in the collection here.
    shares = [nearest(name) for name in named("near_duplicates_of_onestopqa.txt")]
    found = [both for both in shares if max(both) > 0]
    assert len(found) == len(articles) == 20
    assert min(min(both) for both in found) > 0.85


@pytest.mark.slow
def test_simplified_versions_are_versions(shared_data: Path) -> None:
    for path in sorted((shared_data / "onestopqa" / "annotated_articles").glob("*.txt")):
        texts = levels(path)
        assert shared(texts["Adv"], texts["Int"]) > 0.6
