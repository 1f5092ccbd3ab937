from __future__ import annotations

import pytest

from evals import privacy
from evals.privacy import Scrubber, _Account


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_account", lambda: _Account("ahale", "Anne Hale"))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Write to anne.hale+news@mail.example.org.", "Write to [email]."),
        ("My card 4111 1111 1111 1111 was charged", "My card [card] was charged"),
        ("My card 378282246310005 was charged", "My card [card] was charged"),
        ("from DE89 3704 0044 0532 0130 00 to me", "from [account] to me"),
        ("I am 078-05-1120, help", "I am [id], help"),
        ("Call +44 20 7946 0958!", "Call [phone]!"),
        ("Call (212) 555-0123 or 212-555-0123.", "Call [phone] or [phone]."),
        ("Call 020 7946 0958 or 07911123456", "Call [phone] or [phone]"),
        ("I, Anne Hale (AHALE), ask", "I, [name] ([name]), ask"),
        ("why does Hale, in /home/ahale/x, ask", "why does [name], in /home/[name]/x, ask"),
        ("what did Jon Berg say", "what did [name] say"),
    ],
)
def test_personal_data_is_taken_out(text: str, plain: str) -> None:
    assert Scrubber(["Jon Berg"]).scrub(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "Between 2001 2002 2003 2004 what changed?",
        "What did the $1,587,210.50 in 1998-2003 pay for?",
        "on 2021-05-19, 19/05/2021 and 05-19-2021",
        "Who met 100,000,000 people, 10.5% of 10.0.0.1?",
        "It was case 19-2431-cv and ISBN 978-3-16-148410-0",
        "My card 4111 1111 1111 1112 fails its check",
        "from GB82 WEST 1234 5698 7654 33 which fails its check",
        "Did the hale and hearty whale inhale?",
        "article 5(1) of 2016/679",
    ],
)
def test_what_a_question_is_about_stays(text: str) -> None:
    assert Scrubber().scrub(text) == text


def test_what_the_evidence_says_stays() -> None:
    scrubber = Scrubber(known=["The hotline is 212-555-0123."])
    assert scrubber.scrub("212-555-0123 or 212-555-0199") == "212-555-0123 or [phone]"
    assert dict(scrubber.found) == {"phone": 1}


def test_an_account_that_names_a_role_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(privacy.getpass, "getuser", lambda: "Root")
    assert Scrubber().scrub("the root of all evil") == "the root of all evil"
    monkeypatch.setattr(privacy.getpass, "getuser", lambda: "mwindsor")
    assert Scrubber().scrub("~mwindsor") == "~[name]"
