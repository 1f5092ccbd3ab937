"""Wishes: declined questions that readers want documents for."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"

_TABLE = """
CREATE TABLE wishes (
    turn bigint PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
    comment text NOT NULL,
    made text NOT NULL,
    done text
)
"""


def upgrade() -> None:
    """Make the table."""
    op.execute(_TABLE)
