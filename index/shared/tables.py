"""The tables of the database, brought up to this release when a host opens it.

They lie in a schema of their own. Alembic runs the migrations, one host at a time; a database that
a newer release has written to is refused with nothing changed.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, text

from corpus.errors import DatabaseAway

SCHEMA = "archive"
REVISION = "0002"
"""The newest of the migrations."""
_KNOWN = ("0001", "0002")
_LOCK = 7_219_001
"""The number of the advisory lock that is held while the tables are made."""


def bring_up(connection: Connection, shown: str) -> None:
    """Make the tables what this release needs; ``shown`` names the database to people.

    Raises DatabaseAway where a newer release made them.
    """
    if _revision(connection) == REVISION:
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = _revision(connection)
    if found is not None and found not in _KNOWN:
        raise DatabaseAway(
            f"the tables in {shown} were made by a newer release of this program (revision "
            f"{found}; this release knows {REVISION}), and nothing was changed: install that "
            "release here too"
        )
    if found != REVISION:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        _migrate(connection)
        connection.execute(
            text("INSERT INTO corpus (one, identity) VALUES (1, :name) ON CONFLICT DO NOTHING"),
            {"name": secrets.token_hex(8)},
        )
    connection.commit()


def _revision(connection: Connection) -> str | None:
    """Return which migration was the last; None where there are no tables."""
    query = text("SELECT to_regclass(:table) IS NOT NULL")
    table = f"{SCHEMA}.alembic_version"
    if not connection.execute(query, {"table": table}).scalar_one():
        return None
    found = connection.execute(text(f"SELECT version_num FROM {table}")).scalar()
    return None if found is None else str(found)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "index.shared:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
