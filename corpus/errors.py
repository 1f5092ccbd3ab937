"""Every error that this project raises on purpose, in one tree.

    ArchiveError                      exit code 3 unless it says otherwise
    ├── UsageError                    2: the caller asked for something that makes no sense
    │   ├── BadQuestion               an empty question, or one that is no plain text
    │   │   └── QuestionTooLong       an overlong question
    │   ├── BadFilter                 a date, a source or a tag that cannot be a filter
    │   ├── BadSettings               a settings file or variable that cannot be used
    │   ├── BadSuite                  a suite of cases that cannot be used
    │   ├── UnknownModel              the service has no model of this name
    │   └── UnknownAccount            nobody has an account, or a token, of this name
    ├── CorpusError                   3: a document
    │   ├── UnreadableFile            missing, empty, too large, binary, not UTF-8, no rights
    │   │   └── ReaderStopped         its reader took too much time or memory, or died
    │   │       └── NoReader          no process to read it could be had; it may be sound
    │   ├── UnsupportedFormat         no reader takes this kind of file
    │   ├── UnknownDocument           no document has this id
    │   ├── AlreadyOnShelf            another document has this name or this very text
    │   ├── ShelfError                the documents folder could not be read or written
    │   │   └── StoreAway             the place that the documents are kept at does not answer
    │   └── FetchRefused              a web address that cannot, or must not, be fetched
    ├── IndexFailure                  3: the derived index
    │   ├── CatalogueDamaged          the SQLite catalogue cannot be read
    │   ├── VectorsDamaged            the Chroma folder, or a server's collection, cannot be used
    │   ├── VectorsAway               the vector server cannot be reached now, or refuses
    │   ├── OtherModels               hosts share no index of this host's model and release
    │   ├── HomeReadOnly              the state folder may not be written
    │   └── ModelUnavailable          the embedding model cannot be loaded
    │       └── BackendRefused        one way of running it cannot be used; another may
    ├── DatabaseAway                  3: the database that hosts share cannot be reached or used
    │   └── DatabaseRefuses           it is there, and does not do what was asked of it
    ├── DocumentsElsewhere            3: the documents folder of a shared index is another host's
    ├── BackupFailure                 3: a backup could not be written, read or restored
    ├── ChatsFailure                  3: kept conversations could not be read or written
    │   ├── UnknownChat               no conversation that one may see has this id
    │   └── UnknownWish               no wish has this number
    ├── HomeBusy                      3: another process owns this home, and did not answer
    ├── AccountsFailure               3: the accounts could not be read or written
    ├── LlmFailed                     3: a language model gave no answer that can be used
    ├── RequestRefused                3: the service does not take a request
    │   ├── NotSignedIn               nobody knows who sent it
    │   ├── NotAllowed                whoever sent it may not do that
    │   ├── BodyTooLarge              its body is larger than the service takes
    │   ├── TooBusy                   too many others are being answered
    │   └── TooMuch                   whoever sent it asked for too much in too little time
    └── CheckFailed                   1: a check or a gate did not pass

A message names the thing and the next step, on one line: it is shown to people as it is.
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Root of the tree; ``str(error)`` is one line for people, ``exit_code`` is for the shell."""

    exit_code = 3

    def __init__(self, message: str) -> None:
        line = " ".join(message.split())
        # A file's name may hold control characters, and a terminal would obey them.
        super().__init__(
            "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
        )


class UsageError(ArchiveError):
    """The caller asked for something that makes no sense."""

    exit_code = 2


class BadQuestion(UsageError):
    """An empty question, or one that is no plain text."""


class QuestionTooLong(BadQuestion):
    """An overlong question."""


class BadFilter(UsageError):
    """A date, a source or a tag that cannot be a filter."""


class BadSettings(UsageError):
    """A settings file or variable that cannot be used."""


class BadSuite(UsageError):
    """A suite of cases that cannot be used."""


class UnknownModel(UsageError):
    """The service has no model of this name."""


class UnknownAccount(UsageError):
    """Nobody has an account, or a token, of this name."""


class CorpusError(ArchiveError):
    """A document could not be read, found or kept."""


class UnreadableFile(CorpusError):
    """A file that is missing, empty, too large, binary, not UTF-8 or without read rights."""


class ReaderStopped(UnreadableFile):
    """A file whose reader took too much time or memory, or died."""


class NoReader(ReaderStopped):
    """A file, perhaps a sound one, that no process could be had to read."""


class UnsupportedFormat(CorpusError):
    """No reader takes this kind of file."""


class UnknownDocument(CorpusError):
    """No document has this id."""


class AlreadyOnShelf(CorpusError):
    """Another document has this name or this very text."""


class ShelfError(CorpusError):
    """The documents folder could not be read or written."""


class StoreAway(ShelfError):
    """The place that the documents are kept at does not answer; what is indexed stands."""


class FetchRefused(CorpusError):
    """A web address that cannot, or must not, be fetched."""


class IndexFailure(ArchiveError):
    """The derived index could not be read or built."""


class CatalogueDamaged(IndexFailure):
    """The SQLite catalogue cannot be read."""


class VectorsDamaged(IndexFailure):
    """The Chroma folder, or the collection on a server, cannot be used as it is."""


class VectorsAway(IndexFailure):
    """The vector server cannot be reached now, or refuses."""


class OtherModels(IndexFailure):
    """The database that hosts share has no index of this host's model and release."""


class HomeReadOnly(IndexFailure):
    """The state folder may not be written: there is no right to, or the disk takes nothing."""


class ModelUnavailable(IndexFailure):
    """The embedding model cannot be loaded."""


class BackendRefused(ModelUnavailable):
    """One way of running the embedding model cannot be used; ``reason`` says why in some words,
    with no next step: another way may be taken instead."""

    def __init__(self, message: str, *, reason: str = "") -> None:
        super().__init__(message)
        self.reason = reason


class DatabaseAway(ArchiveError):
    """The database that hosts share cannot be reached, or refuses what is asked of it."""


class DatabaseRefuses(DatabaseAway):
    """The database is there, and asking it again is of no use until somebody sees to it."""


class DocumentsElsewhere(ArchiveError):
    """The documents folder that a shared index is made of is not the one of this host."""


class BackupFailure(ArchiveError):
    """A backup could not be written, read or restored."""


class ChatsFailure(ArchiveError):
    """Kept conversations could not be read or written."""


class UnknownChat(ChatsFailure):
    """No conversation that one may see has this id."""


class UnknownWish(ChatsFailure):
    """No wish has this number."""


class AccountsFailure(ArchiveError):
    """The accounts could not be read or written."""


class LlmFailed(ArchiveError):
    """A language model gave no answer that can be used; the message goes on after its name."""


class RequestRefused(ArchiveError):
    """The service does not take a request."""


class NotSignedIn(RequestRefused):
    """Nobody knows who sent a request."""


class NotAllowed(RequestRefused):
    """Whoever sent a request may not do that."""


class BodyTooLarge(RequestRefused):
    """A request's body is larger than the service takes."""


class TooBusy(RequestRefused):
    """Too many other requests are being answered."""


class TooMuch(RequestRefused):
    """Whoever sent a request asked for too much in too little time; ``seconds`` later it may."""

    def __init__(self, message: str, seconds: int = 1) -> None:
        super().__init__(message)
        self.seconds = seconds


class HomeBusy(ArchiveError):
    """Another process owns this home, and did not answer."""


class CheckFailed(ArchiveError):
    """A check or a gate did not pass."""

    exit_code = 1
