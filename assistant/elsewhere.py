"""Whether what was found is told of another country than the question names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.extract import Quote
from index.kin import held, kin_of
from index.search import Query
from index.terms import terms


def is_elsewhere(query: Query, quote: Quote, titles: Mapping[str, str]) -> bool:
    """Tell whether a sentence names a country, and neither it nor its title one of the question."""
    asked = kin_of(query.text)
    if not asked or not kin_of(quote.text):
        return False
    return not held(asked, asked, terms(f"{titles.get(quote.document_id, '')} {quote.text}"))


def without_elsewhere(
    query: Query, ranked: Sequence[Quote], titles: Mapping[str, str]
) -> tuple[Quote, ...]:
    """Return ranked sentences without those behind the best that are told of another country: who
    asks about the French fine is not told more of it by the British one."""
    return tuple(
        one for place, one in enumerate(ranked) if not place or not is_elsewhere(query, one, titles)
    )


def names_others(text: str, name: str) -> bool:
    """Tell whether a text names a country that the name of a side does not."""
    kin = kin_of(name)
    own = {*kin, *(stem for forms in kin.values() for form in forms for stem in form)}
    return bool(kin_of(text).keys() - own)
