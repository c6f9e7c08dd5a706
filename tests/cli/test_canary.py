"""A password shows nowhere: not on a screen, not in a file, whichever way it came in."""

from __future__ import annotations

import logging
import socket
from typing import TYPE_CHECKING

import click.testing
import pytest

from graphchannel import Channel
from graphchannel.channel import EngineChoice
from graphchannel.cli import _neo4j
from graphchannel.errors import EngineError
from graphchannel.text import without_password

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.cli.conftest import Desk

CANARY = "c4n@ry"
URLS = (
    f"neo4j://ann:{CANARY}@127.0.0.1:1",
    f"bolt+s://:{CANARY}@127.0.0.1:1/x?y=z",
    f"http://ann:{CANARY}@127.0.0.1:1",
    f"neo4j:ann:{CANARY}@host",
    f"neo4j://ann:{CANARY}@[host",
    f"neo4j://ann:{CANARY.replace('@', '')}",
    f"neo4j://ann:{CANARY}@host:{CANARY}@",
)
COMMANDS = (
    ("publish", "{url}"),
    ("verify", "{url}"),
    ("scan", "--pack", "pack", "--engine", "{url}"),
    ("scan", "--pack", "pack", "--neo4j-url", "{url}", "--format", "json", "--output", "o.json"),
    ("query", "MATCH (a:Party) RETURN a.id AS id", "--engine", "{url}"),
    ("partner", "A", "--pack", "pack", "--neo4j-url", "{url}"),
    ("config", "--neo4j-url", "{url}"),
    ("neo4j", "browser", "--neo4j-url", "{url}", "--no-open"),
)


def shows(text: str) -> bool:
    return CANARY in text or CANARY.replace("@", "") in text or "ry@" in text


def left_in(folder: Path) -> list[str]:
    files = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".toml")
    return [file.name for file in files if b"c4n" in file.read_bytes()]


def test_one_in_an_address_is_never_repeated(desk: Desk) -> None:
    for url in URLS[:2]:
        never_repeated(desk, url, COMMANDS)
    for url in URLS[2:]:
        never_repeated(desk, url, COMMANDS[1:2])
    assert left_in(desk.folder) == []


def never_repeated(desk: Desk, url: str, commands: Sequence[tuple[str, ...]]) -> None:
    for command in commands:
        done = desk.run(*(part.format(url=url) for part in command))
        assert not shows(done.output), command
        assert done.exit_code == 2 or command[0] == "config"
        assert "Traceback" not in done.stderr
    (desk.folder / "graphchannel.toml").write_text(f'neo4j-url = "{url}"\n')
    for name in ("config", "doctor") if len(commands) > 1 else ():
        assert not shows(desk.run(name).output), name
    (desk.folder / "graphchannel.toml").unlink()
    assert not shows(desk.run("config", env={"GRAPHCHANNEL_NEO4J_URL": url}).output)
    with pytest.raises(EngineError) as caught:
        EngineChoice.named(url).connect()
    assert not shows(f"{caught.value!r} {EngineChoice.named(url)!r}")


def test_one_of_a_server_that_refuses_is_not_in_what_is_said(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with socket.socket() as taken:  # a port on which nobody listens
        taken.bind(("127.0.0.1", 0))
        url = f"neo4j://127.0.0.1:{taken.getsockname()[1]}"
        told = [
            desk.run("verify", url, "--password", CANARY).output,
            desk.run("verify", url, env={"NEO4J_PASSWORD": CANARY}).output,
            desk.run("config", env={"NEO4J_PASSWORD": CANARY}).output,
        ]
        monkeypatch.setattr(_neo4j, "_asked", lambda _: CANARY)
        told += [desk.run("publish", url).output]
        choice = EngineChoice(url, "neo4j", CANARY)
        with Channel.open(desk.folder / "channel.duckdb", engine=choice) as channel:
            told += [repr(channel), repr(choice)]
    assert "cannot be reached" in told[0]
    assert not any(map(shows, told))
    assert not shows(caplog.text)
    assert left_in(desk.folder) == []


def test_a_prompt_does_not_echo() -> None:
    @click.command()
    def asking() -> None:
        click.prompt("Password", hide_input=True, err=True)

    done = click.testing.CliRunner().invoke(asking, input=f"{CANARY}\n")
    assert not shows(done.output)


def test_addresses_without_one_stay_as_they_are() -> None:
    plain = ("neo4j+s://host.example:7687", "bolt://[::1]:7687", "http://host/browser/", "a@b.org")
    assert [without_password(address) for address in plain] == list(plain)
