"""The calls about kept conversations, answered in this process or by the one that owns the home.

Whoever can run commands on a home may see all of its conversations.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Protocol

from assistant import contract_chats
from assistant.archive import Archive
from assistant.contract_chats import (
    ChatJson,
    ConversationJson,
    JudgedJson,
    QuoteJson,
    StandingJson,
    WishJson,
)
from assistant.owner import Owner
from assistant.wire import Json
from corpus.errors import UsageError

CALLS = frozenset(
    "chats chat rename_chat delete_chats judged_turns look_for_quotes offer_chats wishes "
    "settle_wishes".split()
)


class ChatsCalls(Protocol):
    """What commands may ask of the conversations of a home."""

    def chats(self) -> builtins.list[ChatJson]: ...  # noqa: D102

    def chat(self, chat: str) -> ConversationJson: ...  # noqa: D102

    def rename_chat(self, chat: str, title: str) -> str: ...  # noqa: D102

    def delete_chats(self, chats: Sequence[str]) -> builtins.list[str]: ...  # noqa: D102

    def link_to_chats(self, chats: Sequence[str]) -> str: ...  # noqa: D102

    def judged_turns(self) -> builtins.list[JudgedJson]: ...  # noqa: D102

    def wishes(self, *, everything: bool = False) -> builtins.list[WishJson]: ...  # noqa: D102

    def settle_wishes(self, wishes: Sequence[int], *, done: bool = True) -> None: ...  # noqa: D102

    def look_for_quotes(self, quotes: Sequence[QuoteJson]) -> builtins.list[StandingJson]: ...  # noqa: D102


class LocalChats:
    """Answers from an archive that is open in this process."""

    _archive: Archive

    def chats(self) -> builtins.list[ChatJson]:
        """List the conversations, the one that was gone on with last first."""
        return [contract_chats.chat_json(one) for one in self._archive.chats.list()]

    def chat(self, chat: str) -> ConversationJson:
        """Return one conversation."""
        return contract_chats.conversation_json(self._archive.chats.open(self._whole(chat)))

    def rename_chat(self, chat: str, title: str) -> str:
        """Give a conversation a title."""
        return self._archive.chats.rename(self._whole(chat), title)

    def delete_chats(self, chats: Sequence[str]) -> builtins.list[str]:
        """Delete conversations, and return the whole ids of those that are gone."""
        whole = [self._whole(one) for one in dict.fromkeys(chats)]
        self._archive.chats.delete(whole)
        return whole

    def link_to_chats(self, chats: Sequence[str]) -> str:
        """Refuse: there is no page to link to."""
        raise _no_page()

    def offer_chats(self, chats: Sequence[str]) -> str:
        """Return a token with which a browser gets conversations, or all of them, for its own.

        Raises UnknownChat.
        """
        whole = [self._whole(one) for one in chats]
        for one in whole:
            self._archive.chats.open(one)
        return self._archive.chats.offers.make(whole)

    def judged_turns(self) -> builtins.list[JudgedJson]:
        """Return the turns that readers judged, the oldest first."""
        kept = self._archive.chats
        return [
            contract_chats.judged_json(chat, turn, kept.before(chat, turn.id))
            for chat, turn in kept.judged()
        ]

    def wishes(self, *, everything: bool = False) -> builtins.list[WishJson]:
        """Return the declined questions that readers want documents for, the oldest first."""
        found = self._archive.chats.wishes.list(everything=everything)
        return [contract_chats.wish_json(one) for one in found]

    def settle_wishes(self, wishes: Sequence[int], *, done: bool = True) -> None:
        """Say that wishes are seen to, or that they are open after all. Raises UnknownWish."""
        self._archive.chats.wishes.settle(wishes, done=done)

    def look_for_quotes(self, quotes: Sequence[QuoteJson]) -> builtins.list[StandingJson]:
        """Say whether quotes stand in the documents of now."""
        from assistant.verify import standings

        self._archive.refresh()
        with self._archive.index.view() as index:
            return standings(index.catalogue, quotes)

    def _whole(self, chat: str) -> str:
        """Return the id that begins so, as one need not type 32 digits; else what was given."""
        found = [one.id for one in self._archive.chats.list() if one.id.startswith(chat)]
        return found[0] if len(found) == 1 and len(chat) >= 4 else chat


class RemoteChats:
    """Asks the process that owns the home."""

    _call: Callable[..., Json]
    _owner: Owner

    def chats(self) -> builtins.list[ChatJson]:
        """List the conversations."""
        found: builtins.list[ChatJson] = self._call("chats")
        return found

    def chat(self, chat: str) -> ConversationJson:
        """Return one conversation."""
        found: ConversationJson = self._call("chat", chat=chat)
        return found

    def rename_chat(self, chat: str, title: str) -> str:
        """Give a conversation a title."""
        return str(self._call("rename_chat", chat=chat, title=title))

    def delete_chats(self, chats: Sequence[str]) -> builtins.list[str]:
        """Delete conversations."""
        gone: builtins.list[str] = self._call("delete_chats", chats=builtins.list(chats))
        return gone

    def link_to_chats(self, chats: Sequence[str]) -> str:
        """Return a link that brings conversations, or all of them, into a browser."""
        if self._owner.url is None:
            raise _no_page()
        return f"{self._owner.url}/chats/link/{self._call('offer_chats', chats=[*chats])}"

    def judged_turns(self) -> builtins.list[JudgedJson]:
        """Return the turns that readers judged."""
        found: builtins.list[JudgedJson] = self._call("judged_turns")
        return found

    def wishes(self, *, everything: bool = False) -> builtins.list[WishJson]:
        """Return the declined questions that readers want documents for."""
        found: builtins.list[WishJson] = self._call("wishes", everything=everything)
        return found

    def settle_wishes(self, wishes: Sequence[int], *, done: bool = True) -> None:
        """Say that wishes are seen to, or that they are open after all."""
        self._call("settle_wishes", wishes=builtins.list(wishes), done=done)

    def look_for_quotes(self, quotes: Sequence[QuoteJson]) -> builtins.list[StandingJson]:
        """Say whether quotes stand in the documents of now."""
        found: builtins.list[StandingJson] = self._call(
            "look_for_quotes", quotes=builtins.list(quotes)
        )
        return found


def _no_page() -> UsageError:
    return UsageError("the chat is not open, so there is nothing to link to: run 'assistant chat'")
