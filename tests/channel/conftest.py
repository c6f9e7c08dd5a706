"""A small generated channel in files and in a workspace, made once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel import Channel
from graphchannel.demo.generate import generate

if TYPE_CHECKING:
    from pathlib import Path

PARTNERS, LINES = 350, 3000


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the files of a generated channel."""
    folder = tmp_path_factory.mktemp("channel") / "files"
    generate(folder, PARTNERS, LINES, 1, "csv")
    return folder


@pytest.fixture(scope="session")
def workspace(files: Path) -> Path:
    """Load the files into a workspace."""
    path = files.parent / "channel.duckdb"
    with Channel.open(path) as channel:
        assert channel.load(files).rejected == 0
    return path
