"""Ctrl-C and SIGTERM end every command at once, wherever it is, and leave the workspace well."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from graphchannel.demo.generate import generate
from graphchannel.ingest import load
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace
from tests.forks import Forks, forks
from tests.sampling import sampled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIGINT, SIGTERM = 2, 15
COMMANDS = {
    "scan": ("scan", "--output", "found.json"),
    "load": ("load", "files"),
    "report": ("report", "report.html"),
    "trace": ("trace", "--from", "P00001"),
    "simulate": ("simulate", "--terminate", "P00001"),
}
MOMENTS = (0.4, 0.2, 0.1, 0.7, 1.2)  # seconds after the command was started
CASES = [
    (name, sent, moment) for moment in MOMENTS for sent in (SIGINT, SIGTERM) for name in COMMANDS
]
CASES.sort(key=lambda case: case != ("load", SIGTERM, MOMENTS[0]))


@pytest.fixture(scope="module")
def processes() -> Iterator[Forks]:
    with forks() as started:
        yield started


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("signals")
    generate(folder / "files", 300, 4000, 3)
    policy = load_policy(pack())
    with create_workspace(folder / "channel.duckdb", policy) as workspace:
        load(workspace, [folder / "files"], policy)
    return folder


@pytest.mark.parametrize("case", sampled(CASES, 2), ids=lambda case: " ".join(map(str, case)))
def test_a_signal_ends_a_command(
    made: Path, processes: Forks, tmp_path: Path, case: tuple[str, int, float]
) -> None:
    name, sent, moment = case
    folder = tmp_path / "copy"
    shutil.copytree(made, folder)
    ended = processes.run(folder, COMMANDS[name], seconds=moment, sent=sent)
    assert ended.seconds < 4, ended
    assert "Traceback" not in ended.stderr
    assert ended.code in (128 + sent, 0, 1), ended
    if moment == MOMENTS[0]:  # none of them is that quick
        assert ended.code == 128 + sent
    for file in ("found.json", "report.html"):
        assert ended.code in (0, 1) or not (folder / file).exists()
    assert processes.run(folder, ("status",)).code == 0
    assert list(folder.glob(".*.part")) == []
