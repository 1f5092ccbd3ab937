"""Where a vector server is, and how it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

DEFAULT_TENANT = "default_tenant"
DEFAULT_DATABASE = "default_database"


@dataclass(frozen=True, slots=True)
class Server:
    """Where a Chroma server is, and how it is asked.

    A question waits ``timeout`` seconds for it, and a write ``patience`` seconds until it is there
    again. ``ca`` is a file with the certificates that are trusted in place of the system's.
    """

    url: str
    tenant: str = DEFAULT_TENANT
    database: str = DEFAULT_DATABASE
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca: str = ""
    timeout: float = 5.0
    patience: float = 30.0

    @property
    def place(self) -> str:
        """What tells its collections from those of other servers and databases."""
        return f"{self.url} {self.tenant}/{self.database}"
