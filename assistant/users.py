"""Who may do what: people with a role each, and the rights that a role has."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from assistant.settings import Settings
from corpus.errors import NotAllowed, NotSignedIn

Role = Literal["reader", "curator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
Right = Literal["read", "curate", "look after"]

RIGHTS: Mapping[Role, frozenset[Right]] = {
    "reader": frozenset({"read"}),
    "curator": frozenset({"read", "curate"}),
    "admin": frozenset({"read", "curate", "look after"}),
}
"""Reading is asking, searching and one's own conversations; curating changes the documents;
looking after is what the service counts."""
USER = "archive.user"
"""Where a request's scope names who sent it, once that is known."""


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is known; ``key`` tells apart accounts that had the same name in turn."""

    name: str
    role: Role
    key: str = ""

    def may(self, right: Right) -> bool:
        """Tell whether the role has a right."""
        return right in RIGHTS[self.role]

    @property
    def reader(self) -> str:
        """Return what the person's conversations are kept under: no browser has such a secret."""
        return hashlib.sha256(f"account {self.name} {self.key}".encode()).hexdigest()


def user_of(scope: Mapping[str, Any]) -> User | None:
    """Return who sent a request; None where nobody was looked for."""
    found = scope.get(USER)
    return found if isinstance(found, User) else None


def allow(settings: Settings, scope: Mapping[str, Any], right: Right) -> None:
    """Do nothing where a request may do it; with no accounts, whoever reaches the program may.

    Raises NotSignedIn or NotAllowed.
    """
    if settings.users == "off":
        return
    user = user_of(scope)
    if user is None:
        raise NotSignedIn("nobody is signed in: sign in at /login, or send a token")
    if not user.may(right):
        raise NotAllowed(
            f"the account {user.name} is a {user.role}'s and may not {right}: ask whoever gives "
            "out accounts here for another role"
        )


def may(settings: Settings, scope: Mapping[str, Any], right: Right) -> bool:
    """Tell whether a request may do it."""
    try:
        allow(settings, scope, right)
    except (NotSignedIn, NotAllowed):
        return False
    return True
