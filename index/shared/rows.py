"""The rows of the database: what hosts have written, and writing more."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, text

from index.copied import Copied
from index.made import ModelName
from index.recipe import Ingredients
from index.shared.lease import Lease
from index.shared.silence import ALL, patient

CHANNEL = "archive_writes"
AT_ONCE = 64
"""Documents that are fetched at once, and more where one write has more."""
_KEPT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Head:
    """What the database is at: its last write with its mark, the mark of the one that a host is at
    (None where there is none), and which folder is the truth."""

    identity: str
    change: int
    mark: str | None
    known_mark: str | None
    folder: str | None
    folder_host: str | None


@dataclass(frozen=True, slots=True)
class Write:
    """Some writes, up to the number ``change``: documents to take in, and ids that are gone. The
    last of them was made so many seconds ago."""

    change: int
    mark: str
    seconds: float
    copies: tuple[Copied, ...]
    gone: tuple[str, ...]


def head_of(connection: Connection, known: int) -> Head:
    """Return what the database is at; ``known`` is the write that a host is at."""
    query = """
        SELECT identity, head, w.mark, k.mark, folder, folder_host FROM corpus
        LEFT JOIN writes w ON w.change = head LEFT JOIN writes k ON k.change = :known
        WHERE one = 1"""
    found = Head(*connection.execute(text(query), {"known": known}).one())
    connection.rollback()
    return found


def is_known(connection: Connection, recipe: str) -> bool:
    """Tell whether there is an index of this recipe."""
    query = "SELECT 1 FROM indexes WHERE recipe = :recipe"
    found = connection.execute(text(query), {"recipe": recipe}).scalar()
    connection.rollback()
    return found is not None


def models(connection: Connection) -> list[ModelName]:
    """Return the models that indexes were made with, the newest first."""
    found = connection.execute(text("SELECT model FROM indexes ORDER BY made DESC")).scalars()
    return [ModelName(**json.loads(one)) for one in found]


def digests(connection: Connection, recipe: str) -> dict[str, str]:
    """Return the digests of all documents by id, in the order in which they were written."""
    query = (
        "SELECT id, digest FROM documents WHERE recipe = :recipe AND data IS NOT NULL "
        "ORDER BY change, place"
    )
    with patient(connection, ALL):
        found = connection.execute(text(query), {"recipe": recipe})
    return {str(row[0]): str(row[1]) for row in found}


def copies(connection: Connection, recipe: str, document_ids: Sequence[str]) -> list[Copied]:
    """Return documents, in the order in which they were written."""
    query = (
        "SELECT id, sha256, stamp, digest, data FROM documents WHERE recipe = :recipe "
        "AND id = ANY(:ids) AND data IS NOT NULL ORDER BY change, place"
    )
    found = connection.execute(text(query), {"recipe": recipe, "ids": [*document_ids]})
    return [_copied(row) for row in found]


def writes_since(connection: Connection, recipe: str, known: int, head: Head) -> Iterator[Write]:
    """Yield what was written after a write, up to the head, some documents at a time."""
    at = known
    while at < head.change:
        until = _window(connection, recipe, at, head.change)
        query = (
            "SELECT id, sha256, stamp, digest, data FROM documents WHERE recipe = :recipe "
            "AND change > :at AND change <= :until ORDER BY change, place"
        )
        values = {"recipe": recipe, "at": at, "until": until}
        found = connection.execute(text(query), values).all()
        query = "SELECT mark, extract(epoch FROM now() - at) FROM writes WHERE change = :until"
        last = connection.execute(text(query), {"until": until}).first() or ("", "inf")
        connection.rollback()
        yield Write(
            until,
            str(last[0]),
            float(last[1]),
            tuple(_copied(row) for row in found if row[4] is not None),
            tuple(row[0] for row in found if row[4] is None),
        )
        at = until


def _window(connection: Connection, recipe: str, at: int, head: int) -> int:
    """Return the number up to which about ``AT_ONCE`` documents were written."""
    query = (
        "SELECT change, count(*) FROM documents WHERE recipe = :recipe AND change > :at "
        "AND change <= :head GROUP BY change ORDER BY change LIMIT :most"
    )
    values = {"recipe": recipe, "at": at, "head": head, "most": AT_ONCE}
    total = 0
    for change, count in connection.execute(text(query), values):
        total += count
        if total >= AT_ONCE:
            return int(change)
    return head


def write(
    lease: Lease,
    recipe: str,
    documents: Sequence[Copied],
    gone: Sequence[str],
    *,
    mark: str,
    host: str,
    named: tuple[Ingredients, ModelName],
) -> int:
    """Write documents, and that others are gone, as one write; return its number.

    It is not done before the connection commits. Other indexes lose what is gone or has another
    text now. Raises DatabaseAway where it is another host's turn.
    """
    connection = lease.connection
    change = lease.check() + 1
    _describe(connection, recipe, *named)
    rows = [
        {"recipe": recipe, "change": change, "place": place, **_fields(one)}
        for place, one in enumerate(documents)
    ]
    if rows:
        connection.execute(text(_UPSERT), rows)
        connection.execute(text(_OTHERS), rows)
    if gone:
        values = {"change": change, "ids": [*gone]}
        connection.execute(text(_GONE), values)
    connection.execute(
        text("UPDATE corpus SET head = :change, folder = :mark, folder_host = :host"),
        {"change": change, "mark": mark, "host": host},
    )
    connection.execute(
        text("INSERT INTO writes (change, mark, host) VALUES (:change, :mark, :host)"),
        {"change": change, "mark": mark, "host": host},
    )
    connection.execute(text(f"NOTIFY {CHANNEL}"))
    return change


def new_mark() -> str:
    """Return a mark that no write has had."""
    return secrets.token_hex(8)


def sweep(connection: Connection) -> None:
    """Forget the marks of old writes: whoever is that far behind compares all documents."""
    query = f"""
        DELETE FROM writes WHERE at < now() - interval '{_KEPT_DAYS} days'
        AND change < (SELECT head FROM corpus)"""
    connection.execute(text(query))
    connection.commit()


def _describe(
    connection: Connection, recipe: str, made_with: Ingredients, named: ModelName
) -> None:
    query = (
        "INSERT INTO indexes (recipe, ingredients, model) VALUES (:recipe, :made_with, :model) "
        "ON CONFLICT DO NOTHING"
    )
    values = {
        "recipe": recipe,
        "made_with": json.dumps(dict(made_with)),
        "model": json.dumps(asdict(named)),
    }
    connection.execute(text(query), values)


def _copied(row: Row[*tuple[Any, ...]]) -> Copied:
    return Copied(row[0], row[1], row[2], row[3], bytes(row[4]))


def _fields(one: Copied) -> Mapping[str, object]:
    return {
        "id": one.id,
        "sha256": one.sha256,
        "stamp": one.stamp,
        "digest": one.digest,
        "data": one.data,
    }


_EMPTY = "change = :change, place = 0, sha256 = NULL, stamp = NULL, digest = NULL, data = NULL"
_UPSERT = """
    INSERT INTO documents (recipe, id, change, place, sha256, stamp, digest, data)
    VALUES (:recipe, :id, :change, :place, :sha256, :stamp, :digest, :data)
    ON CONFLICT (recipe, id) DO UPDATE SET (change, place, sha256, stamp, digest, data) =
    (excluded.change, excluded.place, excluded.sha256, excluded.stamp, excluded.digest,
    excluded.data)"""
_OTHERS = f"""
    UPDATE documents SET {_EMPTY}
    WHERE id = :id AND recipe <> :recipe AND data IS NOT NULL AND sha256 <> :sha256"""
_GONE = f"UPDATE documents SET {_EMPTY} WHERE id = ANY(:ids) AND data IS NOT NULL"
