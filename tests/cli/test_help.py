"""Help that can be read at a glance: groups, whole summaries, an example of each command."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.cli._help import GROUPS
from scripts.cli_reference import commands

COMMANDS = {" ".join(path): command for path, command in commands()}
TOP = main.list_commands(click.Context(main))


def test_every_command_is_in_a_group_of_help() -> None:
    found = {name: importlib.import_module(f"graphchannel.cli.{name}").GROUP for name in TOP}
    assert set(found.values()) == set(GROUPS)
    printed = CliRunner().invoke(main, ["--help"], terminal_width=80).stdout
    for name in TOP:
        assert len(re.findall(rf"^  {name} ", printed, re.MULTILINE)) == 1


@pytest.mark.parametrize(
    "path", [path for path, command in COMMANDS.items() if isinstance(command, click.Group)]
)
def test_no_summary_is_cut_or_wrapped(path: str) -> None:
    words = path.split()[1:]
    printed = CliRunner().invoke(main, [*words, "--help"], terminal_width=80).stdout
    group = COMMANDS[path]
    assert isinstance(group, click.Group)
    for name in group.list_commands(click.Context(group)):
        (line,) = re.findall(rf"^  {name} +(.*)$", printed, re.MULTILINE)
        assert re.fullmatch(r"[A-Z][^.]*\.", line), f"{path} {name}: {line}"


@pytest.mark.parametrize("path", [path for path in COMMANDS if path != "graphchannel"])
def test_every_command_has_an_example_that_parses(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(main, [*path.split()[1:], "--help"], terminal_width=200).stdout
    _, found, shown = printed.partition("  Example")
    assert found, f"{path} has no example"
    examples = [line.strip() for line in shown.splitlines()[1:] if line.strip()]
    assert examples
    for line in examples:
        assert (
            line.startswith(f"{path} ") or line == path or isinstance(COMMANDS[path], click.Group)
        )
        words = shlex.split(line)[1:]
        _make_files(words)
        _parse(words)


def _make_files(words: list[str]) -> None:
    """Make what an example names: folders end with a slash, files have a suffix."""
    for word in words:
        if word.endswith("/"):
            Path(word).mkdir(parents=True, exist_ok=True)
        elif re.fullmatch(r"[\w/-]+\.(csv|xlsx|sql|toml|json)", word):
            Path(word).parent.mkdir(parents=True, exist_ok=True)
            Path(word).touch()


def _parse(words: list[str]) -> None:
    """Read a command line as click does, without running the command."""
    command: click.Command = main
    context = command.make_context("graphchannel", list(words))
    while isinstance(command, click.Group) and (rest := [*context._protected_args, *context.args]):
        name, found, left = command.resolve_command(context, rest)
        assert found is not None
        command = found
        context = command.make_context(name, left, parent=context)
