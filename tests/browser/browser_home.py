"""The documents of the browser tests' home, and what a person does on the page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MARKERS = "#chat .bot a[href^='#cite-']"

DOCUMENTS = {
    "ferry.md": """---
title: Harbour ferry gets a new timetable
date: 2024-03-12
source: The Harbour Post
url: https://harbour-post.example/ferry
tags: [ferry]
---

The harbour ferry will cross the bay every twenty minutes from 1 April 2024. The crossing costs
4.50 euros for adults and nothing for children under six.

## The contract

The city signed a contract worth 18 million euros with the operator Blue Wave Lines. The contract
ends on 31 March 2031.

- Two electric boats replace the diesel boats.
- Bicycles travel free of charge outside rush hours.

## Reactions

The mayor, Ada Lindqvist, called the timetable the largest improvement since the bridge closed.
""",
    "library.txt": """City library reopens after the flood

Published 5 September 2023

The city library reopened on 4 September 2023 after eleven months of repairs. The flood of October
2022 had destroyed about 12,000 books in the basement. The repairs cost 3.2 million euros, of which
the insurance paid 2.5 million.
""",
    "beetles.md": """---
title: "<img src=x onerror=alert(1)> Beetle report <script>window.pwned=1</script>"
source: "<svg onload=alert(2)>"
date: 2022-09-01
url: "javascript:alert(3)"
tags: ["<script>window.pwned=2</script>"]
---

The beetle census counted 4,812 stag beetles <script>window.pwned=3</script> in the old oak wood
&lt;img src=x onerror=alert(4)&gt; and `<svg/onload=alert(5)>` near http://tracker.example/pixel
with <p style="background:url(http://tracker.example/style)"> during the summer of 2022.

Ground beetles were ![counted](http://tracker.example/count.png) by
[volunteers](javascript:alert(6)) who walked the same paths on twelve evenings.
""",
}

CONTRACT = "How much is the contract with Blue Wave Lines worth?"
CONTRACT_QUOTE = (
    "The city signed a contract worth 18 million euros with the operator Blue Wave Lines."
)
SUITE = [
    {
        "id": "contract",
        "question": CONTRACT,
        "answers": ["18 million euros"],
        "evidence": [{"document": "ferry.md", "quote": CONTRACT_QUOTE}],
    },
    {
        "id": "moved",
        "question": "Where did the <library> move?",
        "answers": ["nowhere"],
        "evidence": [{"document": "library.txt", "quote": "The library moved nowhere."}],
    },
]
# Keeps what a screen reader is told of answers; on a busy machine it is also told to wait.
HEARD = """() => {
  window.heard = [];
  const line = document.querySelector('#heard');
  const keep = () => line.textContent !== say('asking.others') && heard.push(line.textContent);
  new MutationObserver(keep).observe(line, {childList: true});
}"""
UNANSWERABLE = "Which astronaut repaired the Hubble telescope?"


def ask(page: Page, question: str) -> Locator:
    """Ask and wait until the answer is whole; return the answer's message."""
    answers = page.locator("#chat .bot.message")
    before = answers.count()
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1)
    answer = answers.last
    expect(answer).not_to_contain_text("Loading the model", timeout=90_000)
    expect(answer).not_to_contain_text("Searching the documents")
    expect(page.locator("#question .submit-button")).to_be_visible()
    return answer


def marked(page: Page) -> str:
    """Return the text of the open document's mark as it stands in the document."""
    return page.locator("#hit").text_content() or ""


def focused(page: Page) -> str:
    """Return what has the focus: its id, else its link."""
    found = "document.activeElement.id || document.activeElement.getAttribute('href') || ''"
    return str(page.evaluate(found))


def go_to_corpus(page: Page) -> None:
    page.get_by_role("tab", name="Corpus").click()
    expect(page.locator(".corpus table")).to_be_visible()


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
