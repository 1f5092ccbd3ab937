"""An explanation: what is told of passages that are shown, and of a document that is not."""

from __future__ import annotations

from dataclasses import dataclass

from index.explain_parts import Neighbour, Word
from index.passages import Hit
from index.steering import Preference


@dataclass(frozen=True, slots=True)
class Place:
    """A passage in one of the lists that a ranking is made of.

    ``rank`` counts from 1 among the passages compared, None where it is not among them. ``share``
    is what the part adds to the score, None where that is not a plain product.
    """

    part: str
    label: str
    value: float
    rank: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One passage: its rank in the result (None where it is not shown), and where that is from.

    ``matched`` and ``missing`` are the question's words that it (with its title and heading) has
    and lacks, the rarest first. ``side`` is the side of the question that it was taken for; a
    ``preferred`` date ``raised`` it by so much.
    """

    hit: Hit
    title: str
    rank: int | None
    places: tuple[Place, ...]
    matched: tuple[Word, ...]
    missing: tuple[Word, ...]
    side: str = ""
    preferred: Preference | None = None
    raised: float = 0.0
    neighbours: tuple[Neighbour, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences for people that say why it stands where it stands."""
        side = [f"Taken for one side of the question: “{self.side}”."] if self.side else []
        date = [f"{self.preferred.text}: +{self.raised:.2f}."] if self.preferred else []
        return (*side, *date, *(one.text for one in self.neighbours))


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a document is not among the results.

    ``kind`` is one of ``shown``, ``copy``, ``not indexed``, ``quarantined``, ``filtered out``,
    ``empty``, ``no word in common`` and ``ranked lower``. ``best`` is its best passage, and
    ``last`` the last one shown. ``place`` is that of its best passage among all ``compared``, and
    ``apart`` how much more of each part it has than the last one shown.
    """

    document: str
    kind: str
    reason: str
    best: Explained | None = None
    last: Explained | None = None
    place: int | None = None
    compared: int = 0
    apart: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """All passages shown, and how many were ``compared`` with them."""

    compared: int
    passages: tuple[Explained, ...]
    why_not: WhyNot | None = None
