from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.archive import Archive
from assistant.web.app import serve
from assistant.web.page import build_page
from corpus.errors import ArchiveError, UsageError


def test_a_port_that_is_taken_is_named_with_the_next_step(shared_archive: Archive):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ArchiveError, match=rf"Port {port} on 127\.0\.0\.1 .*--port 0"):
            serve(shared_archive, host="127.0.0.1", port=port, open_browser=False, on_ready=print)


def test_a_host_that_does_not_exist_is_named(shared_archive: Archive):
    with pytest.raises(UsageError, match=r"no-such-host\.invalid.*--host"):
        serve(
            shared_archive,
            host="no-such-host.invalid",
            port=0,
            open_browser=False,
            on_ready=print,
        )


def test_the_page_has_its_tabs_and_the_archives_examples(shared_archive: Archive):
    config = build_page(shared_archive).get_config_file()
    labels = [one["props"].get("label") for one in config["components"] if one["type"] == "tabitem"]
    assert labels == ["Chat", "Corpus", "Settings"]
    (chat,) = [one["props"] for one in config["components"] if one["type"] == "chatbot"]
    assert [one["text"] for one in chat["examples"]] == list(shared_archive.examples())


def test_importing_the_page_writes_nothing_beside_its_source():
    folder = Path(__file__).parents[2] / "assistant" / "web"
    script = "import assistant.web.page"
    before = {path for path in folder.iterdir() if path.suffix != ""}
    subprocess.run([sys.executable, "-B", "-c", script], check=True, timeout=60)
    assert {path for path in folder.iterdir() if path.suffix != ""} == before
