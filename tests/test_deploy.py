"""The files for running it elsewhere, checked as far as that goes without an engine."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tomllib
from email.message import Message
from pathlib import Path

import pytest

from assistant.cli import cli

from .advisories import read, told
from .licences import licence_of, needed, rows, unwanted

ROOT = Path(__file__).resolve().parents[1]
UNIT = ROOT / "deploy" / "archive.service"
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text("utf-8")


def steps() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile with their arguments."""
    plain = "\n".join(line for line in CONTAINER.splitlines() if not line.startswith("#"))
    joined = plain.replace("\\\n", " ")
    return [
        (one.partition(" ")[0], one.partition(" ")[2].strip()) for one in joined.splitlines() if one
    ]


def options_of(name: str) -> set[str]:
    return {option for one in cli.commands[name].params for option in one.opts}


def test_the_container_runs_without_rights_and_with_pinned_parts() -> None:
    found = steps()
    names = [name for name, _ in found]
    assert set(names) <= {
        "FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK",
        "ENTRYPOINT", "CMD",
    }  # fmt: skip
    images = [rest.split()[0] for name, rest in found if name == "FROM"]
    assert all(re.fullmatch(r"\S+:\d\S*", image) for image in images)
    after = names[len(names) - names[::-1].index("FROM") :]
    assert after.index("USER") < after.index("ENTRYPOINT")
    (user,) = [rest for name, rest in found if name == "USER"]
    assert int(user) >= 1000
    assert "--constraint constraints.txt" in CONTAINER
    assert f"torch=={_pinned('torch')}" in CONTAINER


def test_the_container_is_built_as_linters_want_it() -> None:
    """Of hadolint's rules, those that apply to these instructions, by their numbers."""
    found = steps()
    runs = [rest for name, rest in found if name == "RUN"]
    words = " ".join(runs)
    assert not re.search(r"\b(?:sudo|ssh|curl|wget|apt-get)\b", words)  # DL3001, DL3004, DL3008
    installs = re.findall(r"pip install ([^&]+)", words)
    assert installs
    for one in installs:  # DL3013, DL3042: pinned, and without a cache in the layer
        assert "--no-cache-dir" in one
        assert "--constraint" in one or "==" in one
    places = [rest for name, rest in found if name == "WORKDIR"]
    assert all(one.startswith("/") for one in places)  # DL3000
    assert not any(name in ("ADD", "MAINTAINER") for name, _ in found)  # DL3020, DL4000
    for one in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):  # DL4003, DL4004, DL3012: one of each
        assert [name for name, _ in found].count(one) == 1
    for name, rest in found:
        if name in ("CMD", "ENTRYPOINT"):
            assert rest.startswith("[")  # DL3025: a signal reaches the program itself
        if name == "COPY":
            assert not re.search(r"(?:^|\s)\.(?:\s|/\s)", rest.removesuffix("./"))
        if name == "ENV":  # whoever has the image can read them
            assert not re.search(r"(?i)key|token|secret|password", rest)
    stages = [rest for name, rest in found if name == "FROM"]
    assert len({one.split()[0] for one in stages}) == 1
    names = {one.split()[2] for one in stages if " AS " in one}
    used = re.findall(r"--from=(\w+)", CONTAINER)
    assert names == set(used)  # DL3022, DL3023


def test_the_container_holds_what_the_package_is_made_of() -> None:
    copied = {part for name, rest in steps() if name == "COPY" for part in rest.split()[:-1]}
    about = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = {one.partition(".")[0] for one in about["tool"]["setuptools"]["packages"]}
    assert packages <= copied
    for name in copied:
        assert name.startswith(("--from", "/opt")) or (ROOT / name).exists()


def test_the_commands_that_are_run_there_exist() -> None:
    unit = _unit()
    started = unit["Service"]["ExecStart"].split()
    assert set(started[2:]) <= options_of(started[1])
    (command,) = [rest for name, rest in steps() if name == "CMD"]
    words = re.findall(r'"([^"]+)"', command)
    assert {word for word in words[1:] if word.startswith("--")} <= options_of(words[0])


def test_the_unit_gives_no_rights_away() -> None:
    service = _unit()["Service"]
    assert service["User"] != "root"
    for key in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "RestrictSUIDSGID"):
        assert service[key] == "yes"
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"]) == ("strict", "")
    assert service["Environment"] == f"ASSISTANT_HOME=/var/lib/{service['StateDirectory']}"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed")
    text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text("utf-8"))
    (tmp_path / UNIT.name).write_text(text, "utf-8")
    unit = str(tmp_path / UNIT.name)

    def told(*arguments: str) -> tuple[int, str]:
        command = [tool, *arguments, unit]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    assert told("verify") == (0, "")
    if " 252" in subprocess.run([tool, "--version"], capture_output=True, text=True).stdout:
        # Of 10, what it counts as exposed; it exits with 1 above the threshold.
        assert told("security", "--offline=true", "--threshold=29", "--no-pager")[0] == 0


def test_licences_are_read_from_wherever_a_package_says_them() -> None:
    def about(*pairs: tuple[str, str]) -> Message:
        made = Message()
        for key, value in pairs:
            made[key] = value
        return made

    mark = ("Classifier", "License :: OSI Approved :: GNU Affero General Public License v3")
    said = [
        about(("License-Expression", "MIT")),
        about(mark, ("License", "see file")),
        about(("License", "BSD\nand a long text")),
        about(),
    ]
    licences = [licence_of(one) for one in said]  # type: ignore[arg-type]
    assert licences == ["MIT", "GNU Affero General Public License v3", "BSD", ""]
    table = [("a", "1", licences[0]), ("b", "1", licences[1]), ("c", "1", "AGPL-3.0-only")]
    assert unwanted(table) == ["b", "c"]


def test_an_audit_that_looked_nothing_up_is_no_all_clear() -> None:
    sound, skipped = {"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "?"}
    known = {"id": "CVE-1", "fix_versions": ["2.1"]}
    vulnerable = {"name": "c", "version": "2", "vulns": [known]}

    def of(*packages: object) -> tuple[int, str]:
        return told([read({"dependencies": packages})])

    assert of(sound) == (0, "1 looked up, none is known to be vulnerable")
    assert of(sound, skipped) == (3, "1 looked up, none vulnerable; 1 not: b")
    assert of(skipped, vulnerable) == (
        1,
        "known to be vulnerable:\nc 2: CVE-1, mended in 2.1",
    )
    code, said = of(skipped, skipped)
    assert (code, said.partition(":")[0]) == (3, "no advisory service")
    nothing, all_clear = (read({"dependencies": (one,)}) for one in (skipped, sound))
    assert told([nothing, all_clear])[0] == 0


def test_nothing_of_the_default_install_is_under_the_agpl() -> None:
    table = rows(needed("archive-assistant"))
    assert len(table) > 60
    assert unwanted(table) == []


def _unit() -> configparser.RawConfigParser:
    unit = configparser.RawConfigParser(strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT, "utf-8")
    return unit


def _pinned(name: str) -> str:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return next(line.partition("==")[2] for line in lines if line.startswith(f"{name}=="))
