"""How serving begins and ends."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from assistant.serve.running import listen, serve_app
from corpus.errors import ArchiveError


@pytest.mark.parametrize("told", [True, False])
def test_an_application_that_does_not_start_is_an_error_with_its_reason_in_the_log(
    told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        if told:  # as Starlette does; what it is made of may only raise
            await send({"type": "lifespan.startup.failed", "message": "no tools today"})
        raise RuntimeError("no tools today")

    def ready() -> None:
        raise AssertionError("it says that it answers")

    listener = listen("127.0.0.1", 0)
    with (
        caplog.at_level(logging.ERROR),
        pytest.raises(ArchiveError, match=r"could not start: var/assistant\.log") as failed,
    ):
        serve_app(broken, listener, goodbye_seconds=1, ready=ready, proxies=())
    assert (failed.value.exit_code, listener.fileno()) == (3, -1)
    assert "no tools today" in caplog.text
